// Stands for the package vitest where only node's own runner is there: the four hooks that the helper takes from it.
export { after as afterAll, afterEach, before as beforeAll, beforeEach } from "node:test";
