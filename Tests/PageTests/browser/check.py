"""Looks at the admin page of a running server, one case a run: check.py CASE. The server's URL is CLIPRISE_BASE_URL.

Ends with 0 when the page did as the case says, and beside that made no mistake: no exception, no error in the console,
no breach of the content security policy, no request to another host.
"""

import http.client
import json
import os
import subprocess
import sys
import urllib.parse

from browser import Browser

URL = os.environ["CLIPRISE_BASE_URL"]
HOST = urllib.parse.urlsplit(URL).netloc
PAGE = URL + "/__admin/"
MARKUP = "<img src=x onerror=\"window.ran = 1\"><script>window.ran = 2</script><b>bold</b> & \"quoted\""

# A key has no spaces.
MARKUP_KEY = "<img/src=x/onerror=window.ran=3><script>window.ran=4</script>"


def send(method, path, body=None, fields=None):
    connection = http.client.HTTPConnection(HOST, timeout=20)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), fields or {})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None
    finally:
        connection.close()


def generate(prompt="A lighthouse", more=None):
    """Sends a job of 12 credits as a client does; None when the answer was lost."""
    body = {"model": "qwen-image-2", "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
            "input": {"prompt": prompt, "image_size": "16:9", "output_format": "jpeg", "seed": 424242, **(more or {})}}
    try:
        status, answer = send("POST", "/app/cliprise/generate", body, {
            "Host": "business.api.cliprise.app", "Authorization": "Bearer test-key",
            "Content-Type": "application/json"})
    except (ConnectionError, http.client.HTTPException):
        return None
    assert status == 200, f"generate was answered {status} {answer}"
    return answer[0]["taskId"]


def expect(found, wanted):
    assert found == wanted, f"found {found!r}, wanted {wanted!r}"


def text(selector):
    return f"document.querySelector({json.dumps(selector)}).textContent"


def is_text(selector, wanted):
    return f"{text(selector)} === {json.dumps(wanted)}"


def open_page(page, tab="journal"):
    page.open(PAGE + f"#account=test-key&tab={tab}")
    page.wait("document.querySelector('#link').dataset.state === 'live'")
    page.wait("document.querySelector('#available').textContent.length > 1")


def freeze(page):
    page.press("z")
    page.wait("document.querySelector('#clock-mode').textContent.includes('frozen')")


def case_loads(page):
    open_page(page)
    expect(page.evaluate(text("#key")), "test-key")
    expect(page.evaluate(text("#available")), "10,000")
    # An account that nobody used: a command that can be pasted stands there.
    command = page.wait("!document.querySelector('#journal-empty').hidden && " + text("#curl-generate"))
    assert f"curl {URL}/app/cliprise/generate" in command and "Bearer test-key" in command, command
    page.wait("document.querySelector('#scenario-pick').options.length > 0")
    # What the page teaches works, and is seen at once.
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=20).stdout
    task = json.loads(said)[0]["taskId"]
    page.press("2")
    page.click(".task")
    page.wait(f"document.querySelector('#sheet').textContent.includes('{task}')")


def case_task(page):
    open_page(page)
    freeze(page)
    task = generate()
    # The journal shows it without a reload.
    page.wait("[...document.querySelectorAll('.ev:not([hidden])')].some((row) => row.textContent.includes('GEN-11'))")
    page.press("2")
    page.wait("document.querySelector('.task.processing .word')")
    page.wait(is_text("#held", "12"))
    page.press("i")
    page.wait("document.querySelector('.task.success')")
    page.wait(is_text("#captured", "12"))
    page.wait(is_text("#available", "9,988"))
    # The preview is a real picture, fetched when asked for, and no download of the client's.
    files = f"{URL}/__admin/tasks/{task}/file"
    expect([url for url in page.requests if url == files], [])
    page.click(".task.success .buttons button")
    page.wait("document.querySelector('#sheet img').naturalWidth > 0")
    expect([url for url in page.requests if url == files], [files])
    expect(send("GET", f"/__admin/tasks/{task}")[1]["downloads"], 0)
    expect(send("GET", "/__admin/requests?operation=download")[1]["total"], 0)


