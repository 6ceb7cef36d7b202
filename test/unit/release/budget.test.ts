import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Budget } from "../../../src/release/budget.ts";
import { parallel } from "../../../src/release/parallel.ts";

const GIB = 2 ** 30;
const quiet = new AbortController().signal;

/** A piece of work that ends when it is told to, and notes when it begins. */
function piece(name: string, log: string[]) {
  let end = (): void => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = async (): Promise<void> => {
    log.push(name);
    await done;
  };
  return { work, end };
}

describe("the budget", () => {
  it.each([
    [{ cores: 8, memory: 32 * GIB }, undefined, 8],
    [{ cores: 8, memory: 3 * GIB }, undefined, 3],
    [{ cores: 8, memory: GIB / 4 }, undefined, 1],
    [{ cores: 2, memory: 32 * GIB }, 1, 1],
  ])("of %j with the limit %s has %i cores", (machine, limit, cores) => {
    expect(new Budget(machine, limit).cores).toBe(cores);
  });

  it("never lets more work begin than fits, and lets urgent work go first", async () => {
    const budget = new Budget({ cores: 2, memory: 8 * GIB });
    const log: string[] = [];
    const a = piece("a", log);
    const b = piece("b", log);
    const c = piece("c", log);
    const pack = piece("pack", log);
    const all = [
      budget.use({ cores: 2 }, false, quiet, a.work),
      budget.use({ cores: 1 }, false, quiet, b.work),
      budget.use({ cores: 1 }, false, quiet, c.work),
      budget.use({ cores: 1 }, true, quiet, pack.work),
    ];
    await sleep(0);
    expect(log).toEqual(["a"]);
    a.end();
    await sleep(0);
    expect(log).toEqual(["a", "pack", "b"]);
    pack.end();
    await sleep(0);
    expect(log).toEqual(["a", "pack", "b", "c"]);
    b.end();
    c.end();
    await Promise.all(all);
  });

  it("gives all cores to work that wants more, and takes back what failed work had", async () => {
    const budget = new Budget({ cores: 2, memory: 8 * GIB });
    const failing = budget.use({ cores: 99 }, false, quiet, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await budget.use({ cores: 2 }, false, quiet, async () => "yes")).toBe("yes");
  });

  it("is left by work that is aborted while it waits", async () => {
    const budget = new Budget({ cores: 1, memory: 8 * GIB });
    const first = piece("first", []);
    const running = budget.use({ cores: 1 }, false, quiet, first.work);
    const leaver = new AbortController();
    const waiting = budget.use({ cores: 1 }, false, leaver.signal, async () => "never");
    leaver.abort(new Error("left"));
    await expect(waiting).rejects.toThrow("left");
    first.end();
    await running;
    expect(await budget.use({ cores: 1 }, false, quiet, async () => "next")).toBe("next");
  });
});

describe("work in parallel", () => {
  it("gives every result in the order of the work", async () => {
    expect(
      await parallel({ signal: quiet }, () => [Promise.resolve(1), Promise.resolve(2)]),
    ).toEqual([1, 2]);
  });

  it("throws the first failure when all have stopped, never an echo of the abort", async () => {
    const stopped: string[] = [];
    const story = parallel({ signal: quiet }, ({ signal }) => [
      sleep(5).then(() => Promise.reject(new Error("the cause"))),
      sleep(1000, undefined, { signal }).catch((error: unknown) => {
        stopped.push("slow");
        throw error;
      }),
    ]);
    await expect(story).rejects.toThrow("the cause");
    expect(stopped).toEqual(["slow"]);
  });

  it("throws what it was aborted with", async () => {
    const outer = new AbortController();
    const story = parallel(outer, ({ signal }) => [sleep(1000, undefined, { signal })]);
    outer.abort(new Error("interrupted"));
    await expect(story).rejects.toThrow("interrupted");
  });
});
