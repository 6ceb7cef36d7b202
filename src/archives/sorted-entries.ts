import { Problem } from "../model/problem.ts";
import type { Entry } from "./archive.ts";

/**
 * The entries as every format writes them: sorted by the bytes of their names. Throws one `Problem`
 * that names every entry which could not be unpacked safely on every platform.
 */
export function sortedEntries(entries: readonly Entry[]): readonly Entry[] {
  const sorted = byName(entries);
  refuse([...nameFaults(sorted.map(({ name }) => name)), ...sorted.flatMap(sizeFaults)]);
  return sorted;
}

/** The order of files in an archive: by the bytes of their names. */
export function byName<Named extends Pick<Entry, "name">>(
  entries: readonly Named[],
): readonly Named[] {
  return entries
    .map((entry) => ({ entry, key: Buffer.from(entry.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);
}

/** The same for names alone, before there is anything to pack. */
export function assertPackable(names: readonly string[]): void {
  refuse(nameFaults(names));
}

function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new Problem("archive-entry", `cannot pack ${faults.join("; ")}`, {
    hint: "names inside an archive are relative paths with forward slashes, each used once",
  });
}

function nameFaults(names: readonly string[]): string[] {
  return [
    ...names.flatMap((name) => {
      const rule = brokenRule(name);
      return rule === undefined ? [] : [`${JSON.stringify(name)} (${rule})`];
    }),
    ...collisions(names),
  ];
}

function sizeFaults({ name, size }: Entry): string[] {
  return Number.isSafeInteger(size) && size >= 0
    ? []
    : [`${JSON.stringify(name)} (its size is ${size})`];
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
function collisions(all: readonly string[]): string[] {
  const names = new Set<string>();
  const faults = new Set<string>();
  for (const name of all) {
    if (names.has(name)) faults.add(`${JSON.stringify(name)} (listed more than once)`);
    names.add(name);
  }
  for (const name of names)
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1))
      if (names.has(name.slice(0, end)))
        faults.add(`${JSON.stringify(name.slice(0, end))} (both a file and a folder)`);
  return [...faults];
}
