// One job after another by a Go library: client net-http|retryablehttp
// The code around it is what a tutorial shows; an error ends the job. A Go program makes its system calls itself, so that its
// waits pass in real time: the accounts take their turns side by side.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

var base = os.Getenv("CLIPRISE_BASE_URL")
var jobs, _ = strconv.Atoi(os.Getenv("CLIENT_JOBS"))
var seconds, _ = strconv.ParseFloat(os.Getenv("PAUSE"), 64)

type asks func(method, url, key, body string) (int, []byte, error)

func read(answer *http.Response, err error) (int, []byte, error) {
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 400 {
		err = fmt.Errorf("HTTP %d", answer.StatusCode)
	}
	return answer.StatusCode, content, err
}

func set(fields http.Header, key string) {
	if key != "" {
		fields.Set("Authorization", "Bearer "+key)
		fields.Set("Content-Type", "application/json")
	}
}

func plain() asks {
	client := &http.Client{Transport: &http.Transport{}}
	return func(method, url, key, body string) (int, []byte, error) {
		request, err := http.NewRequest(method, url, strings.NewReader(body))
		if err != nil {
			return 0, nil, err
		}
		set(request.Header, key)
		return read(client.Do(request))
	}
}

func retrying() asks {
	client := retryablehttp.NewClient()
	client.Logger = nil
	return func(method, url, key, body string) (int, []byte, error) {
		var content interface{}
		if body != "" {
			content = []byte(body)
		}
		request, err := retryablehttp.NewRequest(method, url, content)
		if err != nil {
			return 0, nil, err
		}
		set(request.Header, key)
		return read(client.Do(request))
	}
}

type reply struct{ TaskID, FileURL string }

func first(content []byte) (reply, error) {
	var one reply
	if bytes.HasPrefix(bytes.TrimSpace(content), []byte("[")) {
		var many []reply
		err := json.Unmarshal(content, &many)
		if err == nil && len(many) > 0 {
			one = many[0]
		}
		return one, err
	}
	err := json.Unmarshal(content, &one)
	return one, err
}

func job(ask asks, key string, number int) error {
	body := fmt.Sprintf(`{"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":`+
		`"Job %d of %d","image_size":"16:9","output_format":"jpeg","seed":424242}}`, number, jobs)
	_, content, err := ask("POST", base+"/app/cliprise/generate", key, body)
	if err != nil {
		return err
	}
	made, err := first(content)
	if err != nil {
		return err
	}
	for poll := 0; poll < 60; poll++ {
		time.Sleep(time.Duration(seconds * float64(time.Second)))
		status, content, err := ask("GET", base+"/app/cliprise/status?apiKey="+key+"&taskId="+made.TaskID, "", "")
		if err != nil {
			return err
		}
		if status != 300 {
			done, err := first(content)
			if err == nil {
				_, _, err = ask("GET", done.FileURL, "", "")
			}
			return err
		}
	}
	return fmt.Errorf("it takes too long")
}

func main() {
	var all sync.WaitGroup
	for _, key := range strings.Fields(os.Getenv("CLIENT_KEYS")) {
		ask := plain()
		if os.Args[1] == "retryablehttp" {
			ask = retrying()
		}
		all.Add(1)
		go func(key string) {
			defer all.Done()
			for number := 1; number <= jobs; number++ {
				if err := job(ask, key, number); err != nil {
					fmt.Fprintf(os.Stderr, "%s %d: %v\n", key, number, err)
				}
			}
		}(key)
	}
	all.Wait()
}
