"""Polls every PAUSE seconds until the task has ended, whatever fails; prints the number of polls."""
import json
import os
import time
import urllib.error
import urllib.request

base, key = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise", os.environ["CLIPRISE_API_KEY"]
headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
request = urllib.request.Request(f"{base}/generate", os.environ["BODY"].encode(), headers)
with urllib.request.urlopen(request, timeout=30) as reply:
    task, polls = json.load(reply)[0]["taskId"], 0
while True:
    try:
        urllib.request.urlopen(f"{base}/status?apiKey={key}&taskId={task}", timeout=30).close()
        break
    except urllib.error.HTTPError:
        polls += 1
        time.sleep(float(os.environ["PAUSE"]))
print(polls)
