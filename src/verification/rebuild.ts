import type { Artifact, Binary } from "../model/artifact.ts";
import type { Inspection, Module } from "../model/binary.ts";
import { formatTarget } from "../model/target.ts";

/** One field in which what was released and what was built again differ. */
export interface RebuildDifference {
  /** e.g. `age (linux/amd64)` or the name of a released file. */
  readonly of: string;
  /** e.g. `settings.CGO_ENABLED`; `bytes` when nothing that can be named differs. */
  readonly field: string;
  readonly released: string;
  readonly rebuilt: string;
}

export interface Rebuilt {
  readonly binaries: readonly Binary[];
  readonly artifacts: readonly Pick<Artifact, "name" | "sha256" | "size">[];
}

/** Compares a release with one built again from the same commit, binary by binary and file by file. */
export function compareRebuilt(released: Rebuilt, rebuilt: Rebuilt): readonly RebuildDifference[] {
  const binaries = released.binaries.flatMap((binary) => {
    const twin = rebuilt.binaries.find((one) => titleOf(one) === titleOf(binary));
    if (twin === undefined) return [absent(titleOf(binary), binary.sha256)];
    return compareBinaries(binary, twin);
  });
  const artifacts = released.artifacts.flatMap((artifact) => {
    const twin = rebuilt.artifacts.find(({ name }) => name === artifact.name);
    if (twin === undefined) return [absent(artifact.name, artifact.sha256)];
    return differ(artifact.name, "sha256", artifact.sha256, twin.sha256);
  });
  return [...binaries, ...artifacts];
}

function absent(of: string, sha256: string): RebuildDifference {
  return {
    of,
    field: "sha256",
    released: sha256,
    rebuilt: "was not built",
  };
}

function titleOf({ name, target, artifact }: Binary): string {
  return `${name} (${formatTarget(target)}, ${artifact})`;
}

/** Equal bytes say it all; otherwise the fields that tell why. */
export function compareBinaries(released: Binary, rebuilt: Binary): readonly RebuildDifference[] {
  if (released.sha256 === rebuilt.sha256) return [];
  const of = titleOf(released);
  const [a, b] = [fieldsOf(released.inspection), fieldsOf(rebuilt.inspection)];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  const named = names.flatMap((name) => differ(of, name, a.get(name), b.get(name)));
  if (named.length > 0) return named;
  const size = differ(of, "size", String(released.size), String(rebuilt.size));
  return size.length > 0 ? size : differ(of, "bytes", released.sha256, rebuilt.sha256);
}

function differ(
  of: string,
  field: string,
  released: string | undefined,
  rebuilt: string | undefined,
): RebuildDifference[] {
  if (released === rebuilt) return [];
  return [{ of, field, released: released ?? "absent", rebuilt: rebuilt ?? "absent" }];
}

/** Everything a binary says of itself, flat and by name. */
function fieldsOf({ format, arch, linkage, buildInfo }: Inspection): ReadonlyMap<string, string> {
  const { go, path, main, deps, settings } = buildInfo;
  return new Map([
    ["format", format],
    ["arch", arch],
    ["linkage", linkage.kind],
    ["interpreter", linkage.interpreter ?? ""],
    ["libraries", linkage.libraries.join(" ")],
    ["go", go],
    ["path", path],
    ...(main === undefined ? [] : [["main", formatModule(main)] as const]),
    ...deps.map((dep) => [`module ${dep.path}`, formatModule(dep)] as const),
    ...Object.entries(settings).map(([key, value]) => [`settings.${key}`, value] as const),
  ]);
}

function formatModule({ path, version, sum, replace }: Module): string {
  const self = `${path}@${version}${sum === undefined ? "" : ` ${sum}`}`;
  return replace === undefined ? self : `${self} => ${replace.path}@${replace.version}`;
}
