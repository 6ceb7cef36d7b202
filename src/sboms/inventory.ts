import type { Binary } from "../model/artifact.ts";
import type { Module } from "../model/binary.ts";
import type { Plan } from "../model/plan.ts";
import { golangPurl } from "../model/purl.ts";
import { formatTarget } from "../model/target.ts";
import type { Component } from "./component.ts";
import { stdlib } from "./stdlib.ts";

/** One program for one target. */
export interface InventoryProgram {
  /** e.g. `age (linux/amd64)`. */
  readonly title: string;
  readonly name: string;
  readonly target: string;
  readonly artifact: string;
  readonly sha256: string;
  readonly importPath: string;
  readonly purl: string;
  /** Keys of the components it is linked from. */
  readonly uses: readonly string[];
}

/** What an SBOM tells, in no format yet. */
export interface Inventory {
  readonly name: string;
  readonly version: string;
  /** ISO 8601: the commit's, never the clock's. */
  readonly date: string;
  readonly generator: string;
  readonly module: string;
  readonly purl: string;
  readonly programs: readonly InventoryProgram[];
  /** By key, sorted. */
  readonly components: ReadonlyMap<string, Component>;
}

/** Lists what the binaries' own build information names; go.mod is not asked. */
export function takeInventory(binaries: readonly Binary[], plan: Plan): Inventory {
  const components = new Map<string, Component>();
  const programs = [...binaries].sort(byTitle).map((binary) => {
    const parts = componentsOf(binary);
    for (const part of parts) components.set(keyOf(part), part);
    return programOf(binary, plan, parts);
  });
  const version = plan.release.version;
  return {
    name: plan.name,
    version,
    date: plan.release.date,
    generator: plan.generator,
    module: plan.module.path,
    purl: golangPurl(plan.module.path, `v${version}`),
    programs,
    components: new Map([...components].sort(([a], [b]) => compare(a, b))),
  };
}

export function keyOf({ path, version, folder }: Component): string {
  return folder === undefined ? `${path}@${version}` : `${path}@${version}=${folder}`;
}

/** The standard library and every module that a binary was linked from, apart from its own. */
export function componentsOf({ inspection }: Pick<Binary, "inspection">): readonly Component[] {
  const { go, deps } = inspection.buildInfo;
  return [stdlib(go), ...deps.map(componentOf)].sort((a, b) => compare(keyOf(a), keyOf(b)));
}

function componentOf(module: Module): Component {
  const { path, version, sum, replace } = module;
  if (replace === undefined)
    return { path, version, purl: golangPurl(path, version), ...sumOf(sum) };
  // A replacement without a version is a folder.
  if (replace.version === "" || replace.version === "(devel)") {
    return { path, version, folder: replace.path };
  }
  return {
    path: replace.path,
    version: replace.version,
    purl: golangPurl(replace.path, replace.version),
    ...sumOf(replace.sum),
    replaces: { path, version, purl: golangPurl(path, version) },
  };
}

function sumOf(sum: string | undefined): { sum?: string } {
  return sum === undefined || sum === "" ? {} : { sum };
}

function programOf(binary: Binary, plan: Plan, parts: readonly Component[]): InventoryProgram {
  const importPath = binary.inspection.buildInfo.path;
  const { path: module } = plan.module;
  const inside = importPath.startsWith(`${module}/`)
    ? importPath.slice(module.length + 1)
    : undefined;
  return {
    title: titleOf(binary),
    name: binary.name,
    target: formatTarget(binary.target),
    artifact: binary.artifact,
    sha256: binary.sha256,
    importPath,
    purl: golangPurl(module, `v${plan.release.version}`, inside),
    uses: parts.map(keyOf),
  };
}

function titleOf({ name, target }: Binary): string {
  return `${name} (${formatTarget(target)})`;
}
function byTitle(a: Binary, b: Binary): number {
  return compare(titleOf(a), titleOf(b)) || compare(a.artifact, b.artifact);
}
/** By code unit, so that the order is the same in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
