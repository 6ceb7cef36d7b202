import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { concurrently } from "../../../src/world/concurrently.ts";

it("works on so many at a time, and gives the results in the items' order", async () => {
  let now = 0;
  let most = 0;
  const doubled = await concurrently([5, 4, 3, 2, 1], 2, async (item) => {
    most = Math.max(most, ++now);
    await sleep(item);
    now -= 1;
    return item * 2;
  });
  expect(doubled).toEqual([10, 8, 6, 4, 2]);
  expect(most).toBe(2);
});

it("has nothing to do without items, and throws what is thrown", async () => {
  expect(await concurrently([], 4, () => Promise.reject(new Error("never")))).toEqual([]);
  await expect(concurrently([1], 4, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
