// Modules to be released, in a folder that is gone when the process ends.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const BUNDLE = resolve(fileURLToPath(import.meta.url), "../../../../dist/index.js");
export const root = mkdtempSync(join(tmpdir(), "bench-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));

/** A module of one program with these files besides; its folder. */
export function moduleIn(name, files = {}) {
  const folder = join(root, name);
  mkdirSync(folder);
  const all = { "go.mod": "module example.com/bench\n\ngo 1.21\n", "main.go": "package main\n\nfunc main() {}\n", ...files };
  for (const [path, text] of Object.entries(all)) writeFileSync(join(folder, path), text);
  return folder;
}

export function commit(folder) {
  const git = (...args) => execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "bench");
  git("tag", "v1.0.0");
}

export function committedModule(name, files) {
  const folder = moduleIn(name, { ".gitignore": "dist/\n", ...files });
  commit(folder);
  return folder;
}
