"""Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write."""
import json
import os
import sys
import time

import httpx

base = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise"
key = os.environ["CLIPRISE_API_KEY"]

with httpx.Client(headers={"Host": "business.api.cliprise.app"}) as client:
    reply = client.post(
        f"{base}/generate",
        headers={"Authorization": f"Bearer {key}"},
        json={
            "model": "qwen-image-2",
            "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
            "input": {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg", "seed": 424242},
        },
    )
    reply.raise_for_status()
    task = reply.json()[0]["taskId"]

    polls = 0
    while True:
        reply = client.get(f"{base}/status", params={"apiKey": key, "taskId": task})
        # raise_for_status would raise for 300, as for all but 2xx: look at the number first.
        if reply.status_code != 300:
            break
        assert not reply.has_redirect_location and reply.json() == {"status": "processing"}, reply.text
        polls += 1
        time.sleep(0.02)
    reply.raise_for_status()

# The file's address names the server itself, so without the client and its Host.
reply = httpx.get(reply.json()["fileURL"]).raise_for_status()
with open(sys.argv[1], "wb") as file:
    file.write(reply.content)
print(json.dumps({"polls": polls, "type": reply.headers["Content-Type"]}))