def case_fault(page):
    open_page(page)
    page.evaluate("document.querySelector('#fault').value = 'close';"
                  "document.querySelector('#fault').dispatchEvent(new Event('change'))")
    page.click("#phases input[value=after]")
    page.click("#operations input[value=generate]")
    page.click("#fault-form [type=submit]")
    page.wait("document.querySelector('#toasts').textContent.includes('Armed')")
    expect(generate(), None)
    row = page.wait("document.querySelector('.ev.struck:not([hidden])')?.textContent")
    assert "close · after" in row and "charged, answer lost" in row, row
    # It strikes once.
    assert generate("Another lighthouse") is not None
    page.press("e")
    page.wait("document.querySelectorAll('.ev:not([hidden])').length === 1")
    page.press("4")
    page.wait("document.querySelector('.rule .acted').textContent === 'acted 1×'")


def case_any_fault(page):
    open_page(page)
    page.evaluate("document.querySelector('#fault').value = 'another';"
                  "document.querySelector('#fault').dispatchEvent(new Event('change'))")
    expect(page.evaluate("document.querySelectorAll('#phases input:not(:disabled)').length"), 0)
    page.click("#operations input[value=generate]")

    def fire(text, said):
        page.evaluate(f"document.querySelector('#fault-fields [data-field=text]').value = {json.dumps(text)}")
        page.click("#fault-form [type=submit]")
        page.wait(f"document.querySelector('#toasts').textContent.includes({json.dumps(said)})")

    # The server's own words.
    fire("empti", 'did you mean "empty"?')
    fire('{"running_limit":{"limitt":1}}', 'did you mean "limit"?')
    page.problems.clear()
    fire("close", "gets close, once")
    expect(generate(), None)
    page.wait("document.querySelector('.ev.struck:not([hidden])')?.textContent.includes('close · before')")
    fire('{"hang":{"limit":"10ms"}}', "gets hang, once")
    expect(generate(), None)
    page.wait("document.body.textContent.includes('hang · before')")


def case_grade(page):
    open_page(page)
    page.press("5")
    page.wait(is_text("#grade .letter", "–"))
    # Nothing but a refusal: no letter, and what was refused.
    send("POST", "/app/cliprise/generate", {"model": "<b>nope</b>", "input": {}}, {
        "Host": "business.api.cliprise.app", "Authorization": "Bearer test-key", "Content-Type": "application/json"})
    page.wait(is_text("#grade h2", "No letter"))
    page.wait("document.querySelector('#grade .refusal').textContent.startsWith('1 × generate refused with 400')")
    send("POST", "/__admin/rules/fire", {"fault": "close", "phase": "after", "when": {"operation": "generate"}})
    expect(generate(), None)
    # What a careless client does: the same again, after an answer that was lost.
    assert generate() is not None
    page.wait(is_text("#grade .letter", "F"))
    page.wait("[...document.querySelectorAll('.verdict.fail h3')].some((one) => one.textContent === 'no_blind_resend')")
    # What was lost comes first, then the verdicts, and how they came about only for those who ask.
    order = page.evaluate("[...document.querySelectorAll('#grade .headline, #grade .verdict, #grade .judging')]"
                          ".map((one) => one.classList[0]).filter((one, index, all) => one !== all[index - 1])")
    expect(order, ["headline", "verdict", "judging"])
    assert page.evaluate(text("#grade .headline")).startswith("FAILED: "), page.evaluate(text("#grade .headline"))
    expect(page.evaluate("document.querySelector('#grade .judging').open"), False)
    expect("no property failed" in page.evaluate("document.querySelector('#grade').innerText"), False)
    page.click(".verdict.fail .evidence button")
    page.wait("document.querySelector('#tab-journal').getAttribute('aria-selected') === 'true'")
    page.wait("document.querySelector('.ev[aria-selected=true]')")


