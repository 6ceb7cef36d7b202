import { describe, expect, it } from "vitest";
import { hookBench, runHook } from "../../../src/release/hooks.ts";
import type { Clock, Command, Stream } from "../../../src/world/world.ts";

const SECRET = "a-secret-of-somebody";

const never: Clock = {
  now: () => 0,
  sleep: (_, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new Error("no more needed")));
    }),
};
const atOnce: Clock = { now: () => 0, sleep: () => Promise.resolve() };

/** A program that is stopped only. */
const waiting: Stream = (_, { signal, onLine }) => {
  onLine("it waits", "stdout");
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("aborted")));
  });
};

function bench(env: Readonly<Record<string, string>> = {}, named: readonly string[] = []) {
  return hookBench({ input: "before", named, minutes: 2, env: { PATH: "/bin", ...env }, more: {} });
}

const watch = { signal: new AbortController().signal, say: () => {} };

function hookOf(...words: readonly string[]) {
  return { input: "before" as const, words, folder: "/work" };
}

describe("a command", () => {
  it("is stopped when its time is over", async () => {
    const run = runHook(hookOf("make"), bench(), { stream: waiting, clock: atOnce }, watch);
    await expect(run).rejects.toMatchObject({
      message: "before: `make` was stopped after 2 minutes\n  it waits",
      hint: "see what it waits for, or raise `command-timeout`",
    });
  });

  it("sees nothing but what it needs and what is named, and shows none of that", async () => {
    const started: Command[] = [];
    const said: string[] = [];
    const stream: Stream = (command, { onLine }) => {
      started.push(command);
      onLine(`key ${SECRET}`, "stderr");
      return Promise.resolve({ status: 4, signal: null });
    };
    const env = { KEY: SECRET, GITHUB_TOKEN: "t", AWS_SECRET_ACCESS_KEY: "s", HOME: "/home/x" };
    const run = runHook(
      hookOf("./tool", SECRET),
      bench(env, ["KEY"]),
      { stream, clock: never },
      { ...watch, say: (line) => said.push(line) },
    );
    await expect(run).rejects.toMatchObject({
      message: "before: `./tool ***` failed (exit status 4)\n  key ***",
    });
    expect(said).toEqual(["key ***"]);
    expect(started).toEqual([
      {
        file: "/work/tool",
        args: [SECRET],
        cwd: "/work",
        env: { PATH: "/bin", HOME: "/home/x", KEY: SECRET },
      },
    ]);
  });

  it("that somebody stops is no fault of its own", async () => {
    const stop = new AbortController();
    const run = runHook(
      hookOf("make"),
      bench(),
      { stream: waiting, clock: never },
      {
        ...watch,
        signal: stop.signal,
      },
    );
    stop.abort(new Error("stopped by Ctrl-C"));
    await expect(run).rejects.toThrow("stopped by Ctrl-C");
  });
});
