// Stands for jest where only node's own runner is there: the globals that the helper uses.
const { after, afterEach, before, beforeEach } = require("node:test");
let name;
beforeEach((context) => { name = context.name; });
Object.assign(globalThis, {
  beforeAll: before, afterAll: after, beforeEach, afterEach,
  expect: { getState: () => ({ currentTestName: name }) },
});
