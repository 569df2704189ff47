// Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const order = `{"model": "qwen-image-2", "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
  "input": {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg", "seed": 424242}}`

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func ask(request *http.Request) (*http.Response, []byte) {
	reply, err := http.DefaultClient.Do(request)
	must(err)
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	must(err)
	return reply, body
}

func main() {
	base, key := os.Getenv("CLIPRISE_BASE_URL")+"/app/cliprise", os.Getenv("CLIPRISE_API_KEY")
	request, err := http.NewRequest("POST", base+"/generate", strings.NewReader(order))
	must(err)
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	_, body := ask(request)
	var accepted []struct{ TaskID string }
	must(json.Unmarshal(body, &accepted))

	query := url.Values{"apiKey": {key}, "taskId": {accepted[0].TaskID}}.Encode()
	polls, status := 0, struct{ FileURL string }{}
	for {
		request, err = http.NewRequest("GET", base+"/status?"+query, nil)
		must(err)
		reply, body := ask(request)
		if reply.StatusCode == 200 {
			must(json.Unmarshal(body, &status))
			break
		}
		if reply.StatusCode != 300 {
			must(fmt.Errorf("status: %d %s", reply.StatusCode, body))
		}
		polls++
		time.Sleep(20 * time.Millisecond)
	}

	request, err = http.NewRequest("GET", status.FileURL, nil)
	must(err)
	reply, body := ask(request)
	must(os.WriteFile(os.Args[1], body, 0o600))
	fmt.Printf("{\"polls\":%d,\"type\":%q}\n", polls, reply.Header.Get("Content-Type"))
}
