import { join } from "node:path";
import type { BuildConfig } from "../config/config.ts";
import { linkerVariables } from "../go/linker-variables.ts";
import { type ListedPackage, listPackages } from "../go/programs.ts";
import type { World } from "../world/world.ts";
import type { StampedPackage } from "./facts.ts";
import { declarationsOf, type PackageQuery } from "./programs.ts";

type Senses = Pick<World, "capture" | "files">;

/**
 * The packages of which `-X` is to set variables, the programs' own left out: the linker is silent about one that is
 * not there. Nothing is downloaded for it; what that leaves unknown is seen again when the modules are there.
 */
export async function stampedPackages(
  builds: readonly BuildConfig[],
  query: PackageQuery,
  world: Senses,
): Promise<readonly StampedPackage[]> {
  const paths = new Set(
    builds
      .flatMap(({ settings }) => linkerVariables(settings.ldflags))
      .map((variable) => variable.package)
      .filter((path) => path !== "main"),
  );
  if (paths.size === 0) return [];
  const listed = await listedOf([...paths], query, world);
  return await Promise.all([...paths].map((path) => stampedPackage(path, listed, query, world)));
}

/** No answer at all is none about any of them. */
async function listedOf(
  paths: readonly string[],
  { tools, folder, module }: PackageQuery,
  world: Senses,
): Promise<readonly ListedPackage[]> {
  const env = { GOPROXY: "off" };
  const rest = { vendored: module.vendored, tags: [], flags: [], env };
  const listing = await listPackages(paths, { toolchain: tools, folder, ...rest }, world).catch(
    () => undefined,
  );
  return listing?.packages.filter(({ dependency }) => !dependency) ?? [];
}

async function stampedPackage(
  path: string,
  listed: readonly ListedPackage[],
  { folder, module }: PackageQuery,
  { files }: Senses,
): Promise<StampedPackage> {
  const one = listed.find(({ importPath }) => importPath === path);
  if (one !== undefined && one.folder !== "")
    return { path, state: "found", declarations: await declarationsOf(one.folder, files) };
  const own = path === module.path || path.startsWith(`${module.path}/`);
  const absent = one !== undefined && (own || ABSENT.test(one.error ?? ""));
  const meant = await packageMeant(path, folder, module.path, files);
  return {
    path,
    state: absent ? "absent" : "unknown",
    declarations: [],
    ...(meant === undefined ? {} : { meant }),
  };
}

/** How `go list` tells a package that no module has, and not that a module is not here. */
const ABSENT = /no required module provides|is not in std|cannot find module providing/u;

/** The package of this module whose path ends as the given one does: forks and major versions change what is before. */
async function packageMeant(
  path: string,
  folder: string,
  module: string,
  files: Senses["files"],
): Promise<string | undefined> {
  const parts = path.split("/");
  for (let from = 1; from < parts.length; from++) {
    const inside = parts.slice(from).join("/");
    const place = join(folder, inside);
    if ((await files.stat(place))?.kind !== "folder") continue;
    const entries = await files.list(place);
    if (entries.some(({ name }) => name.endsWith(".go"))) return `${module}/${inside}`;
  }
  return undefined;
}
