import { describe, expect, it } from "vitest";
import { readHeading } from "../../../../src/plan/changelog/heading.ts";

const names = new Set(["hello", "world"]);

function read(text: string): string | undefined {
  const found = readHeading(text, names);
  if (typeof found !== "object") return found;
  const { versions, short, of, bare } = found;
  const all = versions.map(({ raw }) => raw).join(" ");
  return [all, ...(short ? ["short"] : []), of, bare ? "bare" : "phrase"].join(" ");
}

describe("a changelog's heading", () => {
  it.each([
    "1.1.0",
    "v1.1.0",
    "V1.1.0",
    "[1.1.0] - 2026-01-01",
    "[1.1.0] 2026-01-01",
    "1.1.0 / 2026-01-01",
    "v1.1.0 (January 5, 2026)",
    "1.1.0 January 5",
    "v1.1.0 - 2026.01.02",
    "2026.01.02 v1.1.0",
    "v1.1.0 (5.6.2026)",
    "2026-01-01 - v1.1.0",
    "January 5th, 2026: v1.1.0",
    "Version 1.1.0",
    "Release v1.1.0:",
    "🚀 v1.1.0",
    ":tada: 1.1.0 :tada:",
    "1.1.0: The Codename",
    "1.1.0 [YANKED]",
    "1.1.0 (Unreleased)",
    "“1.1.0”",
    "refs/tags/v1.1.0",
  ])("%s stands over 1.1.0", (text) => {
    expect(read(text)).toBe("1.1.0 any bare");
  });

  it.each([
    ["1.1.0-rc.1", "1.1.0-rc.1 any bare"],
    ["1.1.0-0.1 (2026-01-01)", "1.1.0-0.1 any bare"],
    ["1.1.0+build.1", "1.1.0+build.1 any bare"],
    ["1.2", "1.2.0 short any bare"],
    ["hello 1.1.0", "1.1.0 named bare"],
    ["Hello, World: v1.1.0", "1.1.0 named bare"],
    ["hello@1.1.0", "1.1.0 named bare"],
    ["hello-v1.1.0", "1.1.0 named bare"],
    ["@acme/hello@1.1.0", "1.1.0 named bare"],
    ["cli/v1.1.0", "1.1.0 other bare"],
    ["1.45.0/0.67.0/0.0.18 - 2026-08-03", "1.45.0 0.67.0 0.0.18 any bare"],
    ["1.0.1, 1.0.2 and v1.0.3 (2026-01-01)", "1.0.1 1.0.2 1.0.3 any bare"],
    ["2026.1.2", "2026.1.2 any bare"],
    ["1.1.0 The Codename", "1.1.0 any phrase"],
    ["What's new in v1.1.0", "1.1.0 any phrase"],
    ["1.0.0 → 1.1.0", "1.0.0 any phrase"],
    ["1.0.0 - 1.1.0", "1.0.0 any phrase"],
  ])("%s is read as %s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    "Migrating from 1.1.0",
    "Upgrading to 1.1.0",
    "Changes since v1.1.0",
    "Kubernetes 1.30.0",
    "Go 1.22",
    "1.2.3.4",
    "1.1.x",
    "v2",
    "Features",
    "",
  ])("%s is about no version of the module", (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each(["Unreleased", "[Unreleased] - 2026", "Upcoming", "Unreleased – 1.1.0", "next (1.2.0)"])(
    "%s is not released",
    (text) => {
      expect(read(text)).toBe("unreleased");
    },
  );
});
