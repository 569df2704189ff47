import assert from "node:assert";
import { test } from "node:test";
import { make } from "./client.mjs";
import { createRequire } from "node:module";

const { cliprise } = createRequire(import.meta.url)("./cliprise-mock.cjs");

test("good", async () => {
  await cliprise().scenario("flaky-polling");
  assert.ok((await make(cliprise().baseUrl, cliprise().key, false)).length > 4);
});

test("frozen clock", async () => {
  await cliprise().freeze();
  assert.ok((await cliprise().advance("90s")).now >= 90);
});

if (process.env.WITH_BAD) {
  test("bad", async () => {
    await cliprise().scenario("lost-reply");
    assert.ok((await make(cliprise().baseUrl, cliprise().key, true)).length > 4);
  });
}