def case_markup(page):
    open_page(page, "tasks")
    generate(MARKUP)
    page.wait(is_text(".task .prompt", MARKUP))
    page.click(".task")
    page.wait(is_text("#sheet .said-text", MARKUP))
    expect(page.evaluate("document.querySelectorAll('.task .prompt *, #sheet .said-text *').length"), 0)
    page.press("Escape")
    status, _ = send("POST", "/__admin/rules", {
        "account": "test-key", "rule": {"name": MARKUP, "when": {"prompt": MARKUP}, "fault": "empty"}})
    expect(status, 201)
    page.press("4")
    page.wait(is_text(".rule b", MARKUP))
    status, _ = send("POST", "/__admin/accounts", {"key": MARKUP_KEY})
    expect(status, 201)
    page.wait(f"[...document.querySelectorAll('.account .name')].some((one) => one.textContent === {json.dumps(MARKUP_KEY)})")
    page.press("]")
    page.wait(is_text("#key", MARKUP_KEY))
    page.wait(is_text("#available", "10,000"))
    expect(page.evaluate("window.ran ?? null"), None)


def case_controls(page):
    open_page(page)
    freeze(page)
    page.press("a")
    expect(page.evaluate("document.activeElement.id"), "advance-by")
    page.press("Enter")
    page.wait("document.querySelector('#now').textContent.startsWith('0:3')")
    page.click("[data-credits]")
    page.wait(is_text("#available", "20,000"))
    page.press("4")
    page.click("#rule-open")
    page.evaluate("document.querySelector('#rule-text').value = '{\"when\": {\"operatoin\": \"status\"}, \"fault\": \"close\"}'")
    page.click("#rule-form [type=submit]")
    # The server's own words, where the mistake was made.
    page.wait("document.querySelector('#rule-form .problem').textContent.includes('operation')")
    page.problems.clear()
    page.evaluate("document.querySelector('#rule-text').value = '{\"name\": \"mine\", \"fault\": \"close\"}'")
    page.click("#rule-form [type=submit]")
    page.wait(is_text(".rule b", "mine"))
    page.click(".rule button")
    page.wait("document.querySelectorAll('.rule').length === 0")
    page.press("R")
    page.click("#reset-form input[value=all]")
    page.click("#reset-form [name=whose][value=all]")
    page.click("#reset-form [type=submit]")
    page.wait("document.querySelector('#toasts').textContent.includes('Reset')")
    page.wait(is_text("#available", "10,000"))


def case_keys(page):
    for number in range(30):
        send("POST", "/__admin/accounts/test-key/credits", {"amount": number + 1})
    open_page(page)
    page.wait("document.querySelectorAll('.ev:not([hidden])').length > 5")
    page.evaluate("document.querySelector('#journal').focus()")
    page.press("End")
    page.press("ArrowUp")
    page.wait("document.querySelector('.ev[aria-selected=true] .money').textContent === '+29'")
    expect(page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))"
                         ".querySelector('.money').textContent"), "+29")
    page.press("Enter")
    page.wait("document.querySelector('#sheet').open")
    page.press("ArrowUp")
    page.wait("document.querySelector('#sheet').textContent.includes('+28')")
    page.press("Escape")
    page.wait("!document.querySelector('#sheet').open")
    page.press("?")
    page.wait("document.querySelector('#help').open")
    page.press("Escape")
    page.press("3")
    page.wait("document.querySelector('#ledger tbody').rows.length === 31")
    expect(page.evaluate("document.querySelector('#ledger tbody').rows[0].cells[5].textContent"), "10,465")
    page.press("ArrowRight")
    expect(page.evaluate("document.activeElement.id"), "tab-rules")
    page.press("t")
    expect(page.evaluate("document.documentElement.classList.contains('dark')"), True)


def case_bodies(page):
    open_page(page)
    generate("A pier at night", {"promt": "typo"})
    # Let in, but not without a word.
    page.wait("[...document.querySelectorAll('.ev:not([hidden]) .chip.warn')].some((one) => one.textContent === '1 warning')")
    page.click(".ev:has(.chip.warn:not(:empty))")
    page.wait("document.querySelectorAll('#sheet .message').length === 2")
    messages = page.evaluate("[...document.querySelectorAll('#sheet .message')].map((one) => one.textContent)")
    for part in ("POST /app/cliprise/generate", "Authorization: Bearer REDACTED", '"prompt": "A pier at night"'):
        assert part in messages[0], (part, messages[0])
    assert '"taskId": "' in messages[1] and "Content-Type: application/json" in messages[1], messages[1]
    expect("test-key" in "".join(messages), False)
    expect(page.evaluate(text("#sheet .warnings li")), 'input.promt is not in the catalogue; did you mean "prompt"? (assumed)')
    page.press("Escape")
    page.press("2")
    page.click(".task")
    page.wait("document.querySelector('#sheet .warnings li')")
    page.press("Escape")
    page.press("5")
    page.wait("document.querySelector('#grade .warned').textContent.startsWith('1 warning on 1 of 1 request')")
    page.click("#grade .warning button")
    page.wait("document.querySelector('.ev[aria-selected=true] .chip.warn').textContent === '1 warning'")
    # A refusal comes with the status 200, and is not shown as a success.
    send("POST", "/app/cliprise/generate", {"model": "qwen-image-2", "input": {}}, {
        "Host": "business.api.cliprise.app", "Authorization": "Bearer test-key", "Content-Type": "application/json"})
    page.wait("document.querySelector('.ev .status.refused')?.textContent === '200'")
    colors = page.evaluate("['.ev .status.refused', '.ev .status.s2'].map((one) => getComputedStyle(document.querySelector(one)).color)")
    assert colors[0] != colors[1], colors


