"""Polls every PAUSE seconds until the task has ended; prints the number of polls."""
import os
import time

import requests

base, key = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise", os.environ["CLIPRISE_API_KEY"]
headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
with requests.Session() as session:
    reply = session.post(f"{base}/generate", headers=headers, data=os.environ["BODY"], timeout=30)
    reply.raise_for_status()
    task, polls = reply.json()[0]["taskId"], 0
    while session.get(f"{base}/status", params={"apiKey": key, "taskId": task}, timeout=30).status_code == 300:
        polls += 1
        time.sleep(float(os.environ["PAUSE"]))
    print(polls)
