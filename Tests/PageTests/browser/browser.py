"""A headless Chromium, driven over the DevTools protocol through a pair of pipes. Standard library only.

With --remote-debugging-pipe Chromium reads commands from descriptor 3 and writes answers and events to descriptor 4,
each a JSON text that ends with a zero byte.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

# Seconds: the one bound of all waits, far beyond what any of them takes.
LIMIT = 20.0


class BrowserError(Exception):
    pass


class Browser:
    """One page of one browser; a context manager that ends it and removes its profile."""

    def __init__(self, width=1280, height=800, dark=False):
        self.events = []
        self.requests = []
        self.problems = []
        self._next_id = 0
        self._buffer = b""
        self._session = None
        self._profile = tempfile.mkdtemp(prefix="cliprise-mock-page-")
        command_read, self._command_write = os.pipe()
        self._answer_read, answer_write = os.pipe()

        def place():
            # Copies first, so that neither dup2 overwrites what the other needs.
            read_copy, write_copy = os.dup(command_read), os.dup(answer_write)
            os.dup2(read_copy, 3)
            os.dup2(write_copy, 4)

        self._process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
             "--disable-sync", "--mute-audio", "--hide-scrollbars", f"--user-data-dir={self._profile}",
             f"--window-size={width},{height}", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
            preexec_fn=place, start_new_session=True)
        os.close(command_read)
        os.close(answer_write)
        try:
            targets = self.call("Target.getTargets")["targetInfos"]
            page = next(target for target in targets if target["type"] == "page")
            self._session = self.call(
                "Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
                self.call(f"{domain}.enable")
            self.size(width, height)
            self.call("Emulation.setEmulatedMedia", features=[
                {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for end in (self._command_write, self._answer_read):
            try:
                os.close(end)
            except OSError:
                pass
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method, **params):
        """Sends a command and returns its result."""
        self._next_id += 1
        number = self._next_id
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._command_write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + LIMIT
        while True:
            answer = self._receive(deadline, method)
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error'].get('message')}")
                return answer["result"]
            self._note(answer)

    def _receive(self, deadline, awaited):
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._answer_read], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise BrowserError(f"no answer to {awaited} within {LIMIT:.0f} s")
            piece = os.read(self._answer_read, 1 << 16)
            if not piece:
                raise BrowserError(f"the browser ended while {awaited} was awaited")
            self._buffer += piece
        text, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(text)

    def _note(self, message):
        """Keeps requests, and all that a page without mistakes does not cause."""
        method, params = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append("exception: " + details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.problems.append("console: " + " ".join(str(one.get("value")) for one in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(f"log: {params['entry']['text']} {params['entry'].get('url', '')}")
        elif method == "Audits.issueAdded":
            issue = params["issue"]
            if issue["code"] == "ContentSecurityPolicyIssue":
                self.problems.append("policy: " + json.dumps(issue["details"]["contentSecurityPolicyIssueDetails"]))
        elif method == "Page.javascriptDialogOpening":
            self.problems.append(f"dialog: {params['message']}")
            self.call("Page.handleJavaScriptDialog", accept=True)

    def open(self, url):
        self.call("Page.navigate", url=url)

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def evaluate(self, expression):
        """The value of a JavaScript expression; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait(self, condition):
        """Waits until a JavaScript expression is true, and returns its value."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            try:
                value = self.evaluate(
                    f"new Promise((done) => {{ const look = (left) => {{ let value; try {{ value = ({condition}); }}"
                    " catch { value = null; } if (value || left === 0) done(value instanceof Node ? true : value); else setTimeout(look, 20, left - 1); };"
                    " look(50); })")
            except BrowserError as error:
                # The page was replaced while it was asked.
                if "context" not in str(error) and "navigat" not in str(error):
                    raise
                value = None
            if value:
                return value
        text = self.evaluate("document.body ? document.body.innerText : ''")
        raise BrowserError(f"still not true after {LIMIT:.0f} s: {condition}\nthe page says:\n{text}")

    def click(self, selector):
        """Clicks with the mouse in the middle of an element."""
        box = self.wait(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)}); if (!one) return null;"
            " one.scrollIntoView({block: 'nearest'}); const box = one.getBoundingClientRect();"
            " return box.width ? {x: box.x + box.width / 2, y: box.y + box.height / 2} : null; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box["x"], y=box["y"], button="left", clickCount=1)

    def press(self, key):
        """Presses a key, named as `KeyboardEvent.key` names it."""
        codes = {"Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9,
                 "End": 35, "Home": 36}
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        fields = {"key": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0].upper()))}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **fields)
        self.call("Input.dispatchKeyEvent", type="keyUp", **fields)

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
