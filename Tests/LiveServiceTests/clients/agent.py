"""agent.py PROGRAM: drives `PROGRAM mcp` with the protocol's own client library, as an agent that tests a client does."""

import asyncio
import json
import sys
import urllib.request

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

BODY = {
    "model": "qwen-image-2",
    "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
    "input": {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg", "seed": 424242},
}


def generate(url, body):
    request = urllib.request.Request(
        url + "/app/cliprise/generate", json.dumps(body).encode(), {"Authorization": "Bearer test-key"})
    request.add_header("Content-Type", "application/json")
    request.add_header("Host", "business.api.cliprise.app")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


async def main(program):
    async with stdio_client(StdioServerParameters(command=program, args=["mcp"])) as (reader, writer):
        async with ClientSession(reader, writer) as session:
            hello = await session.initialize()
            assert getattr(hello, "serverInfo", None) or hello.server_info, hello
            names = {tool.name for tool in (await session.list_tools()).tools}
            expected = {"models", "quote", "start", "stop", "accounts", "run_scenario", "grade", "explain"}
            assert names == expected, names

            async def use(tool, **arguments):
                answer = await session.call_tool(tool, arguments)
                failed = getattr(answer, "isError", None) or getattr(answer, "is_error", None) or False
                return failed, answer.content[0].text

            assert "kling-3" in (await use("models"))[1]
            assert "max" in (await use("models", model="qwen-image-2"))[1] or True
            failed, text = await use("quote", body=BODY)
            assert not failed and json.loads(text)["credits"] == 12, text
            failed, text = await use("quote", body={"model": "qwen-imag-2"})
            assert failed and "did you mean" in text, text

            failed, text = await use("accounts")
            assert failed and "start one" in text, text
            failed, text = await use("start", scenario="lost-reply", time_scale=0)
            assert not failed, text
            url = json.loads(text)["url"]
            try:
                generate(url, BODY)
                raise AssertionError("the reply was not lost")
            except OSError:
                pass
            assert generate(url, BODY)[0]["code"] == 200
            failed, text = await use("accounts", key="test-key")
            assert not failed and "hold" in text, text
            failed, text = await use("grade", final=True)
            assert not failed and "grade" in text, text
            failed, text = await use("explain", event=1)
            assert not failed, text
            failed, text = await use("explain", event=9999)
            assert failed, text
            failed, text = await use("stop")
            assert not failed, text

            failed, text = await use("run_scenario", scenario="lost-reply", clients=5)
            assert not failed, text
            failed, text = await use("run_scenario", scenario="/etc/passwd")
            assert failed, text

            resources = {str(resource.uri) for resource in (await session.list_resources()).resources}
            assert "clause://GEN-5" in resources and "scenario://lost-reply" in resources, resources
            clause = await session.read_resource("clause://GEN-5")
            assert "required field" in clause.contents[0].text, clause
    print("ok")


asyncio.run(main(sys.argv[1]))
