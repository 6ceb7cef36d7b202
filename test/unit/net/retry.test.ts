import { describe, expect, it } from "vitest";
import {
  BRISK,
  eventually,
  PATIENT,
  pacer,
  type RetryPolicy,
  retry,
} from "../../../src/net/retry.ts";
import { Passing, type PassingOptions } from "../../../src/net/server.ts";
import { seededBytes } from "../../support/seeded.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const asked = {
  server: { name: "GitHub", code: "github", again: "run it again", secrets: [] },
  url: "https://api.example/x?token=1",
};

function passing(options: PassingOptions = {}): Passing {
  return new Passing(asked, { what: "answered 502", said: "busy", hint: "wait" }, options);
}

/** What becomes of work that fails so, again and again; when its tries began, in milliseconds. */
async function tried(policy: RetryPolicy, failure: (nth: number) => Error | undefined) {
  const clock = new VirtualClock();
  const start = clock.now();
  const began: number[] = [];
  const error: unknown = await retry(policy, { clock, random: seededBytes(7) })(async (nth) => {
    began.push(clock.now() - start);
    const reason = failure(nth);
    if (reason !== undefined) throw reason;
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { began, error, took: clock.now() - start };
}

describe("what passes", () => {
  it("is tried again, after pauses that double and differ by a quarter", async () => {
    const { began, error } = await tried(PATIENT, (nth) => (nth < 5 ? passing() : undefined));
    expect(error).toBeUndefined();
    const pauses = began.slice(1).map((at, nth) => at - (began[nth] ?? 0));
    for (const [nth, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(750 * 2 ** nth);
      expect(pause).toBeLessThanOrEqual(1250 * 2 ** nth);
    }
    expect(new Set(pauses.map((pause, nth) => pause / 2 ** nth)).size).toBe(4);
  });

  it("and stays is a problem that says how often it was tried, and never the query", async () => {
    const { began, error } = await tried(BRISK, () => passing());
    expect(began).toHaveLength(4);
    expect(error).toMatchObject({
      name: "Problem",
      message: "GitHub (https://api.example/x) answered 502 in 4 tries: busy",
    });
  });

  it("and stays is what the caller knows of it", async () => {
    const final = new Error("the tag is taken");
    expect((await tried(BRISK, () => passing({ final }))).error).toBe(final);
  });

  it("for half a minute at most is not tried any longer", async () => {
    const { began, took } = await tried(PATIENT, () => passing({ within: 30_000 }));
    expect(began.length).toBeGreaterThan(4);
    expect(took).toBeGreaterThan(15_000);
    expect(took).toBeLessThan(30_000);
  });

  it("for half a minute has it from when it began, not from the first failure", async () => {
    const { began, took } = await tried({ ...PATIENT, tries: 12 }, (nth) =>
      nth < 6 ? passing() : passing({ within: 30_000 }),
    );
    expect(took).toBeGreaterThan(31_000);
    expect(began.length).toBeGreaterThanOrEqual(9);
  });
});

it("what does not pass is thrown at once", async () => {
  const bug = new TypeError("ours");
  expect(await tried(PATIENT, () => bug)).toEqual({ began: [0], error: bug, took: 0 });
});

describe("a limit", () => {
  it("is waited for as long as the server says, and is no failure", async () => {
    const limited = (nth: number) =>
      nth <= 20 ? passing({ wait: 20_000, limited: true }) : undefined;
    const { error, took } = await tried(PATIENT, limited);
    expect(error).toBeUndefined();
    expect(took).toBeGreaterThanOrEqual(20 * 20_000);
  });

  it("without a word of its end is given a minute, then two", async () => {
    const { began } = await tried(PATIENT, (nth) =>
      nth < 3 ? passing({ limited: true }) : undefined,
    );
    expect(began[1]).toBeGreaterThanOrEqual(60_000);
    expect((began[2] ?? 0) - (began[1] ?? 0)).toBeGreaterThanOrEqual(120_000);
  });

  it("that asks for more than there is patience for is a problem at once", async () => {
    const { began, error } = await tried(PATIENT, () =>
      passing({ wait: 3_600_000, limited: true }),
    );
    expect(began).toEqual([0]);
    expect(error).toMatchObject({
      message: expect.stringContaining("asks for longer waits than the maximum of 10 minutes"),
    });
  });

  it("that asks for no time, for ever, is not tried for ever", async () => {
    const { began, took } = await tried(PATIENT, () => passing({ wait: 0, limited: true }));
    expect(took).toBeLessThan(11 * 60_000);
    expect(began.length).toBeLessThan(40);
  });

  it("keeps everybody quiet who asks the same server", async () => {
    const clock = new VirtualClock();
    const again = retry(PATIENT, { clock, random: seededBytes(1) });
    const start = clock.now();
    await again(async (nth) => {
      if (nth === 1) throw passing({ wait: 60_000, limited: true });
      await Promise.resolve();
    });
    let other = 0;
    const limited = again(async (nth) => {
      if (nth === 1) throw passing({ wait: 60_000, limited: true });
    });
    await again(async () => {
      other = clock.now() - start;
    });
    await limited;
    expect(other).toBeGreaterThanOrEqual(60_000);
  });
});

it("the end of a run ends all tries, and the wait for the next one", async () => {
  const run = new AbortController();
  const clock = new VirtualClock();
  const work = retry(PATIENT, { clock, random: seededBytes(1) })(async () => {
    run.abort(new Error("interrupted"));
    throw passing();
  }, run.signal);
  await expect(work).rejects.toThrow("interrupted");
  const looking = eventually(
    { look: async () => 1, until: () => false, looks: 9 },
    { clock, random: seededBytes(1) },
    run.signal,
  );
  await expect(looking).rejects.toThrow("interrupted");
});

describe("what is seen late", () => {
  const pace = () => ({ clock: new VirtualClock(), random: seededBytes(3) });

  it("is looked for until it is there", async () => {
    let seen = 0;
    const look = async () => (seen += 1);
    expect(await eventually({ look, until: (at) => at === 3, looks: 5 }, pace())).toBe(3);
  });

  it.each([
    ["is what its caller says of it", { otherwise: (last: number) => new Error(`only ${last}`) }],
    ["is the last that was seen", {}],
  ])("and never %s", async (_, otherwise) => {
    let seen = 0;
    const looking = { look: async () => (seen += 1), until: () => false, looks: 4, ...otherwise };
    const last = await eventually(looking, pace()).catch((error: Error) => error.message);
    expect(last).toBe("otherwise" in otherwise ? "only 4" : 4);
  });
});

it("no more is begun within a minute than was agreed", async () => {
  const clock = new VirtualClock();
  const start = clock.now();
  const pace = pacer(3, { clock });
  const begun: number[] = [];
  for (let nth = 0; nth < 7; nth += 1) {
    await pace();
    begun.push(clock.now() - start);
  }
  expect(begun).toEqual([0, 0, 0, 60_000, 60_000, 60_000, 120_000]);
});
