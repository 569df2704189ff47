package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

const body = `{"model":"z-image","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"A pier","aspect_ratio":"1:1"}}`

func generate(base, key string) (*http.Response, error) {
	// A body that cannot be read again, so that the library does not resend by itself.
	request, _ := http.NewRequest("POST", base+"/app/cliprise/generate", io.NopCloser(bytes.NewReader([]byte(body))))
	request.ContentLength = int64(len(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	return http.DefaultClient.Do(request)
}

func first(reply *http.Response) map[string]any {
	defer reply.Body.Close()
	read, _ := io.ReadAll(reply.Body)
	var list []map[string]any
	if json.Unmarshal(read, &list) == nil {
		return list[0]
	}
	var one map[string]any
	json.Unmarshal(read, &one)
	return one
}

func makePicture(base, key string, resends bool) error {
	reply, err := generate(base, key)
	if err != nil && resends {
		reply, err = generate(base, key)
	}
	if err != nil {
		return err
	}
	task := first(reply)["taskId"].(string)
	for poll := 0; poll < 60; poll++ {
		status, err := http.Get(base + "/app/cliprise/status?apiKey=" + key + "&taskId=" + task)
		if err != nil {
			return err
		}
		if status.StatusCode == 200 {
			file, err := http.Get(first(status)["fileURL"].(string))
			if err != nil {
				return err
			}
			defer file.Body.Close()
			_, err = io.ReadAll(file.Body)
			return err
		}
		io.Copy(io.Discard, status.Body)
		status.Body.Close()
	}
	return errors.New("it never ended")
}

func TestGood(t *testing.T) {
	mock := NewClipriseMock(t, "flaky-polling")
	if err := makePicture(mock.BaseURL, mock.Key, false); err != nil {
		t.Fatal(err)
	}
}

func TestFrozenClock(t *testing.T) {
	t.Run("a name beyond what the server takes "+strings.Repeat("ü", 120), frozenClock)
}

func frozenClock(t *testing.T) {
	mock := NewClipriseMock(t, "")
	mock.Freeze()
	reply, err := generate(mock.BaseURL, mock.Key)
	if err != nil {
		t.Fatal(err)
	}
	status := mock.BaseURL + "/app/cliprise/status?apiKey=" + mock.Key + "&taskId=" + first(reply)["taskId"].(string)
	poll := func() *http.Response {
		reply, err := http.Get(status)
		if err != nil {
			t.Fatal(err)
		}
		return reply
	}
	// Frozen, the work never ends; twenty minutes later it has.
	for count := 0; count < 3; count++ {
		if reply := poll(); reply.StatusCode != 300 {
			t.Fatalf("poll %d of a frozen clock: %s", count, reply.Status)
		}
	}
	mock.Advance("20m")
	ended := poll()
	if ended.StatusCode != 200 {
		t.Fatalf("after twenty minutes: %s", ended.Status)
	}
	file, err := http.Get(first(ended)["fileURL"].(string))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Body.Close()
	io.Copy(io.Discard, file.Body)
	mock.Scenario("lost-reply")
}

func TestBad(t *testing.T) {
	if os.Getenv("WITH_BAD") == "" {
		t.SkipNow()
	}
	mock := NewClipriseMock(t, "lost-reply")
	if err := makePicture(mock.BaseURL, mock.Key, true); err != nil {
		t.Fatal(err)
	}
}
