import { execFileSync } from "node:child_process";
import { describe, expect, inject, it } from "vitest";
import type { Outcome } from "./program.ts";
import { call, start, treeOf } from "./program.ts";
import { PROGRAM, type Repository, repositoryOf, type Tree } from "./repository.ts";

/** One thing that cannot be released, and the exact words that say so. */
export interface Refusal {
  readonly name: string;
  /** What is committed; a program at the root when left out. */
  readonly tree?: Tree;
  /** Null for no tag. */
  readonly tag?: string | null;
  /** What happens before the program is called; it may give another folder to call it in. */
  readonly prepare?: (repository: Repository) => string | undefined | Promise<string | undefined>;
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** 1 unless it is a matter of usage. */
  readonly status?: 1 | 2;
  /** Everything from `error:` to the end, with this run's own paths and hashes in angle brackets. */
  readonly says: string;
  /** The output folder that was taken before it failed: only its mark may be left there. */
  readonly opens?: string;
  /** Through the bundle, in a process of its own. */
  readonly bundled?: true;
}

/** Tests that each is refused in its own words, with its status, and that nothing has changed. */
export function refuses(title: string, rows: readonly Refusal[]): void {
  describe(title, () => {
    it.each(rows)("$name", async (row) => {
      const repository = repositoryOf(row.tree ?? PROGRAM, row.tag);
      const folder = (await row.prepare?.(repository)) ?? repository.folder;
      const before = untaken(row, repository);
      const outcome = await perform(row, folder);
      expect(plain(outcome.stderr, folder, repository.folder)).toBe(row.says);
      expect(outcome.status).toBe(row.status ?? 1);
      expect(outcome.stdout).toBe("");
      expect(untaken(row, repository)).toEqual(before);
    });
  });
}

/** Everything in the repository but the output folder's own mark. */
function untaken({ opens }: Refusal, { folder }: Repository): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(treeOf(folder)).filter(
      ([path]) => path !== opens && path !== `${opens}/.gitignore`,
    ),
  );
}

async function perform(row: Refusal, folder: string): Promise<Outcome> {
  const argv = row.argv ?? [];
  return row.bundled === undefined
    ? await call(argv, folder, row.env)
    : await start(inject("bundle"), argv, folder, row.env).ended;
}

function plain(stderr: string, folder: string, root: string): string {
  const from = stderr.search(/^error: /mu);
  return (from < 0 ? stderr : stderr.slice(from))
    .trimEnd()
    .replaceAll(folder, "<folder>")
    .replaceAll(root, "<root>")
    .replaceAll(/\b(?!0+\b)[0-9a-f]{64}\b/gu, "<digest>")
    .replaceAll(/\b(?:[0-9a-f]{40}|[0-9a-f]{12})\b/gu, "<hash>")
    .replaceAll(/\.\d+\.tmp\b/gu, ".<pid>.tmp")
    .replaceAll(/\/proc\/\d+\/environ/gu, "<environ>")
    .replaceAll(/(?<=^error: go build failed for )\S+/gu, "<target>")
    .replaceAll(GO, "<go>")
    .replaceAll(`go-version: ${GO.slice("go".length)}`, "go-version: <goversion>")
    .replaceAll(`${GOROOT}/pkg/tool/${GOHOSTOS}_${GOHOSTARCH}/`, "<goroot>/pkg/tool/<platform>/");
}

const goEnv = execFileSync("go", ["env", "GOVERSION", "GOROOT", "GOHOSTOS", "GOHOSTARCH"], {
  encoding: "utf8",
});
const [GO = "", GOROOT = "", GOHOSTOS = "", GOHOSTARCH = ""] = goEnv.trim().split("\n");

/** A text of several lines, one an argument. */
export function lines(...all: readonly string[]): string {
  return all.join("\n");
}
