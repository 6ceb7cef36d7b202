import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished, TestRunner } from "vitest";

/** Where a program lies, links left alone. */
export function whereIs(program: string): string {
  return execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
}

/** A folder for PATH that goes with the test, or with the file of the tests that it is made for. */
function folderOnPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "go-release-path-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (TestRunner.getCurrentTest() === undefined) afterAll(remove);
  else onTestFinished(remove);
  return folder;
}

/** A PATH on which these programs are, and no others. */
export function pathWith(...programs: readonly string[]): string {
  const folder = folderOnPath();
  for (const program of programs) symlinkSync(whereIs(program), join(folder, program));
  return folder;
}

/** A PATH whose `go` is a shell script; `$REAL` in it is the real one. */
export function pathWithGo(script: string): string {
  const folder = folderOnPath();
  const file = join(folder, "go");
  writeFileSync(file, `#!/bin/sh\nREAL=${whereIs("go")}\n${script}\n`);
  chmodSync(file, 0o755);
  return `${folder}:${process.env["PATH"]}`;
}

/** A file as `go env -w` writes it. */
export function settingsOf(text: string): string {
  const file = join(folderOnPath(), "env");
  writeFileSync(file, text);
  return file;
}
