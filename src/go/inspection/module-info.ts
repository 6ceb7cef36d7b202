import type { BuildInfo, Module } from "../../model/binary.ts";
import { defined } from "../../model/defined.ts";
import type { Problem } from "../../model/problem.ts";
import { isPrintable } from "./printable.ts";
import { parseSetting } from "./setting.ts";

/**
 * Reads the lines that `debug.BuildInfo.String` writes. `refuse` makes the `Problem` to throw.
 * Lines of a kind not known here are passed over, as Go's `debug.ParseBuildInfo` does.
 */
export function parseModuleInfo(
  go: string,
  text: string,
  refuse: (fault: string) => Problem,
): BuildInfo {
  if (!isPrintable(go) || go === "") throw refuse("names no Go version");
  const lines = text.split("\n").map((line) => line.split("\t"));
  const rest = (word: string): string[] =>
    lines.filter(([first]) => first === word).map(([, ...columns]) => columns.join("\t"));
  const path = rest("path").at(-1) ?? "";
  if (!isPrintable(path)) throw refuse("names a package with control characters");
  return defined({
    go,
    path,
    ...modulesIn(lines, refuse),
    settings: Object.fromEntries(rest("build").map((setting) => parseSetting(setting, refuse))),
  });
}

/** The program's own module and those it depends on; `=>` says what stands in for the one before it. */
function modulesIn(
  lines: readonly (readonly string[])[],
  refuse: (fault: string) => Problem,
): { readonly main: Module | undefined; readonly deps: Module[] } {
  let main: Module | undefined;
  let last: Module | undefined;
  const deps: Module[] = [];
  for (const [word, ...columns] of lines) {
    if (word === "mod") main = last = readModule(columns, refuse);
    if (word === "dep") deps.push((last = readModule(columns, refuse)));
    if (word !== "=>") continue;
    if (last === undefined) throw refuse("replaces no module");
    last.replace = readModule(columns, refuse);
    last = undefined;
  }
  return { main, deps };
}

/** Path, version and, where there is one, the sum. */
function readModule(columns: readonly string[], refuse: (fault: string) => Problem): Module {
  const [path, version, sum = "", ...more] = columns;
  if (path === undefined || version === undefined || more.length > 0) {
    throw refuse(`has a module line of ${columns.length} columns instead of 2 or 3`);
  }
  if (!columns.every(isPrintable)) throw refuse("names a module with control characters");
  return { path, version, ...(sum === "" ? {} : { sum }) };
}
