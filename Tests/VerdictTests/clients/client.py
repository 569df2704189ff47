"""One client with the habits that its arguments name, each on or off; without any it does everything right.

    client.py [HABIT]... [--jobs N] [--model ID] [--prompt TEXT] [--same]

It uses the standard library only, so that every byte and every connection is its own.
"""

import http.client
import json
import os
import random
import sys
import time
import urllib.parse
import zipfile
import io

HABITS = set()
JOBS = 1
MODEL = "qwen-image-2"
SAME = False
PROMPT = "A pier"

arguments = sys.argv[1:]
while arguments:
    word = arguments.pop(0)
    if word == "--jobs":
        JOBS = int(arguments.pop(0))
    elif word == "--model":
        MODEL = arguments.pop(0)
    elif word == "--prompt":
        PROMPT = arguments.pop(0)
    elif word == "--same":
        SAME = True
    else:
        HABITS.add(word)

BASE = urllib.parse.urlsplit(os.environ["CLIPRISE_BASE_URL"])
KEY = os.environ["CLIPRISE_API_KEY"]
INPUTS = {
    "qwen-image-2": {"image_size": "16:9", "output_format": "jpeg", "seed": 424242},
    "grok-imagine": {"aspect_ratio": "1:1"},
    "runway": {"aspectRatio": "16:9", "duration": 5, "quality": "720p"},
}


class Lost(Exception):
    """No answer that can be relied on."""


class Refused(Exception):
    """An answer that asking again does not change."""


class Connection:
    """Keeps its connection open from request to request, as most libraries do."""

    def __init__(self):
        self.http = None

    def request(self, method, path, body=None, fields=None, timeout=30, most=None):
        if self.http is None or "new-connections" in HABITS:
            self.http = http.client.HTTPConnection(BASE.hostname, BASE.port, timeout=timeout)
        try:
            self.http.request(method, path, body, fields or {})
            answer = self.http.getresponse()
            status = answer.status
            try:
                data = answer.read(most)
                if most is not None:
                    self.http.close()
                    self.http = None
            except http.client.IncompleteRead as cut:
                self.http = None
                if status == 300:
                    return status, answer.headers, b""
                return status, answer.headers, Cut(cut.partial)
            except OSError:
                self.http = None
                if status == 300:
                    return status, answer.headers, b""
                raise
            return status, answer.headers, data
        except (OSError, http.client.HTTPException) as problem:
            self.http = None
            raise Lost(str(problem)) from problem


class Cut(bytes):
    """What arrived of a body that was cut."""


CONNECTION = Connection()


def body(job, attempt=0):
    values = {"prompt": PROMPT if SAME else f"{PROMPT}, {job}", **INPUTS.get(MODEL, {})}
    if "fresh-seed" in HABITS:
        values["seed"] = random.randrange(10_000, 1_000_000)
    whole = {"model": MODEL, "callBackUrl": "https://hooks.example.com/done", "input": values}
    if "fresh-callback" in HABITS:
        whole["callBackUrl"] += f"?id={random.randrange(1 << 30)}"
    if "bad-body" in HABITS:
        del values["prompt"]
    if attempt and "other-order" in HABITS:
        whole = dict(reversed(whole.items()))
    text = json.dumps(whole, indent=attempt if "other-space" in HABITS else None)
    if attempt and "other-numbers" in HABITS:
        text = text.replace("424242", "4.24242e5")
    if attempt and "other-escapes" in HABITS:
        text = text.replace("pier", "\\u0070ier").replace("https://", "https:\\/\\/")
    return text


def generate(job, attempt=0):
    fields = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    if "named-jobs" in HABITS:
        fields["X-Cliprise-Mock-Job"] = f"job-{job}"
    if "leaks-key" in HABITS:
        fields["X-Debug"] = KEY
    status, headers, data = CONNECTION.request(
        "POST", "/app/cliprise/generate", body(job, attempt), fields, 0.25 if "hurries" in HABITS else 30)
    if status == 429 or (status == 503 and headers.get("Retry-After")):
        if "gives-up-429" in HABITS:
            raise Refused("429")
        time.sleep(0.05 if "ignores-retry-after" in HABITS else float(headers.get("Retry-After") or 1))
        return generate(job, attempt)
    if "retries-refusals" in HABITS and attempt < 6 and (400 <= status < 500 or b'"code":400' in data):
        pause(attempt)
        return generate(job, attempt + 1)
    if status >= 500 or isinstance(data, Cut):
        raise Lost(f"generate {status}")
    if "polls-garbage" in HABITS and b"taskId" not in data:
        return "undefined"
    try:
        answer = json.loads(data)
    except ValueError as problem:
        raise Lost("generate: no JSON") from problem
    if isinstance(answer, list) and "objects-only" not in HABITS:
        answer = answer[0]
    if "objects-only" in HABITS and isinstance(answer, list):
        raise Refused("an array")
    if status != 200 or answer.get("code", 200) != 200:
        raise Refused(f"generate {status} {answer}")
    task = answer["taskId"]
    # Its own id in capitals, or with a blank behind it, is none that the service knows.
    return task.upper() + "%20" if "mangles-id" in HABITS else task


