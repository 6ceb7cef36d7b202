import type { Binary } from "../model/artifact.ts";
import { defined } from "../model/defined.ts";
import type { Plan } from "../model/plan.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { cyclonedx } from "./cyclonedx.ts";
import { componentsOf, type Inventory, keyOf, takeInventory } from "./inventory.ts";
import { spdx } from "./spdx.ts";

const formats = { cyclonedx, spdx } satisfies Record<
  Exclude<Plan["sbom"], "none">,
  (inventory: Inventory) => string
>;

export interface Sbom {
  readonly name: string;
  readonly text: string;
  /** The released files whose binaries it describes. */
  readonly from: readonly string[];
  /** Absent from the one that describes all targets. */
  readonly target?: Target;
}

type Names = Pick<Plan, "name" | "release" | "builds" | "sbom">;

/** Every name that an SBOM of this plan may take; a plan reserves them all, because only binaries tell which. */
export function sbomNames(plan: Names): readonly string[] {
  if (plan.sbom === "none") return [];
  const targets = new Map(plan.builds.map(({ target }) => [formatTarget(target), target]));
  return [sbomName(plan), ...[...targets.values()].map((target) => sbomName(plan, target))];
}

/**
 * The bills of materials of a release, the same bytes each time: one in all where every target is linked from
 * the same modules, otherwise one for each target.
 */
export function sbomsFor(binaries: readonly Binary[], plan: Plan): readonly Sbom[] {
  if (plan.sbom === "none" || binaries.length === 0) return [];
  const write = formats[plan.sbom];
  const targets = groupByTarget(binaries);
  const isSame = new Set(targets.map(fingerprint)).size === 1;
  const groups = isSame ? [{ binaries }] : targets;
  return groups.map((group) =>
    defined({
      name: sbomName(plan, group.target),
      text: write(takeInventory(group.binaries, plan)),
      from: [...new Set(group.binaries.map(({ artifact }) => artifact))].sort(),
      target: group.target,
    }),
  );
}

/** One bill of materials over all of these programs; undefined where none was asked for. */
export function sbomOf(binaries: readonly Binary[], plan: Plan): string | undefined {
  if (plan.sbom === "none" || binaries.length === 0) return undefined;
  return formats[plan.sbom](takeInventory(binaries, plan));
}

interface Group {
  readonly target?: Target;
  readonly binaries: readonly Binary[];
}

function groupByTarget(binaries: readonly Binary[]): Group[] {
  const groups = new Map<string, { target: Target; binaries: Binary[] }>();
  for (const binary of binaries) {
    const key = formatTarget(binary.target);
    const group = groups.get(key) ?? { target: binary.target, binaries: [] };
    group.binaries.push(binary);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What the programs of one target are linked from, program by program. */
function fingerprint({ binaries }: Group): string {
  const programs = binaries.map(({ inspection }) =>
    [inspection.buildInfo.path, ...componentsOf({ inspection }).map(keyOf)].join("\n"),
  );
  return programs.sort().join("\n\n");
}

function sbomName({ name, release }: Pick<Plan, "name" | "release">, target?: Target): string {
  const place = target === undefined ? "" : `_${formatTarget(target).replaceAll("/", "_")}`;
  return `${name}_${release.version}${place}.sbom.json`;
}
