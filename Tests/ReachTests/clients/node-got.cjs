// Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write.
const { writeFileSync } = require("node:fs");

// Where Debian puts packages.
process.env.NODE_PATH = [process.env.NODE_PATH, "/usr/share/nodejs"].filter(Boolean).join(":");
require("node:module").Module._initPaths();
const got = require("got");

const base = `${process.env.CLIPRISE_BASE_URL}/app/cliprise`;
const key = process.env.CLIPRISE_API_KEY;
const client = got.extend({ followRedirect: false, retry: 0, throwHttpErrors: false });
const host = { Host: "business.api.cliprise.app" };

async function main() {
  const made = await client.post(`${base}/generate`, {
    headers: { ...host, Authorization: `Bearer ${key}` },
    json: {
      model: "qwen-image-2",
      callBackUrl: "https://your-service.example.com/webhooks/cliprise",
      input: { prompt: "A lighthouse", image_size: "16:9", output_format: "jpeg", seed: 424242 },
    },
  });
  if (made.statusCode !== 200) throw new Error(`generate: ${made.statusCode} ${made.body}`);
  const [{ taskId }] = JSON.parse(made.body);

  let polls = 0;
  let reply;
  while (true) {
    reply = await client.get(`${base}/status`, { headers: host, searchParams: { apiKey: key, taskId } });
    if (reply.statusCode === 200) break;
    if (reply.statusCode !== 300) throw new Error(`status: ${reply.statusCode} ${reply.body}`);
    polls += 1;
    await new Promise((done) => setTimeout(done, 20));
  }

  const file = await client.get(JSON.parse(reply.body).fileURL, { responseType: "buffer" });
  if (file.statusCode !== 200) throw new Error(`download: ${file.statusCode}`);
  writeFileSync(process.argv[2], file.body);
  console.log(JSON.stringify({ polls, type: file.headers["content-type"] }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
