// One job after another by a Node library: client.cjs fetch|fetch-promise-retry|http|axios|got|got-post|undici
// The code around it is what a tutorial shows; whatever is thrown ends the job.
const base = process.env.CLIPRISE_BASE_URL;
const pause = Number(process.env.PAUSE) * 1000;
const jobs = Number(process.env.CLIENT_JOBS);

function withFetch() {
  return async (method, url, headers, body) => {
    const answer = await fetch(url, { method, headers, body });
    return [answer.status, await answer.arrayBuffer()];
  };
}

function withHTTP() {
  const http = require('node:http');
  const agent = new http.Agent({ keepAlive: true });
  return (method, url, headers, body) => new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => resolve([answer.statusCode, Buffer.concat(pieces)]));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function withAxios() {
  const axios = require('axios');
  return async (method, url, headers, data) => {
    const answer = await axios({
      method, url, headers, data, responseType: 'arraybuffer', validateStatus: (status) => status < 400,
    });
    return [answer.status, answer.data];
  };
}

function withGot(retry) {
  const got = require('got');
  return async (method, url, headers, body) => {
    // Otherwise 300 is an error to it.
    const answer = await got(url, {
      method, headers, body, responseType: 'buffer', followRedirect: false, ...(retry && { retry }),
    });
    return [answer.statusCode, answer.body];
  };
}

function withUndici() {
  const { request } = require('undici');
  return async (method, url, headers, body) => {
    const answer = await request(url, { method, headers, body });
    return [answer.statusCode, await answer.body.arrayBuffer()];
  };
}

function checked(call) {
  return async (...request) => {
    const [status, content] = await call(...request);
    if (status >= 400) throw new Error(`HTTP ${status}`);
    return [status, Buffer.from(content)];
  };
}

function promiseRetry(call) {
  const promiseRetry = require('promise-retry');
  return (...request) => promiseRetry((retry) => call(...request).catch(retry), { retries: 3 });
}

const libraries = {
  fetch: () => checked(withFetch()),
  'fetch-promise-retry': () => promiseRetry(checked(withFetch())),
  http: () => checked(withHTTP()),
  axios: () => checked(withAxios()),
  got: () => checked(withGot()),
  'got-post': () => checked(withGot({ limit: 5, methods: ['GET', 'POST'] })),
  undici: () => checked(withUndici()),
};

function first(content) {
  const answer = JSON.parse(content.toString());
  return Array.isArray(answer) ? answer[0] : answer;
}

async function job(call, key, number) {
  const body = JSON.stringify({
    model: 'qwen-image-2',
    callBackUrl: 'https://hooks.example.com/done',
    input: { prompt: `Job ${number} of ${jobs}`, image_size: '16:9', output_format: 'jpeg', seed: 424242 },
  });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const task = first((await call('POST', `${base}/app/cliprise/generate`, headers, body))[1]).taskId;
  for (let poll = 0; poll < 60; poll += 1) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const [status, content] = await call('GET', `${base}/app/cliprise/status?apiKey=${key}&taskId=${task}`, {});
    if (status !== 300) return call('GET', first(content).fileURL, {});
  }
  throw new Error('it takes too long');
}

(async () => {
  const call = libraries[process.argv[2]]();
  for (const key of process.env.CLIENT_KEYS.split(' ')) {
    for (let number = 1; number <= jobs; number += 1) {
      try {
        await job(call, key, number);
      } catch (problem) {
        console.error(`${key} ${number}: ${problem.name}: ${problem.message}`);
      }
    }
  }
  process.exit(0);
})();
