import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whereIs } from "../path.ts";

/** `go` and `git` on a PATH of their own, each writing down how it was called before it does its work. */
export class Wrappers {
  readonly bin: string;
  readonly #records: string;

  constructor(folder: string) {
    this.bin = join(folder, "bin");
    this.#records = join(folder, "children");
    mkdirSync(this.bin, { recursive: true });
    mkdirSync(this.#records, { recursive: true });
    for (const name of ["go", "git"]) {
      const path = join(this.bin, name);
      const record = `"${this.#records}/${name}-$$"`;
      writeFileSync(
        path,
        `#!/bin/sh\n{ printf '%s\\0' "$@"; env -0; } >> ${record}\nexec "${whereIs(name)}" "$@"\n`,
      );
      chmodSync(path, 0o755);
    }
  }

  /** Arguments and environment of every child so far, by name and process. */
  children(): readonly { readonly name: string; readonly text: string }[] {
    return readdirSync(this.#records).map((name) => ({
      name,
      text: readFileSync(join(this.#records, name), "utf8"),
    }));
  }
}

/**
 * What everybody on the machine can see of a process and those below it (proc(5)): the arguments of all, and
 * the environments of those below.
 */
export class ProcWatch {
  readonly #root: number;
  readonly #seen = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  looks = 0;

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => this.#look(), 30);
  }

  stop(): readonly string[] {
    clearInterval(this.#timer);
    return [...this.#seen];
  }

  #look(): void {
    this.looks += 1;
    const parents = new Map<number, number>();
    for (const entry of readdirSync("/proc")) {
      const pid = Number(entry);
      const stat = Number.isInteger(pid) ? read(`/proc/${pid}/stat`) : "";
      if (stat !== "")
        parents.set(pid, Number(stat.slice(stat.lastIndexOf(")") + 4).split(" ")[0]));
    }
    const own = read(`/proc/${this.#root}/cmdline`);
    for (const pid of parents.keys()) {
      if (!this.#isBelow(pid, parents)) continue;
      const words = read(`/proc/${pid}/cmdline`);
      this.#seen.add(words);
      // Until a child becomes another program it is its parent's image, in /proc too.
      if (words !== own) this.#seen.add(read(`/proc/${pid}/environ`));
    }
  }

  #isBelow(pid: number, parents: ReadonlyMap<number, number>): boolean {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
      if (at === this.#root) return true;
    }
    return false;
  }
}

/** Empty when the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
