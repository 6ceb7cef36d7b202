import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type PlannedRelease, plannedRelease, textOf } from "../support/channels.ts";

function caskOf({ flags, ...more }: PlannedRelease): string {
  return textOf(
    plannedRelease({ ...more, flags: { homebrewCask: "octo/homebrew-tap", ...flags } }),
  );
}

function formulaOf({ flags, ...more }: PlannedRelease): string {
  return textOf(plannedRelease({ ...more, flags: { homebrew: "octo/homebrew-tap", ...flags } }));
}

describe("Ruby", () => {
  it.each<[string, PlannedRelease]>([
    ["the plain one", {}],
    ["one platform", { flags: { targets: "linux/arm64" } }],
    ["all that can be said", { flags: { homebrewCaveats: 'a "b" #{c}\n\nd', homebrewTest: "-v" } }],
    ["a tag with a folder", { flags: { archive: "none", metadata: 'description=a\\"#{b}' } }],
  ])("finds no fault in the syntax of %s", (_, release) => {
    const said = execFileSync("ruby", ["-wc"], { input: formulaOf(release), encoding: "utf8" });
    expect(said).toBe("Syntax OK\n");
  });

  it.each<[string, PlannedRelease]>([
    ["the plain one", {}],
    ["one platform", { flags: { targets: "darwin/arm64" } }],
    [
      "all of it",
      { flags: { homebrewCaveats: 'a "b" #{c}', caskConflicts: "a,b", caskUnquarantine: true } },
    ],
  ])("finds no fault in the syntax of a cask: %s", (_, release) => {
    const said = execFileSync("ruby", ["-wc"], { input: caskOf(release), encoding: "utf8" });
    expect(said).toBe("Syntax OK\n");
  });
});
