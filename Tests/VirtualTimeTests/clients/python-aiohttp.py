"""Polls every PAUSE seconds until the task has ended; prints the number of polls."""
import asyncio
import os

import aiohttp

base, key = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise", os.environ["CLIPRISE_API_KEY"]


async def main():
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        async with session.post(f"{base}/generate", headers=headers, data=os.environ["BODY"]) as reply:
            task = (await reply.json())[0]["taskId"]
        polls = 0
        while True:
            async with session.get(f"{base}/status", params={"apiKey": key, "taskId": task}) as reply:
                if reply.status != 300:
                    break
            polls += 1
            await asyncio.sleep(float(os.environ["PAUSE"]))
        print(polls)


asyncio.run(main())
