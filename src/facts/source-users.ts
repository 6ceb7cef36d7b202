import { dirname } from "node:path";
import type { PackageGraph } from "../go/package-graph.ts";

/** Which of some programs are built from a file; asked for many files, so that what each program has is found once. */
export function sourceUsers(
  programs: readonly string[],
  graph: PackageGraph,
  common: readonly string[],
): (path: string) => readonly string[] {
  const everybodys = new Set(common);
  const everything = ownedBy(graph.programs, graph);
  const owned = programs.map((program) => ({ program, has: ownedBy([program], graph) }));
  return (path) => {
    // What no package has, as the headers that C includes, goes into all of them.
    if (everybodys.has(path) || !everything(path)) return programs;
    return owned.filter(({ has }) => has(path)).map(({ program }) => program);
  };
}

/** Whether a file is a source of the programs' packages, or lies beside them. */
function ownedBy(programs: readonly string[], graph: PackageGraph): (path: string) => boolean {
  const packages = graph.packagesOf(programs);
  const files = new Set(packages.flatMap((one) => [...one.files]));
  const folders = new Set(packages.map(({ folder }) => folder));
  return (path) => files.has(path) || folders.has(dirname(path));
}
