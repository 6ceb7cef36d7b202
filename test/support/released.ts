import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Manifest } from "../../src/model/manifest.ts";
import { call } from "./program.ts";

export const LINUX = "--targets=linux/amd64";
/** A real release, into a folder. */
export const REAL = ["--dry-run=false", "--forge=directory", LINUX];

export const EMBEDDING = (pattern: string): string =>
  `package main\n\nimport "embed"\n\n//go:embed ${pattern}\nvar files embed.FS\n\nfunc init() { _ = files }\n`;

/** A library, and a program that has it. */
export const ANSWER = "package lib\n\nfunc Answer() int { return 42 }\n";
export const ASKING =
  'package main\n\nimport "example.com/lib"\n\nfunc main() { println(lib.Answer()) }\n';

/** What a run was warned of or told, but for what every dry or unsigned one is. */
export function warnings(stderr: string): readonly string[] {
  return stderr
    .split("\n")
    .filter((line) => /^(warning|note): (?!nothing is|a dry run)/u.test(line));
}

export function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "dist/manifest.json"), "utf8")) as Manifest;
}

/** Releases for real, without a word of warning. */
export async function released(folder: string, ...argv: readonly string[]): Promise<Manifest> {
  const { status, stderr } = await call([...REAL, ...argv], folder);
  expect({ status, said: warnings(stderr) }, stderr).toEqual({ status: 0, said: [] });
  return manifestIn(folder);
}
