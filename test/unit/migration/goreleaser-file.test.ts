import { describe, expect, it } from "vitest";
import { readGoReleaser } from "../../../src/migration/goreleaser-file.ts";
import { Problem } from "../../../src/model/problem.ts";

/** Each alias stands for ten of the one before. */
const LAUGHS = [
  "a0: &a0 [x]",
  ...Array.from({ length: 8 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(10)}]`),
].join("\n");

const unreadable: readonly (readonly [string, string, RegExp])[] = [
  ["no YAML", "builds: [", /^file\.yaml:1:\d+: /u],
  ["an alias of nothing", "builds: *none", /^file\.yaml:.*none/u],
  ["nothing but an alias of nothing", "*ef", /^file\.yaml:.*ef/u],
  ["aliases of aliases", LAUGHS, /^file\.yaml: .*alias/iu],
];

describe("a configuration of GoReleaser", () => {
  it.each(unreadable)("with %s is told with its cure", async (_, text, words) => {
    const read = readGoReleaser(text, "file.yaml", async () => await Promise.resolve(undefined));
    await expect(read).rejects.toBeInstanceOf(Problem);
    await expect(read).rejects.toMatchObject({ message: expect.stringMatching(words) });
  });

  it.each(unreadable)("that includes one with %s names that one", async (_, text, words) => {
    const file = "includes: [{from_file: {path: file.yaml}}]";
    const read = readGoReleaser(file, "own.yaml", async () => await Promise.resolve(text));
    await expect(read).rejects.toBeInstanceOf(Problem);
    await expect(read).rejects.toMatchObject({ message: expect.stringMatching(words) });
  });
});
