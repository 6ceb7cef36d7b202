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
  let path = "";
  let main: Module | undefined;
  const deps: Module[] = [];
  const settings: [string, string][] = [];
  let last: Module | undefined;
  for (const line of text.split("\n")) {
    const [word = "", ...columns] = line.split("\t");
    switch (word) {
      case "path":
        path = columns.join("\t");
        break;
      case "mod":
        main = last = readModule(columns, refuse);
        break;
      case "dep":
        deps.push((last = readModule(columns, refuse)));
        break;
      case "=>":
        if (last === undefined) throw refuse("replaces no module");
        last.replace = readModule(columns, refuse);
        last = undefined;
        break;
      case "build":
        settings.push(parseSetting(columns.join("\t"), refuse));
        break;
    }
  }
  if (!isPrintable(path)) throw refuse("names a package with control characters");
  return defined({
    go,
    path,
    main,
    deps,
    settings: Object.fromEntries(settings),
  });
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