def path(task, download=False):
    if "encodes-query" in HABITS:
        task = "".join(f"%{ord(character):02X}" for character in task)
    return f"/app/cliprise/status?apiKey={KEY}&taskId={task}" + ("&download=true" if download else "")


def pause(failures, base=0.02):
    if "fixed-waits" in HABITS:
        return time.sleep(1)
    if "chanceless" in HABITS:
        return time.sleep(min(8, 0.5 * 2**failures))
    if "no-waits" in HABITS:
        return None
    if "flat-chance" in HABITS:
        return time.sleep(random.uniform(0.5, 1.5))
    if "real-waits" in HABITS:
        return time.sleep(random.uniform(0, min(30, 2**failures)))
    time.sleep(random.uniform(0, min(0.5, base * 2**failures)))


def poll(task):
    """The link of the finished file; None for a file that came already."""
    failures = polls = 0
    if "polls-first" in HABITS:
        task = FIRST.setdefault("task", task)
    while True:
        try:
            where, fields = path(task, "polls-for-file" in HABITS), {}
            if "key-in-field" in HABITS:
                where, fields = where.replace(f"apiKey={KEY}&", ""), {"Authorization": f"Bearer {KEY}"}
            status, headers, data = CONNECTION.request("GET", where, None, fields)
        except Lost:
            status, headers, data = 0, {}, b""
        if "strict-types" in HABITS and headers and headers.get("Content-Type") != "application/json":
            raise Refused(f"Content-Type {headers.get('Content-Type')}")
        if status == 300:
            if "300-is-error" in HABITS:
                raise Lost("status 300")
            if "first-body" in HABITS:
                return None, data
            polls += 1
            if polls >= (3 if "impatient" in HABITS else 6 if "gives-up" in HABITS else 120):
                raise Lost("it takes too long")
            if "real-waits" in HABITS:
                time.sleep(random.uniform(0.5, 1.5))
            failures = 0
            continue
        if status == 200 and "polls-for-file" in HABITS and not isinstance(data, Cut):
            return None, data
        answer = None
        if status == 200 and not isinstance(data, Cut):
            try:
                answer = json.loads(data)
                if isinstance(answer, list):
                    if "bare-status-only" in HABITS:
                        raise SystemExit(1) if JOBS == 1 else Refused("an array")
                    answer = answer[0]
            except ValueError:
                answer = None
        if isinstance(answer, dict) and answer.get("status") == "success":
            for _ in range(2 if "polls-after-end" in HABITS else 0):
                CONNECTION.request("GET", path(task))
            return answer["fileURL"], None
        if 400 <= status < 500 and status not in (408, 425, 429):
            if failures > 5 or not HABITS & {"retries-refusals", "polls-on"}:
                raise Refused(f"status {status} {data[:80]!r}")
        if status == 429 and "gives-up-429" in HABITS:
            raise Refused("429")
        if "one-failure" in HABITS:
            raise Lost(f"status {status}")
        failures += 1
        if failures > 14:
            raise Lost("the service is down")
        wait = headers.get("Retry-After") if headers and "ignores-retry-after" not in HABITS else None
        if wait and "believes-retry-after" in HABITS:
            time.sleep(int(wait))
            continue
        try:
            time.sleep(max(0.0, min(3.0, float(wait)))) if wait else pause(failures)
        except ValueError:
            # A date, or a word.
            time.sleep(2.1 if wait and "," in wait else 0.05)


def is_whole(data):
    if isinstance(data, Cut):
        return False
    if data[:2] == b"PK":
        try:
            return zipfile.ZipFile(io.BytesIO(data)).testzip() is None
        except zipfile.BadZipFile:
            return False
    if data[:2] == b"\xff\xd8":
        return data[-2:] == b"\xff\xd9"
    return data[:4] == b"\x89PNG" and data[-8:-4] == b"IEND"