def case_models(page):
    """Of each fact stands where it comes from; the server follows the file of a conformance run."""
    open_page(page)
    page.evaluate("document.querySelector('#models-open').click()")
    models = os.listdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../fixtures/catalog"))
    page.wait(f"document.querySelectorAll('#models-pick option').length === {len(models)}")
    said = page.evaluate(text("#models-verified"))
    assert "verified on 2026-01-31 by conformance against https://live.example" in said, said
    assert "GEN-5 same; GEN-1 differs" in said, said
    page.evaluate("(() => { const pick = document.querySelector('#models-pick'); pick.value = 'flux-2';"
                  " pick.dispatchEvent(new Event('change')); })()")
    page.wait("document.querySelector('#models-body').textContent.includes('Flux 2')")
    chips = page.evaluate("[...document.querySelectorAll('#models-body .sources .chip')].map((one) => one.textContent).join('|')")
    expect(chips.startswith("documented "), True)
    assert chips.endswith("|verified on 2026-01-31"), chips
    assert "by conformance: GEN-7 differs" in page.evaluate(text("#models-body")), "what was verified"
    # The prompt's length is upstream's, the variant's key is assumed, the resolutions are documented.
    for key, wanted in [("prompt", "upstream"), ("variant", "assumed"), ("resolution", "documented")]:
        found = page.evaluate(
            "[...document.querySelectorAll('#models-body section')].find((one) => one.querySelector('h3').textContent"
            f" === {json.dumps(key)}).querySelector('tr .chip').textContent")
        expect(found, wanted)


def case_unmatched(page):
    open_page(page)
    expect(page.evaluate("document.querySelector('#unmatched-open').hidden"), True)
    # The browser's console reports answers with 404 only for its own requests.
    send("GET", "/app/cliprise/generates", fields={"Host": "business.api.cliprise.app"})
    for _ in range(2):
        send("POST", "/app/cliprise/generate", {}, {
            "Host": "business.api.cliprise.app", "Authorization": "Bearer other-key-1234"})
    page.wait(is_text("#unmatched-open", "3 unmatched"))
    page.press("u")
    page.wait("document.querySelectorAll('#unmatched .strays li').length === 3")
    said = page.evaluate(text("#unmatched"))
    assert "/app/cliprise/generates" in said and "no account has the key" in said, said
    expect("other-key-1234" in said, False)
    page.press("Escape")
    page.wait("!document.querySelector('#unmatched').open")


