import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseChecksums } from "../../src/checksums/checksums.ts";
import type { Manifest } from "../../src/model/manifest.ts";

function digestOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** What is wrong with an output folder: a file that speaks of others which are not there, or are not what it says. */
export function unsound(output: string): readonly string[] {
  const faults: string[] = [];
  const check = (witness: string, name: string, sha256: string): void => {
    const path = join(output, name);
    if (!existsSync(path)) faults.push(`${witness} names ${name}, which is missing`);
    else if (digestOf(path) !== sha256) faults.push(`${witness} has another digest of ${name}`);
  };
  const manifest = join(output, "manifest.json");
  if (existsSync(manifest)) {
    const { artifacts } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
    for (const { path, sha256 } of artifacts) check("manifest.json", path, sha256);
  }
  const checksums = join(output, "checksums.txt");
  if (existsSync(checksums)) {
    for (const { name, digest } of parseChecksums(readFileSync(checksums, "utf8"), checksums))
      check("checksums.txt", name, digest);
  }
  return faults;
}

/** The names that a whole release has in its output folder, by its manifest. */
export function wholeRelease(output: string): readonly string[] {
  const { artifacts } = JSON.parse(readFileSync(join(output, "manifest.json"), "utf8")) as Manifest;
  return [".gitignore", "manifest.json", "plan.json", ...artifacts.map(({ name }) => name)].sort();
}

export function namesIn(folder: string): readonly string[] {
  return readdirSync(folder).sort();
}

/** Processes whose command line, environment or folder speaks of `word` (proc(5)), by their command line. */
export function processesOf(word: string): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/u.test(pid) || Number(pid) === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      return command.includes(word) || environment.includes(word) ? [`${pid} ${command}`] : [];
    } catch {
      return [];
    }
  });
}
