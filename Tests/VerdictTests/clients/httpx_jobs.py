"""Jobs with httpx. httpx_jobs.py [JOBS] [raises-for-status] [retries-job] [retries-generate] [no-close]"""

import os
import random
import sys
import time

try:
    import httpx
except ImportError:
    sys.exit("httpx is not installed")

HABITS = set(sys.argv[1:])
JOBS = next((int(word) for word in sys.argv[1:] if word.isdigit()), 1)
BASE, KEY = os.environ["CLIPRISE_BASE_URL"], os.environ["CLIPRISE_API_KEY"]
# Retries of the transport are for connections that were never made.
client = httpx.Client(transport=httpx.HTTPTransport(retries=3), timeout=30)


def first(answer):
    value = answer.json()
    return value[0] if isinstance(value, list) else value


def generate(number):
    body = {"model": "qwen-image-2", "callBackUrl": "https://hooks.example.com/done",
            "input": {"prompt": f"A pier, {number}", "image_size": "16:9", "output_format": "jpeg", "seed": 424242}}
    answer = client.post(f"{BASE}/app/cliprise/generate", json=body, headers={"Authorization": f"Bearer {KEY}"})
    answer.raise_for_status()
    return first(answer)["taskId"]


def poll(task):
    for failures in range(60):
        try:
            answer = client.get(f"{BASE}/app/cliprise/status", params={"apiKey": KEY, "taskId": task})
            if "raises-for-status" in HABITS or "retries-job" in HABITS and answer.status_code != 300:
                # Raises for all but 2xx, and 300 is none.
                answer.raise_for_status()
            if answer.status_code == 300:
                continue
            if 400 <= answer.status_code < 500:
                return None
            if answer.status_code == 200 and first(answer).get("status") == "success":
                return first(answer)["fileURL"]
        except (httpx.HTTPError, ValueError):
            if HABITS & {"raises-for-status", "retries-job"}:
                raise
        time.sleep(random.uniform(0, min(0.5, 0.02 * 2**min(failures, 5))))
    return None


def download(link):
    for failures in range(8):
        try:
            if client.get(link).content[-2:] == b"\xff\xd9":
                return
        except httpx.HTTPError:
            pass
        time.sleep(random.uniform(0, 0.02 * 2**failures))


def job(number):
    for attempt in range(3 if "retries-generate" in HABITS else 1):
        try:
            task = generate(number)
            break
        except httpx.HTTPError:
            if attempt == 2 or "retries-generate" not in HABITS:
                raise
    link = poll(task)
    if link:
        download(link)


for number in range(JOBS):
    # What tenacity's @retry around the function of a job comes to.
    for attempt in range(4 if "retries-job" in HABITS else 1):
        try:
            job(number)
            break
        except (httpx.HTTPError, ValueError, KeyError) as problem:
            print(type(problem).__name__, file=sys.stderr)
            time.sleep(0.05 * attempt)
