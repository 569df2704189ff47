"""Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write."""
import asyncio
import json
import os
import sys

import aiohttp

HOST = {"Host": "business.api.cliprise.app"}
base = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise"
key = os.environ["CLIPRISE_API_KEY"]


async def main():
    # 300 without a Location is no redirect, and raise_for_status starts at 400.
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        body = {
            "model": "qwen-image-2",
            "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
            "input": {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg", "seed": 424242},
        }
        headers = HOST | {"Authorization": f"Bearer {key}"}
        async with session.post(f"{base}/generate", headers=headers, json=body) as reply:
            task = (await reply.json())[0]["taskId"]

        polls = 0
        while True:
            query = {"apiKey": key, "taskId": task}
            async with session.get(f"{base}/status", headers=HOST, params=query) as reply:
                status = await reply.json()
                if reply.status == 200:
                    break
                assert reply.status == 300 and status == {"status": "processing"}, status
            polls += 1
            await asyncio.sleep(0.02)

        async with session.get(status["fileURL"]) as reply:
            with open(sys.argv[1], "wb") as file:
                file.write(await reply.read())
            print(json.dumps({"polls": polls, "type": reply.headers["Content-Type"]}))


asyncio.run(main())
