// Jobs with Go's net/http: net_http.go [JOBS] [ok-only] [idempotency-key] [give-up] [keeps-anything]
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"time"
)

var base, key = os.Getenv("CLIPRISE_BASE_URL"), os.Getenv("CLIPRISE_API_KEY")
var habits = map[string]bool{}

type record struct{ TaskID, Status, FileURL string }

func first(content []byte) (record, error) {
	var one record
	if !bytes.HasPrefix(bytes.TrimSpace(content), []byte("[")) {
		return one, json.Unmarshal(content, &one)
	}
	var many []record
	err := json.Unmarshal(content, &many)
	if err == nil && len(many) > 0 {
		one = many[0]
	}
	return one, err
}

func read(answer *http.Response, err error) (int, []byte, error) {
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	return answer.StatusCode, content, err
}

func pause(failures int) {
	if failures > 4 {
		failures = 4
	}
	time.Sleep(time.Duration(rand.Float64() * float64(int(20)<<failures) * float64(time.Millisecond)))
}

func generate(number int) (string, error) {
	body := fmt.Sprintf(`{"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":`+
		`"A pier, %d","image_size":"16:9","output_format":"jpeg","seed":424242}}`, number)
	request, err := http.NewRequest("POST", base+"/app/cliprise/generate", bytes.NewReader([]byte(body)))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	if habits["idempotency-key"] {
		// The service does not know it; net/http takes it for leave to send a POST again by itself.
		request.Header.Set("Idempotency-Key", strconv.Itoa(number))
	}
	status, content, err := read(http.DefaultClient.Do(request))
	if err != nil || status != 200 {
		return "", fmt.Errorf("generate: status %d, %v", status, err)
	}
	made, err := first(content)
	return made.TaskID, err
}

func poll(task string) string {
	for failures := 0; failures < 12; {
		status, content, err := read(http.Get(base + "/app/cliprise/status?apiKey=" + key + "&taskId=" + task))
		if habits["ok-only"] && status != 200 || habits["give-up"] && status != 300 && (err != nil || status != 200) {
			return ""
		}
		if status == 300 {
			failures = 0
			continue
		}
		if status >= 400 && status < 500 && status != 429 {
			return ""
		}
		if done, wrong := first(content); err == nil && wrong == nil && done.Status == "success" {
			return done.FileURL
		}
		pause(failures)
		failures++
	}
	return ""
}

func download(link string) {
	for failures := 0; failures < 8; failures++ {
		status, content, err := read(http.Get(link))
		if habits["keeps-anything"] || err == nil && status == 200 && bytes.HasSuffix(content, []byte{0xff, 0xd9}) {
			return
		}
		pause(failures)
	}
}

func main() {
	jobs := 1
	for _, word := range os.Args[1:] {
		if number, err := strconv.Atoi(word); err == nil {
			jobs = number
		}
		habits[word] = true
	}
	for number := 1; number <= jobs; number++ {
		task, err := generate(number)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		if link := poll(task); link != "" {
			download(link)
		}
	}
}
