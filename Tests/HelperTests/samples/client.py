"""A client of one job: it polls through trouble, and buys again after a lost answer when it is told to."""
import json
import urllib.error
import urllib.request

BODY = {"model": "z-image", "callBackUrl": "https://hooks.example.com/done",
        "input": {"prompt": "A pier", "aspect_ratio": "1:1"}}


class Plain(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):
        return response


def send(url, key=None, body=None):
    headers = {"Content-Type": "application/json"} if body else {}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url, data=json.dumps(body).encode() if body else None, headers=headers)
    with urllib.request.build_opener(Plain, urllib.request.ProxyHandler({})).open(request, timeout=20) as reply:
        return reply.status, reply.read()


def first(read):
    value = json.loads(read)
    return value[0] if isinstance(value, list) else value


def make(base, key, resends):
    try:
        status, read = send(base + "/app/cliprise/generate", key, BODY)
    except Exception:
        if not resends:
            return None
        status, read = send(base + "/app/cliprise/generate", key, BODY)
    task = first(read)["taskId"]
    url = f"{base}/app/cliprise/status?apiKey={key}&taskId={task}"
    for _ in range(60):
        status, read = send(url)
        if status == 200:
            return send(first(read)["fileURL"])[1]
    raise RuntimeError("it never ended")
