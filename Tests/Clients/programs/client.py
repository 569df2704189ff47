"""One job after another by a Python library: client.py LIBRARY

The code around the library is what a tutorial shows: it generates, polls each PAUSE seconds until the answer is no 300, and
fetches the file. Whatever the library raises ends the job, and the next one begins. CLIENT_KEYS and CLIENT_JOBS say for
which accounts and how many jobs.
"""

import asyncio
import json
import os
import random
import sys
import time

BASE, PAUSE = os.environ["CLIPRISE_BASE_URL"], float(os.environ["PAUSE"])
GENERATE, STATUS = BASE + "/app/cliprise/generate", BASE + "/app/cliprise/status"
KEYS, JOBS = os.environ["CLIENT_KEYS"].split(), int(os.environ["CLIENT_JOBS"])
random.seed(int(os.environ["CLIPRISE_MOCK_SEED"]))


class Failed(Exception):
    pass


def body(job):
    return json.dumps({
        "model": "qwen-image-2", "callBackUrl": "https://hooks.example.com/done",
        "input": {"prompt": f"Job {job} of {JOBS}", "image_size": "16:9", "output_format": "jpeg", "seed": 424242},
    })


def fields(key):
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}


def first(text):
    answer = json.loads(text)
    return answer[0] if isinstance(answer, list) else answer


def checked(status, content):
    if status >= 400:
        raise Failed(f"HTTP {status}")
    return status, content


def job(call, key, number):
    """`call(method, url, headers, body)` returns (status, bytes), or raises."""
    task = first(call("POST", GENERATE, fields(key), body(number))[1])["taskId"]
    for _ in range(60):
        time.sleep(PAUSE)
        status, content = call("GET", f"{STATUS}?apiKey={key}&taskId={task}", {}, None)
        if status != 300:
            call("GET", first(content)["fileURL"], {}, None)
            return
    raise Failed("it takes too long")


def with_requests(retry=None):
    import requests

    session = requests.Session()
    if retry:
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))

    def call(method, url, headers, data):
        answer = session.request(method, url, headers=headers, data=data)
        return checked(answer.status_code, answer.content)

    return call


def with_urllib3():
    import urllib3

    pool = urllib3.PoolManager()

    def call(method, url, headers, data):
        answer = pool.request(method, url, headers=headers, body=data)
        return checked(answer.status, answer.data)

    return call


def with_urllib():
    import urllib.error
    import urllib.request

    def call(method, url, headers, data):
        asked = urllib.request.Request(url, data and data.encode(), headers, method=method)
        try:
            with urllib.request.urlopen(asked) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as problem:
            return checked(problem.code, b"")

    return call


def with_httpx(transport=None):
    import httpx

    client = httpx.Client(transport=transport)

    def call(method, url, headers, data):
        answer = client.request(method, url, headers=headers, content=data)
        return checked(answer.status_code, answer.content)

    return call


def stamina(call):
    import httpx
    import stamina as library

    return library.retry(on=(Failed, httpx.HTTPError))(call)


def backoff(call):
    import backoff as library
    import requests

    return library.on_exception(library.expo, (Failed, requests.RequestException), max_tries=5)(call)


def tenacity(call):
    from tenacity import retry, stop_after_attempt, wait_exponential

    return retry(wait=wait_exponential(multiplier=1, min=4, max=10), stop=stop_after_attempt(5))(call)


def retrying(call):
    from retrying import retry

    return retry(stop_max_attempt_number=3, wait_fixed=2000)(call)


def whole_job():
    from tenacity import retry, stop_after_attempt, wait_fixed

    again = retry(wait=wait_fixed(5), stop=stop_after_attempt(3))
    return again(lambda key, number: job(CALL, key, number))


def urllib3_retry(**settings):
    from urllib3.util.retry import Retry

    return Retry(total=5, backoff_factor=1, status_forcelist=[429, 500, 502, 503, 504], **settings)


def httpx_retries():
    from httpx_retries import RetryTransport

    return RetryTransport()


def httpx_transport():
    import httpx

    return httpx.HTTPTransport(retries=3)


def aiohttp_jobs(client):
    """The same with coroutines; `client(session)` is what asks."""
    import aiohttp

    async def call(ask, method, url, headers, data):
        async with ask.request(method, url, headers=headers, data=data) as answer:
            return checked(answer.status, await answer.read())

    async def one(ask, key, number):
        task = first((await call(ask, "POST", GENERATE, fields(key), body(number)))[1])["taskId"]
        for _ in range(60):
            await asyncio.sleep(PAUSE)
            status, content = await call(ask, "GET", f"{STATUS}?apiKey={key}&taskId={task}", {}, None)
            if status != 300:
                await call(ask, "GET", first(content)["fileURL"], {}, None)
                return

    async def all_jobs():
        async with aiohttp.ClientSession() as session:
            ask = client(session)
            for key in KEYS:
                for number in range(1, JOBS + 1):
                    try:
                        await one(ask, key, number)
                    except Exception as problem:
                        note(key, number, problem)

    asyncio.run(all_jobs())


def aiohttp_retry(session):
    from aiohttp_retry import RetryClient

    return RetryClient(client_session=session)


def note(key, number, problem):
    print(f"{key} {number}: {type(problem).__name__}: {problem}", file=sys.stderr)


CALLS = {
    "requests": with_requests,
    "requests-retry": lambda: with_requests(urllib3_retry()),
    "requests-retry-post": lambda: with_requests(urllib3_retry(allowed_methods=None)),
    "urllib3": with_urllib3,
    "urllib": with_urllib,
    "httpx": with_httpx,
    "httpx-transport": lambda: with_httpx(httpx_transport()),
    "httpx-retries": lambda: with_httpx(httpx_retries()),
    "stamina": lambda: stamina(with_httpx()),
    "backoff": lambda: backoff(with_requests()),
    "tenacity": lambda: tenacity(with_requests()),
    "tenacity-job": with_requests,
    "retrying": lambda: retrying(with_requests()),
}

name = sys.argv[1]
if name == "aiohttp":
    aiohttp_jobs(lambda session: session)
elif name == "aiohttp-retry":
    aiohttp_jobs(aiohttp_retry)
else:
    CALL = CALLS[name]()
    one = whole_job() if name == "tenacity-job" else lambda key, number: job(CALL, key, number)
    for key in KEYS:
        for number in range(1, JOBS + 1):
            try:
                one(key, number)
            except Exception as problem:
                note(key, number, problem)
