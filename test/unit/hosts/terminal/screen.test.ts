import { describe, expect, it } from "vitest";
import { screenOn } from "../../../../src/hosts/terminal/screen.ts";

function write(): void {}

describe("a screen", () => {
  it.each([
    [{}, {}, { live: false, colour: false, columns: 80, rows: 24 }],
    [{ isTTY: true, columns: 100, rows: 30 }, {}, { live: true, colour: true, columns: 100 }],
    [{ isTTY: true }, { NO_COLOR: "1" }, { live: true, colour: false }],
    [{ isTTY: true }, { NO_COLOR: "" }, { live: true, colour: true }],
    [{ isTTY: true }, { TERM: "dumb" }, { live: false, colour: false }],
    [{ isTTY: true }, { CI: "true" }, { live: false, colour: false }],
  ])("on %j in %j is %j", (stream, env, expected) => {
    expect(screenOn({ ...stream, write }, env)).toMatchObject(expected);
  });

  it("is as wide as its window, which people change", () => {
    const stream = { isTTY: true, columns: 100, rows: 30, write };
    const screen = screenOn(stream, {});
    Object.assign(stream, { columns: 40, rows: 20 });
    expect([screen.columns, screen.rows]).toEqual([40, 20]);
  });
});
