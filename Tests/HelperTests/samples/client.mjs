// A client of one job: it polls through trouble, and buys again after a lost answer when it is told to.
const body = JSON.stringify({
  model: "z-image", callBackUrl: "https://hooks.example.com/done", input: { prompt: "A pier", aspect_ratio: "1:1" },
});

const generate = (base, key) => fetch(base + "/app/cliprise/generate", {
  method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` }, body,
});
const first = (value) => (Array.isArray(value) ? value[0] : value);

export async function make(base, key, resends) {
  let reply;
  try {
    reply = await generate(base, key);
  } catch (error) {
    if (!resends) return null;
    reply = await generate(base, key);
  }
  const task = first(await reply.json()).taskId;
  for (let poll = 0; poll < 60; poll += 1) {
    const status = await fetch(`${base}/app/cliprise/status?apiKey=${key}&taskId=${task}`);
    if (status.status === 200) {
      const { fileURL } = first(await status.json());
      return new Uint8Array(await (await fetch(fileURL)).arrayBuffer());
    }
    await status.arrayBuffer();
  }
  throw new Error("it never ended");
}