def case_accounts(page):
    for number in range(430):
        status, _ = send("POST", "/__admin/accounts", {
            "key": f"key-{number:03}", **({"label": "test_checkout"} if number == 427 else {})})
        expect(status, 201)
    open_page(page)
    page.wait(is_text("#accounts-total", "431"))
    page.wait("document.querySelectorAll('.account').length === 200")
    # All of them are within reach, whatever their number.
    page.evaluate("document.querySelector('#accounts-more').click()")
    page.wait("document.querySelectorAll('.account').length === 400")
    page.evaluate("document.querySelector('#accounts-more').click()")
    page.wait("document.querySelectorAll('.account').length === 431")
    expect(page.evaluate("document.querySelector('#accounts-more').hidden"), True)

    def search(words):
        page.evaluate(f"document.querySelector('#accounts-filter').value = {json.dumps(words)};"
                      "document.querySelector('#accounts-filter').dispatchEvent(new Event('input'))")

    search("CHECKOUT")
    page.wait("document.querySelectorAll('.account').length === 1")
    page.click(".account")
    # Its label stands beside its key.
    page.wait(is_text("#key", "key-427"))
    page.wait(is_text("#label", "test_checkout"))
    expect(page.evaluate(text(".account .name")), "test_checkout")
    expect(page.evaluate(text(".account .of")), "key-427")
    search("nobody")
    page.wait("!document.querySelector('#accounts-none').hidden")
    expect(page.evaluate(text("#key")), "key-427")
    search("")
    page.wait("document.querySelectorAll('.account').length === 200")
    # An account beyond those that are listed is found by its address.
    page.open("about:blank")
    page.open(PAGE + "#account=key-429&tab=journal")
    page.wait(is_text("#key", "key-429"))


def case_undo(page):
    for name in ("one", "two", "three"):
        status, _ = send("POST", "/__admin/rules", {"account": "test-key", "rule": {"name": name, "fault": "empty"}})
        expect(status, 201)
    open_page(page, "rules")
    names = "[...document.querySelectorAll('.rule b')].map((one) => one.textContent).join()"
    page.wait(names + " === 'one,two,three'")
    page.click(".rule:nth-child(2) button")
    page.wait(names + " === 'one,three'")
    page.wait("document.querySelector('.toast button').textContent === 'Undo'")
    page.evaluate("document.querySelector('.toast button').click()")
    page.wait(names + " === 'one,two,three'")
    # The scenario in force is the one that is selected.
    page.wait("document.querySelector('#scenario-pick').options.length > 1")
    expect(page.evaluate("document.querySelector('#scenario-pick').selectedOptions[0].text"), "none (in force)")
    expect(page.evaluate("document.querySelector('#follow').disabled"), True)
    send("PUT", "/__admin/accounts/test-key/scenario", {"name": "slow-videos"})
    generate("Another")
    page.wait("document.querySelector('#scenario-pick').value === 'slow-videos'")
    expect(page.evaluate(text("#follow")), "In force")
    page.evaluate("document.querySelector('#scenario-pick').value = 'lost-reply';"
                  "document.querySelector('#scenario-pick').dispatchEvent(new Event('change'))")
    page.click("#follow")
    page.wait(is_text("#scenario", "Scenario lost-reply"))
    page.wait("document.querySelector('#follow').disabled")


def case_phone(page):
    page.size(390, 844)
    for number in range(3):
        generate(f"A lighthouse, number {number}, seen from a ship that is far out at sea and comes nearer")
    open_page(page)
    inside = "((box) => box.left >= 0 && box.right <= 390 && box.top >= 0 && box.bottom <= 844)"
    box = "(document.querySelector('{}').getBoundingClientRect())"
    expect(page.evaluate(inside + box.format("#tab-tasks")), True)
    # Nothing in the bar lies over another.
    send("GET", "/nowhere")
    page.wait(is_text("#unmatched-open", "1 unmatched"))
    overlap = page.evaluate("[...document.querySelectorAll('.bar > *, .bar-actions > *')].filter((one) => !one.contains(document.querySelector('#theme')) || one.id === 'theme')"
                            ".map((one) => one.getBoundingClientRect()).sort((one, other) => one.left - other.left)"
                            ".some((one, index, all) => index > 0 && one.width > 0 && all[index - 1].right > one.left + 1)")
    expect(overlap, False)
    page.click("#tab-tasks")
    page.wait("document.querySelectorAll('.task').length === 3")
    expect(page.evaluate(inside + box.format(".task:nth-child(2)")), True)
    page.click(".task:nth-child(2) .title")
    page.wait("document.querySelector('#sheet').open && document.querySelector('#sheet-title').textContent.includes('qwen-image-2')")
    expect(page.evaluate(inside + box.format("#sheet [data-close]")), True)
    page.click("#sheet [data-close]")
    page.wait("!document.querySelector('#sheet').open")
    for tab in ("ledger", "rules", "grade"):
        expect(page.evaluate(inside + box.format(f"#tab-{tab}")), True)
    expect(page.evaluate("document.documentElement.scrollWidth"), 390)


