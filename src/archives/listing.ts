import { Problem } from "../model/problem.ts";
import type { Entry } from "./archive.ts";

/**
 * The entries as every format writes them: sorted by the bytes of their names. Throws one `Problem`
 * that names every entry which could not be unpacked safely on every platform.
 */
export function listing(entries: readonly Entry[]): readonly Entry[] {
  const sorted = entries
    .map((entry) => ({ entry, key: Buffer.from(entry.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);
  const faults = [...sorted.flatMap(ownFaults), ...collisions(sorted)];
  if (faults.length === 0) return sorted;
  throw new Problem("archive-entry", `cannot pack ${faults.join("; ")}`, {
    hint: "names inside an archive are relative paths with forward slashes, each used once",
  });
}

function ownFaults({ name, size }: Entry): string[] {
  const quoted = JSON.stringify(name);
  const rule = brokenRule(name);
  if (rule !== undefined) return [`${quoted} (${rule})`];
  if (!Number.isSafeInteger(size) || size < 0) return [`${quoted} (its size is ${size})`];
  return [];
}

function brokenRule(name: string): string | undefined {
  if (name === "") return "the name is empty";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "an absolute path";
  if (name.includes("\\")) return "it contains a backslash";
  if (/\p{Cc}/u.test(name)) return "it contains a control character";
  if (/\p{Cs}/u.test(name)) return "it is not valid Unicode";
  if (name.split("/").includes("..")) return "it leaves the archive";
  if (name.split("/").some((part) => part === "" || part === ".")) return "an empty or `.` part";
  return undefined;
}

/** Two entries of one name, and a file where another entry needs a folder. */
function collisions(entries: readonly Entry[]): string[] {
  const names = new Set<string>();
  const faults = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) faults.add(`${JSON.stringify(name)} (it occurs more than once)`);
    names.add(name);
  }
  for (const name of names)
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1))
      if (names.has(name.slice(0, end)))
        faults.add(`${JSON.stringify(name.slice(0, end))} (both a file and a folder)`);
  return [...faults];
}
