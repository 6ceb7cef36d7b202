import { describe, expect, it } from "vitest";
import { LiveView } from "../../../../src/hosts/terminal/live.ts";
import { terminal } from "../../../../src/hosts/terminal/terminal.ts";
import type { Event } from "../../../../src/model/event.ts";
import { Problem } from "../../../../src/model/problem.ts";

function said(events: readonly Event[], colour = false): string {
  let text = "";
  const host = terminal({
    folder: "/tool",
    env: {},
    now: () => 0,
    every: () => () => {},
    screen: { write: (more) => void (text += more), live: false, colour, columns: 80, rows: 24 },
  });
  for (const event of events) host.tell(event);
  return text;
}

const step = { kind: "build", of: "linux/amd64" } as const;

describe("lines for people", () => {
  it.each([
    [{ type: "started", step, at: 0 }, ""],
    [{ type: "ended", step, at: 5 }, "✓ build linux/amd64\n"],
    [{ type: "ended", step, at: 5, detail: "5 bytes" }, "✓ build linux/amd64 (5 bytes)\n"],
    [{ type: "ended", step, at: 5, error: new Error("no") }, ""],
    [{ type: "notice", message: "look" }, "note: look\n"],
    [{ type: "warning", message: "careful" }, "warning: careful\n"],
    [
      { type: "requested", method: "GET", url: "https://a.example/b", answer: 200, duration: 40 },
      "debug: GET https://a.example/b 200 (40 ms)\n",
    ],
  ] as const)("%j", (event, text) => {
    expect(said([event])).toBe(text);
  });

  it.each([
    ["a.b.c", { kind: "token" }],
    ["", undefined],
  ])("take the identity token %j that a CI hands over", (given, identity) => {
    const screen = { write: () => {}, live: false, colour: false, columns: 80, rows: 24 };
    const env = { SIGSTORE_ID_TOKEN: given };
    const host = terminal({ folder: "/", env, screen, now: () => 0, every: () => () => {} });
    if (identity === undefined) expect(host.surroundings.identity).toBeUndefined();
    else expect(host.surroundings.identity).toMatchObject(identity);
    expect(JSON.stringify(host.surroundings)).not.toContain("a.b.c");
  });

  it("tell a failure with its chain, its place and the cure last", () => {
    const cause = new Error("underneath", { cause: new Error("at the bottom") });
    const problem = new Problem("x", "it failed\n  more", {
      hint: "mend it",
      cause,
      step: { kind: "pack", of: "a.zip" },
    });
    expect(said([{ type: "failed", problem, at: 0 }])).toBe(
      "error: it failed (pack a.zip)\n  more\n  because underneath\n  because at the bottom\n  → mend it\n",
    );
  });

  it("have colour only where it is wanted", () => {
    const warning = { type: "warning", message: "x" } as const;
    expect(said([warning], true)).toBe("\u001b[33mwarning:\u001b[0m x\n");
    expect(said([warning])).not.toContain("\u001b");
  });
});

describe("the live view", () => {
  it("shows what is at work and for how long, and takes itself away", () => {
    const view = new LiveView();
    view.note({ type: "started", step, at: 1000 });
    view.note({ type: "started", step: { kind: "pack", of: "a.zip" }, at: 2000 });
    expect(view.draw(3500, 80, 24)).toBe(
      "  0 steps done, 2 running\n  build linux/amd64  2.5 s\n  pack a.zip  1.5 s\n",
    );
    expect(view.erase()).toBe("\u001b[3A\r\u001b[J");
    expect(view.erase()).toBe("");
    view.note({ type: "ended", step, at: 4000 });
    expect(view.draw(4000, 80, 24)).toBe("  1 step done, 1 running\n  pack a.zip  2.0 s\n");
  });

  it("fits the screen", () => {
    const view = new LiveView();
    for (let index = 0; index < 50; index++)
      view.note({
        type: "started",
        step: { kind: "build", of: `target-${index}`.repeat(20) },
        at: 0,
      });
    const lines = view.draw(0, 40, 10).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(9);
    for (const line of lines) expect(line.length).toBeLessThan(40);
  });
});
