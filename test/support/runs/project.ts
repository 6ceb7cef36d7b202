import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { emptyRepository, type Repository, type Tree } from "../repository.ts";

export const TAG = "v1.2.3";

const tree: Tree = {
  "go.mod": "module example.com/age\n\ngo 1.22\n",
  // Without a package that is slow to link.
  "main.go": `package main

import "os"

var version = "dev"

func main() { os.Stdout.WriteString("age " + version + "\\n") }
`,
  LICENSE: "MIT\n",
  "README.md": "# age\n",
  "CHANGELOG.md": "# Changelog\n\n## 1.2.3\n\n- The first release.\n",
  ".go-release.yaml": "targets: [linux/amd64, darwin/arm64, windows/amd64]\n",
};

/** A small Go module in a git repository, tagged, and its clones as jobs find them; every time the same commit. */
export class Project {
  readonly origin: Repository;
  readonly #folder: string;
  #clones = 0;

  constructor(folder: string) {
    this.#folder = folder;
    const path = join(folder, "origin");
    mkdirSync(path);
    this.origin = emptyRepository(tree, path);
    this.origin.commit(TAG);
  }

  get head(): string {
    return this.origin.git("rev-parse", "HEAD");
  }

  /** A further commit, to which the tag is moved. */
  moveTag(changed: Tree): void {
    this.origin.write(changed);
    this.origin.git("tag", "--delete", TAG);
    this.origin.commit(TAG);
  }

  /** A fresh clone, checked out at the tag. */
  clone(): string {
    this.#clones += 1;
    const path = join(this.#folder, `clone-${this.#clones}`);
    const quiet = ["-c", "advice.detachedHead=false", "clone", "--quiet", "--branch", TAG];
    execFileSync("git", [...quiet, this.origin.folder, path]);
    return path;
  }
}
