// Polls every PAUSE seconds until the task has ended; prints the number of polls.
import http from 'node:http'
import { setTimeout } from 'node:timers/promises'

const base = process.env.CLIPRISE_BASE_URL + '/app/cliprise'
const key = process.env.CLIPRISE_API_KEY
const agent = new http.Agent({ keepAlive: true })

function call(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(base + path, { method, headers, agent, timeout: 30000 }, (reply) => {
      let text = ''
      reply.on('data', (part) => { text += part })
      reply.on('end', () => resolve({ status: reply.statusCode, text }))
    })
    request.on('timeout', () => request.destroy(new Error('timed out')))
    request.on('error', reject)
    request.end(body)
  })
}

const made = await call(
  'POST', '/generate', { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  process.env.BODY)
const task = JSON.parse(made.text)[0].taskId
let polls = 0
while ((await call('GET', `/status?apiKey=${key}&taskId=${task}`)).status === 300) {
  polls += 1
  await setTimeout(Number(process.env.PAUSE) * 1000)
}
console.log(polls)
agent.destroy()
