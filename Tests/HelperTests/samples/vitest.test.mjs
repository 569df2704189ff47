import assert from "node:assert";
import { describe, test } from "node:test";
import { make } from "./client.mjs";
import { cliprise } from "./cliprise-mock.mjs";

test("good", async () => {
  await cliprise().scenario("flaky-polling");
  assert.ok((await make(cliprise().baseUrl, cliprise().key, false)).length > 4);
});

test("frozen clock " + "ü".repeat(200), async () => {
  await cliprise().freeze();
  assert.ok((await cliprise().advance("90s")).now >= 90);
});

describe("side by side", { concurrency: true }, () => {
  for (const name of ["one", "other"]) {
    test(name, async ({ cliprise: own }) => {
      await own.scenario("flaky-polling");
      assert.ok((await make(own.baseUrl, own.key, false)).length > 4);
      assert.strictEqual(own.label, name);
    });
  }
});

if (process.env.WITH_BAD) {
  test("bad", async () => {
    await cliprise().scenario("lost-reply");
    assert.ok((await make(cliprise().baseUrl, cliprise().key, true)).length > 4);
  });
}
