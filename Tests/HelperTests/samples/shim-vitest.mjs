// Stands for the package vitest where only node's own runner is there: the four hooks that the helper takes from it.
import { after, afterEach as afterEachOfNode, before, beforeEach as beforeEachOfNode } from "node:test";
export { after as afterAll, before as beforeAll };

// As vitest calls them in a project with fixtures of its own: a hook takes the context apart in its head, or is refused.
const hook = (register) => (body) => register((context) => {
  if (body.length > 0 && !/^(async )?\(\{/.test(body.toString())) {
    throw new Error("The 1st argument inside a fixture must use object destructuring pattern");
  }
  return body({ task: { name: context.name, context } });
});
export const beforeEach = hook(beforeEachOfNode);
export const afterEach = hook(afterEachOfNode);
