"""Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write."""
import json
import os
import sys
import time

import requests

base = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise"
key = os.environ["CLIPRISE_API_KEY"]

with requests.Session() as session:
    session.headers["Host"] = "business.api.cliprise.app"
    reply = session.post(
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
        reply = session.get(f"{base}/status", params={"apiKey": key, "taskId": task})
        # 300 without a Location is no redirect, raise_for_status lets it pass and `reply.ok` is true: ask for 200.
        reply.raise_for_status()
        if reply.status_code == 200:
            break
        assert reply.status_code == 300 and reply.ok and reply.json() == {"status": "processing"}, reply.text
        polls += 1
        time.sleep(0.02)

# The file's address names the server itself, so without the session and its Host.
reply = requests.get(reply.json()["fileURL"])
reply.raise_for_status()
with open(sys.argv[1], "wb") as file:
    file.write(reply.content)
print(json.dumps({"polls": polls, "type": reply.headers["Content-Type"]}))
