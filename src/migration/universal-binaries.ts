import { UNIVERSAL } from "../go/universal.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { MigrationFindings } from "./findings.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import { type TemplateScope, translated } from "./placeholders.ts";

const TARGET: Target = { os: "darwin", arch: UNIVERSAL };
const SINGLE = ["darwin/amd64", "darwin/arm64"];

/** The builds with what `universal_binaries` makes of them (goreleaser.com/customization/universalbinaries). */
export function withUniversal(
  data: Readonly<Record<string, unknown>>,
  builds: readonly GoReleaserBuild[],
  scope: TemplateScope,
  findings: MigrationFindings,
): readonly GoReleaserBuild[] {
  return listOf(data["universal_binaries"])
    .map(mapping)
    .reduce<readonly GoReleaserBuild[]>(
      (all, row, index) => joined(all, row, `universal_binaries[${index}]`, scope, findings),
      builds,
    );
}

function joined(
  builds: readonly GoReleaserBuild[],
  row: Readonly<Record<string, unknown>>,
  key: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): readonly GoReleaserBuild[] {
  const id = textOf(row["id"]) ?? scope.project;
  const ids = textsOf(row["ids"]);
  const wanted = ids.length === 0 ? [id] : ids;
  const source = builds.find((build) => wanted.includes(build.id) && hasBoth(build));
  if (source === undefined) {
    findings.left(key, `no build of ${wanted.join(", ")} is for ${SINGLE.join(" and ")}`);
    return builds;
  }
  if (row["hooks"] !== undefined)
    findings.left(
      `${key}.hooks`,
      "write them as `after-build` in a row of `overrides` for darwin/universal",
    );
  const named = textOf(row["name_template"]) ?? scope.project;
  const binary = findings.attempt(`${key}.name_template`, () => translated(named, scope));
  const replace = row["replace"] === true;
  findings.kept(key, `targets: darwin/universal${replace ? ", and not the single ones" : ""}`);
  const rest = builds.map((build) =>
    replace && wanted.includes(build.id) ? { ...build, targets: others(build) } : build,
  );
  const own = binary ?? source.binary;
  if (id !== source.id && !builds.some((build) => build.id === id))
    return [...rest, { ...source, id, binary: own, targets: [TARGET] }];
  if (own !== source.binary)
    findings.changed(`${key}.name_template`, `the program is called ${source.binary} in it too`);
  return rest.map((build) =>
    build.id === source.id ? { ...build, targets: [...build.targets, TARGET] } : build,
  );
}

function hasBoth({ targets }: GoReleaserBuild): boolean {
  return SINGLE.every((single) => targets.some((target) => formatTarget(target) === single));
}

function others({ targets }: GoReleaserBuild): readonly Target[] {
  return targets.filter((target) => !SINGLE.includes(formatTarget(target)));
}
