// Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write.
import { writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { setTimeout } from "node:timers/promises";

const base = `${process.env.CLIPRISE_BASE_URL}/app/cliprise`;
const key = process.env.CLIPRISE_API_KEY;
const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };

// node:http follows no redirects and throws for no status, so 300 is an answer like any other.
function send(url, { method = "GET", headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const { protocol } = new URL(url);
    const module = protocol === "https:" ? https : http;
    const request = module.request(url, { agent: agents[protocol], method, headers }, async (reply) => {
      try {
        const pieces = [];
        for await (const piece of reply) pieces.push(piece);
        resolve({ status: reply.statusCode, type: reply.headers["content-type"], body: Buffer.concat(pieces) });
      } catch (error) {
        reject(error);
      }
    });
    request.on("error", reject);
    request.end(body);
  });
}

const host = { "Host": "business.api.cliprise.app" };
const body = JSON.stringify({
  model: "qwen-image-2",
  callBackUrl: "https://your-service.example.com/webhooks/cliprise",
  input: { prompt: "A lighthouse", image_size: "16:9", output_format: "jpeg", seed: 424242 },
});
let reply = await send(`${base}/generate`, {
  method: "POST",
  headers: { ...host, "Authorization": `Bearer ${key}`, "Content-Type": "application/json" },
  body,
});
if (reply.status !== 200) throw new Error(`generate: ${reply.status} ${reply.body}`);
const [{ taskId }] = JSON.parse(reply.body);

let polls = 0;
while (true) {
  reply = await send(`${base}/status?${new URLSearchParams({ apiKey: key, taskId })}`, { headers: host });
  if (reply.status === 200) break;
  if (reply.status !== 300) throw new Error(`status: ${reply.status} ${reply.body}`);
  polls += 1;
  await setTimeout(20);
}

reply = await send(JSON.parse(reply.body).fileURL);
if (reply.status !== 200) throw new Error(`download: ${reply.status}`);
await writeFile(process.argv[2], reply.body);
console.log(JSON.stringify({ polls, type: reply.type }));
for (const agent of Object.values(agents)) agent.destroy();
