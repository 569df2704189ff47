// Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write.
//
// fetch drops a Host of its caller, so the server runs with --host-gate loopback or --accept-host.
import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

const base = `${process.env.CLIPRISE_BASE_URL}/app/cliprise`;
const key = process.env.CLIPRISE_API_KEY;

let reply = await fetch(`${base}/generate`, {
  method: "POST",
  headers: { "Authorization": `Bearer ${key}`, "Content-Type": "application/json" },
  body: JSON.stringify({
    model: "qwen-image-2",
    callBackUrl: "https://your-service.example.com/webhooks/cliprise",
    input: { prompt: "A lighthouse", image_size: "16:9", output_format: "jpeg", seed: 424242 },
  }),
});
if (!reply.ok) throw new Error(`generate: ${reply.status} ${await reply.text()}`);
const [{ taskId }] = await reply.json();

let polls = 0;
let status;
while (true) {
  // 300 is none of fetch's redirects, so any `redirect` mode lets it pass; but `ok` is false, as for an error.
  reply = await fetch(`${base}/status?${new URLSearchParams({ apiKey: key, taskId })}`);
  status = await reply.json();
  if (reply.status === 200) break;
  if (reply.status !== 300 || status.status !== "processing") throw new Error(JSON.stringify(status));
  polls += 1;
  await setTimeout(20);
}

reply = await fetch(status.fileURL);
if (!reply.ok) throw new Error(`download: ${reply.status}`);
await writeFile(process.argv[2], Buffer.from(await reply.arrayBuffer()));
console.log(JSON.stringify({ polls, type: reply.headers.get("Content-Type") }));
