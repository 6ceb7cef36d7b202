import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Contents by path relative to the repository's root. */
export type Tree = Readonly<Record<string, string>>;

/** A git repository in a temporary folder that goes with the test. */
export class Repository {
  /** Absolute, links resolved. */
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  git(...args: readonly string[]): string {
    return execFileSync("git", args, {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, ...IDENTITY },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }

  write(tree: Tree): void {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  /** Commits everything, and tags it when there is a name. */
  commit(tag?: string): void {
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "-m", "feat: the next step");
    if (tag !== undefined) this.git("tag", tag);
  }
}

/** Who commits, and when: the same hashes on every machine and day. */
export const IDENTITY = {
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_AUTHOR_DATE: "2026-01-31T12:00:00Z",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
  GIT_COMMITTER_DATE: "2026-01-31T12:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

/** A temporary folder that goes with the test. */
export function temporaryFolder(name = "go-release-"): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), name)));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A repository without a commit. */
export function emptyRepository(tree: Tree = {}, folder = temporaryFolder()): Repository {
  const repository = new Repository(folder);
  repository.git("init", "-q", "-b", "main");
  repository.write(tree);
  return repository;
}

/** A repository with one commit, tagged unless `tag` is null. */
export function repositoryOf(tree: Tree, tag: string | null = "v1.2.3"): Repository {
  const repository = emptyRepository(tree);
  repository.commit(tag ?? undefined);
  return repository;
}

export const GO_MOD = "module example.com/tool\n\ngo 1.21\n";

export const MAIN = `package main

import "fmt"

var version, commit, date string

func main() { fmt.Println("tool", version, commit, date) }
`;

export const LIBRARY = "package tool\n\nfunc Answer() int { return 42 }\n";

/** One program at the module's root. */
export const PROGRAM: Tree = { "go.mod": GO_MOD, "main.go": MAIN, LICENSE: "MIT\n" };

/** A program that is compiled in a moment where nothing is cached: it imports nothing. */
export const SMALL: Tree = {
  ...PROGRAM,
  "main.go":
    "package main\n\nvar version, commit, date string\n\nfunc main() { println(version, commit, date) }\n",
};

/** Two programs under `cmd/`, beside a library. */
export const COMMANDS: Tree = {
  "go.mod": GO_MOD,
  "tool.go": LIBRARY,
  "cmd/client/main.go": MAIN,
  "cmd/server/main.go": MAIN,
};