def case_video(page):
    """A video with sound plays, and the browser decodes its sound."""
    body = {"model": "veo-3-fast", "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
            "input": {"prompt": "A wave", "aspect_ratio": "16:9"}}
    status, answer = send("POST", "/app/cliprise/generate", body, {
        "Host": "business.api.cliprise.app", "Authorization": "Bearer test-key", "Content-Type": "application/json"})
    expect(status, 200)
    task = answer[0]["taskId"]
    expect(send("POST", f"/__admin/tasks/{task}", {"state": "success"})[0], 200)
    open_page(page)
    said = page.evaluate("""new Promise((done) => {
        const video = document.createElement("video");
        video.muted = true;
        video.src = "/__admin/tasks/%s/file";
        video.onerror = () => done(video.error.message);
        video.ontimeupdate = () => {
            if (video.currentTime < 0.3) return;
            video.ontimeupdate = null;
            const quality = video.getVideoPlaybackQuality();
            done({width: video.videoWidth, duration: video.duration, hasSound: video.webkitAudioDecodedByteCount > 0,
                  isShown: quality.totalVideoFrames > 3});
        };
        document.body.append(video);
        video.play();
    })""" % task)
    expect(said, {"width": 1280, "duration": 8, "hasSound": True, "isShown": True})


def case_root(page):
    page.open(URL + "/")
    page.wait("location.pathname === '/__admin/'")
    page.wait(is_text("#available", "10,000"))


def case_password(page):
    # Beyond the loopback the token goes as a password, and may stand in the address.
    page.open(PAGE.replace("://", "://any:secret@") + "#account=test-key&tab=journal")
    page.wait("document.querySelector('#link').dataset.state === 'live'")
    expect("secret" in page.wait("!document.querySelector('#journal-empty').hidden && " + text("#curl-generate")), False)


def case_laptop(page):
    page.size(1280, 900)
    status, account = send("POST", "/__admin/accounts", {})
    expect(status, 201)
    send("POST", "/__admin/rules/fire", {"account": "test-key", "fault": "close", "phase": "after"})
    expect(generate(), None)
    open_page(page)
    page.wait("document.querySelector('.ev.struck:not([hidden])')")
    # Nothing that matters is cut: the number of the task, what was lost, the key that the server chose.
    cut = "((one) => one.scrollWidth > one.clientWidth)"
    for selector in (".ev.struck .which .no", ".ev.struck .chip.bad", ".ev.struck .chip.fault"):
        page.wait(f"document.querySelector('{selector}').textContent.length > 1")
        expect(page.evaluate(f"{cut}(document.querySelector('{selector}'))"), False)
        inside = "((one) => one.getBoundingClientRect().right <= one.parentElement.getBoundingClientRect().right)"
        expect(page.evaluate(f"{inside}(document.querySelector('{selector}'))"), True)
    named = f"[...document.querySelectorAll('.account .name')].find((one) => one.textContent === '{account['key']}')"
    page.wait(named)
    expect(page.evaluate(f"{cut}({named})"), False)
    # The controls leave the journal its room until they are asked for.
    expect(page.evaluate("getComputedStyle(document.querySelector('#controls')).visibility"), "hidden")
    page.click("#controls-open")
    page.wait("getComputedStyle(document.querySelector('#controls')).visibility === 'visible'")


def case_narrow(page):
    page.size(400, 800)
    generate()
    for tab in ("journal", "tasks", "ledger", "rules", "grade"):
        open_page(page, tab)
        page.wait(f"document.querySelector('#panel-{tab}').clientHeight > 200")
        expect(page.evaluate("document.documentElement.scrollWidth"), 400)
        page.open("about:blank")


def main():
    case = globals()[f"case_{sys.argv[1]}"]
    # Wide enough that the controls stand beside the journal; narrower pages have cases of their own.
    with Browser(1440, 900) as page:
        case(page)
        # Whatever is still to be told is told before this answer.
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")
        expect(page.problems, [])
        requests = [url.replace("any:secret@", "") for url in page.requests]
        elsewhere = [url for url in requests if not url.startswith(URL + "/") and not url.startswith(("data:", "about:"))]
        expect(elsewhere, [])
        assert any(url == PAGE + "app.js" for url in requests), "the page's own requests were not seen"


main()
