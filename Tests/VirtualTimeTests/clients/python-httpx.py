"""Polls every PAUSE seconds until the task has ended, in a thread; prints the number of polls."""
import os
import threading

import httpx

base, key = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise", os.environ["CLIPRISE_API_KEY"]
stop = threading.Event()


def work():
    with httpx.Client(timeout=30) as client:
        reply = client.post(
            f"{base}/generate", content=os.environ["BODY"],
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        reply.raise_for_status()
        task, polls = reply.json()[0]["taskId"], 0
        while client.get(f"{base}/status", params={"apiKey": key, "taskId": task}).status_code == 300:
            polls += 1
            stop.wait(float(os.environ["PAUSE"]))
        print(polls)


thread = threading.Thread(target=work)
thread.start()
thread.join()
