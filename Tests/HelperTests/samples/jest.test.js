const { make } = require("./client.js");
const { cliprise } = require("./cliprise-mock.cjs");

describe("pictures", () => {
  test("good", async () => {
    await cliprise().scenario("flaky-polling");
    expect((await make(cliprise().baseUrl, cliprise().key, false)).length).toBeGreaterThan(4);
  });

  test("frozen clock " + "ü".repeat(200), async () => {
    await cliprise().freeze();
    expect((await cliprise().advance("90s")).now).toBeGreaterThanOrEqual(90);
  });

  if (process.env.WITH_BAD) {
    test("bad", async () => {
      await cliprise().scenario("lost-reply");
      expect((await make(cliprise().baseUrl, cliprise().key, true)).length).toBeGreaterThan(4);
    });
  }
});
