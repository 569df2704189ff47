"""Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write."""
import json
import os
import sys
import time
import urllib.parse
import urllib.request

HOST = {"Host": "business.api.cliprise.app"}
base = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise"
key = os.environ["CLIPRISE_API_KEY"]


class Let300Pass(urllib.request.HTTPErrorProcessor):
    """urllib raises HTTPError for every status but 2xx, so also for 300."""

    def http_response(self, request, response):
        return response if response.status == 300 else super().http_response(request, response)

    https_response = http_response


opener = urllib.request.build_opener(Let300Pass)

body = {
    "model": "qwen-image-2",
    "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
    "input": {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg", "seed": 424242},
}
headers = HOST | {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
with opener.open(urllib.request.Request(f"{base}/generate", json.dumps(body).encode(), headers)) as reply:
    task = json.load(reply)[0]["taskId"]

query = urllib.parse.urlencode({"apiKey": key, "taskId": task})
polls = 0
while True:
    with opener.open(urllib.request.Request(f"{base}/status?{query}", headers=HOST)) as reply:
        status = json.load(reply)
        if reply.status == 200:
            break
        assert reply.status == 300 and status == {"status": "processing"}, status
    polls += 1
    time.sleep(0.02)

with opener.open(status["fileURL"]) as reply, open(sys.argv[1], "wb") as file:
    file.write(reply.read())
    print(json.dumps({"polls": polls, "type": reply.headers["Content-Type"]}))
