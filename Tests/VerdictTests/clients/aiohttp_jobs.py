"""Three jobs at once with aiohttp. aiohttp_jobs.py [group] [shares-body] [names-jobs]"""

import asyncio
import os
import random
import sys

try:
    import aiohttp
except ImportError:
    sys.exit("aiohttp is not installed")

HABITS = set(sys.argv[1:])
BASE, KEY = os.environ["CLIPRISE_BASE_URL"], os.environ["CLIPRISE_API_KEY"]


async def read(session, method, url, **options):
    async with session.request(method, url, **options) as answer:
        content = await answer.read()
        value = None
        if answer.content_type == "application/json" and answer.status == 200:
            value = await answer.json()
        return answer.status, value[0] if isinstance(value, list) else value, content


async def job(session, number):
    prompt = "A pier" if "shares-body" in HABITS else f"A pier, {number}"
    fields = {"Authorization": f"Bearer {KEY}"}
    if "names-jobs" in HABITS:
        fields["X-Cliprise-Mock-Job"] = f"job-{number}"
    body = {"model": "qwen-image-2", "callBackUrl": "https://hooks.example.com/done",
            "input": {"prompt": prompt, "image_size": "16:9", "output_format": "jpeg", "seed": 424242}}
    _, made, _ = await read(session, "POST", f"{BASE}/app/cliprise/generate", json=body, headers=fields)
    for failures in range(60):
        try:
            status, state, _ = await read(
                session, "GET", f"{BASE}/app/cliprise/status", params={"apiKey": KEY, "taskId": made["taskId"]})
            # One job's failed poll ends the group, and with it the jobs beside it.
            if "group" in HABITS and status not in (200, 300):
                raise ValueError(f"status {status}")
            if status == 200 and state and state.get("status") == "success":
                break
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(random.uniform(0, min(0.5, 0.02 * 2**min(failures, 5))))
    for _ in range(5):
        status, _, content = await read(session, "GET", state["fileURL"])
        if content[-2:] == b"\xff\xd9":
            return


async def main():
    async with aiohttp.ClientSession() as session:
        if "group" in HABITS:
            async with asyncio.TaskGroup() as group:
                for number in range(3):
                    group.create_task(job(session, number))
        else:
            await asyncio.gather(*(job(session, number) for number in range(3)), return_exceptions=True)


try:
    asyncio.run(main())
except BaseExceptionGroup as problem:
    print(problem, file=sys.stderr)