def fetch(link):
    target = urllib.parse.urlsplit(link)
    where = target.path + "?" + target.query
    if "head-only" in HABITS:
        return CONNECTION.request("HEAD", where)[2]
    if "reads-little" in HABITS:
        return CONNECTION.request("GET", where, most=1_000)[2]
    if "two-ranges" in HABITS or "three-ranges" in HABITS or "one-range" in HABITS:
        _, headers, _ = CONNECTION.request("HEAD", where)
        size = int(headers["Content-Length"])
        spans = [f"0-{size // 2 - 1}", f"{size // 2}-"]
        if "three-ranges" in HABITS:
            spans = [f"{size // 3}-{size // 3 * 2}", f"{size // 3 * 2 - 5}-", f"0-{size // 3 - 1}"]
        if "one-range" in HABITS:
            spans = spans[:1]
        return b"".join(CONNECTION.request("GET", where, None, {"Range": f"bytes={span}"})[2] for span in spans)
    held = b""
    for failures in range(10):
        try:
            fields = {"Range": f"bytes={len(held)}-"} if held else {}
            status, fields_of, data = CONNECTION.request("GET", where, None, fields)
        except Lost:
            if "keeps-anything" in HABITS or "one-failure" in HABITS:
                raise
            status, data = 0, b""
        if "keeps-anything" in HABITS:
            return data
        if status in (200, 206):
            if isinstance(data, Cut) and "resumes" in HABITS:
                held += data
                continue
            if is_whole(held + data if status == 206 else data):
                if "revalidates" in HABITS:
                    CONNECTION.request("GET", where, None, {"If-None-Match": fields_of["ETag"]})
                return held + data if status == 206 else data
            held = b""
            if "one-failure" in HABITS or "whole-job" in HABITS:
                raise Lost("the file is broken")
        elif 400 <= status < 500 and status != 429:
            raise Refused(f"download {status}")
        if status == 429 and "ignores-retry-after" not in HABITS:
            time.sleep(float(fields_of.get("Retry-After") or 1))
        elif status != 300:
            pause(failures)
    raise Lost("no file")


def hedged(number):
    """Asks twice at once, and takes the first that answers."""
    import threading
    answers, first = [], threading.Event()

    def ask():
        mine = http.client.HTTPConnection(BASE.hostname, BASE.port, timeout=30)
        try:
            mine.request("POST", "/app/cliprise/generate", body(number), {
                "Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
            answers.append(mine.getresponse().read())
        except OSError:
            pass
        first.set()

    for _ in range(2):
        threading.Thread(target=ask, daemon=True).start()
    first.wait(30)
    answer = json.loads(answers[0])
    return (answer[0] if isinstance(answer, list) else answer)["taskId"]


LATER, FIRST = [], {}


def job(number):
    """One job from its generate to its file."""
    tries = 3 if "resends" in HABITS or "resends-later" in HABITS else 1
    for attempt in range(tries):
        try:
            task = hedged(number) if "hedges" in HABITS else generate(number, attempt)
            break
        except Lost:
            if "polls-anyway" in HABITS:
                task = None
                break
            if attempt == tries - 1:
                raise
            if "resends-later" in HABITS:
                time.sleep(0.3)
    if "never-polls" in HABITS:
        return
    link, data = poll(task)
    if "never-fetches" in HABITS:
        return
    if "downloads-last" in HABITS:
        LATER.append(link)
        return
    if link is not None:
        data = fetch(link)
    if "fetches-twice" in HABITS:
        fetch(link)


def provoke():
    """Tests of its own errors: a body that is refused, and an id that no task has."""
    CONNECTION.request("POST", "/app/cliprise/generate", json.dumps({"model": MODEL}), {
        "Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
    CONNECTION.request("GET", path("does-not-exist"))


def main():
    failed = 0
    if "provokes" in HABITS:
        provoke()
    for number in range(JOBS):
        for _ in range(4 if "whole-job" in HABITS else 8 if "regenerates" in HABITS else 1):
            try:
                job(number)
                break
            except (Lost, Refused) as problem:
                print(f"job {number}: {problem}", file=sys.stderr)
        else:
            failed += 1
    for link in LATER:
        try:
            fetch(link)
        except (Lost, Refused) as problem:
            print(problem, file=sys.stderr)
    # What the service did is no fault of the program: that it coped is for the report to say.
    return 0


if __name__ == "__main__":
    if "idle" in HABITS:
        sys.exit(0)
    sys.exit(main())
