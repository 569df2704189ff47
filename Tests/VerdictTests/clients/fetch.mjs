// One job with the fetch of Node. fetch.mjs [resends] [ok-only] [keeps-anything]
const habits = new Set(process.argv.slice(2))
const base = process.env.CLIPRISE_BASE_URL
const key = process.env.CLIPRISE_API_KEY
const sleep = (failures) => new Promise((wake) => setTimeout(wake, Math.random() * Math.min(500, 20 * 2 ** failures)))

async function generate() {
    const body = JSON.stringify({
        model: "qwen-image-2", callBackUrl: "https://hooks.example.com/done",
        input: { prompt: "A pier", image_size: "16:9", output_format: "jpeg", seed: 424242 },
    })
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" }
    for (let failures = 0; ; failures++) {
        try {
            const answer = await fetch(`${base}/app/cliprise/generate`, { method: "POST", headers, body })
            if (answer.status >= 500) throw new Error(`status ${answer.status}`)
            const json = JSON.parse(await answer.text())
            return (Array.isArray(json) ? json[0] : json).taskId
        } catch (problem) {
            if (!habits.has("resends") || failures === 2) throw problem
            await sleep(failures)
        }
    }
}

async function poll(task) {
    for (let polls = 0, failures = 0; polls < 100 && failures < 12; polls++) {
        try {
            const answer = await fetch(`${base}/app/cliprise/status?apiKey=${key}&taskId=${task}`, { redirect: "manual" })
            // The mistake that the name of the property invites: ok is 200 to 299.
            if (habits.has("ok-only") && !answer.ok) throw new SyntaxError(`status ${answer.status}`)
            if (answer.status === 300) { await answer.text().catch(() => ""); failures = 0; continue }
            if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return
            const json = JSON.parse(await answer.text())
            const record = Array.isArray(json) ? json[0] : json
            if (record.status === "success") return record.fileURL
        } catch (problem) {
            if (habits.has("ok-only")) return
        }
        await sleep(failures++)
    }
}

async function download(url) {
    for (let failures = 0; failures < 8; failures++) {
        try {
            const answer = await fetch(url)
            const bytes = Buffer.from(await answer.arrayBuffer())
            if (habits.has("keeps-anything")) return
            if (answer.status === 200 && bytes.subarray(-2).equals(Buffer.from([0xff, 0xd9]))) return
        } catch (problem) {
            if (habits.has("keeps-anything")) return
        }
        await sleep(failures)
    }
}

try {
    const task = await generate()
    const url = task && await poll(task)
    if (url) await download(url)
} catch (problem) {
    console.error(`${problem}`)
}
