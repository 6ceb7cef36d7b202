import { expect, it } from "vitest";
import { openedWhenUsed } from "../../../src/app/stage.ts";
import type { Staged } from "../../../src/forges/forge.ts";
import { asset } from "../../support/assets.ts";

const staged: Staged = {
  existing: async () => undefined,
  put: async () => {},
  becomesImmutable: async () => true,
  publish: async () => ({ url: "", changed: true, immutable: true, notices: [] }),
};

it("a release is opened once for all who use it, and not before", async () => {
  let opened = 0;
  const lazy = openedWhenUsed(async () => {
    opened += 1;
    return staged;
  });
  expect(opened).toBe(0);
  await Promise.all([lazy.put(asset("a", "a")), lazy.put(asset("b", "b")), lazy.existing("a")]);
  expect(await lazy.becomesImmutable()).toBe(true);
  await lazy.publish([]);
  expect(opened).toBe(1);
});

it("a release that cannot be opened, or whose opening is stopped, fails for all who use it", async () => {
  const stopped = new AbortController();
  const lazy = openedWhenUsed(
    (signal) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  );
  const all = [lazy.put(asset("a", "a"), stopped.signal), lazy.put(asset("b", "b"))];
  stopped.abort(new Error("enough"));
  expect(await Promise.allSettled(all)).toMatchObject(
    all.map(() => ({ status: "rejected", reason: { message: "enough" } })),
  );
});
