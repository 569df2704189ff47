"""One job with requests and urllib3's Retry. retry_adapter.py [all-methods] [raises-for-300]"""

import os
import random
import sys
import time

try:
    import requests
    from urllib3.util.retry import Retry
except ImportError:
    sys.exit("requests is not installed")

HABITS = set(sys.argv[1:])
BASE, KEY = os.environ["CLIPRISE_BASE_URL"], os.environ["CLIPRISE_API_KEY"]
BODY = {"model": "qwen-image-2", "callBackUrl": "https://hooks.example.com/done",
        "input": {"prompt": "A pier", "image_size": "16:9", "output_format": "jpeg", "seed": 424242}}

# None stands for all methods, POST too: what was charged is asked for once more.
methods = {"allowed_methods": None} if "all-methods" in HABITS else {}
session = requests.Session()
retry = Retry(total=4, backoff_factor=0.05, backoff_jitter=0.05, status_forcelist=[502, 503, 504], **methods)
session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))


def first(answer):
    value = answer.json()
    return value[0] if isinstance(value, list) else value


def main():
    answer = session.post(f"{BASE}/app/cliprise/generate", json=BODY, headers={"Authorization": f"Bearer {KEY}"})
    if answer.status_code != 200:
        return
    task = first(answer).get("taskId")
    if not task:
        return
    for failures in range(60):
        try:
            answer = session.get(f"{BASE}/app/cliprise/status", params={"apiKey": KEY, "taskId": task},
                                 allow_redirects=False)
            if "raises-for-300" in HABITS and answer.status_code != 200:
                raise SystemExit(f"status {answer.status_code}")
            if answer.status_code == 300:
                continue
            if 400 <= answer.status_code < 500:
                return
            if answer.status_code == 200 and first(answer).get("status") == "success":
                break
        except (requests.RequestException, ValueError):
            pass
        time.sleep(random.uniform(0, min(0.5, 0.02 * 2**min(failures, 5))))
    else:
        return
    url = first(answer)["fileURL"]
    for failures in range(8):
        try:
            data = session.get(url).content
            if data[-2:] == b"\xff\xd9":
                return
        except requests.RequestException:
            pass
        time.sleep(random.uniform(0, 0.02 * 2**failures))


try:
    main()
except requests.RequestException as problem:
    print(type(problem).__name__, file=sys.stderr)
except SystemExit as problem:
    print(problem, file=sys.stderr)
