import { join } from "node:path";
import type { BuildConfig } from "../config/config.ts";
import type { PackageGraph } from "../go/package-graph.ts";
import type { ListedPackage } from "../go/programs.ts";
import { chooseTargets, targetEnvironment } from "../go/targets.ts";
import type { Toolchain } from "../go/toolchain.ts";
import { compiledTargets } from "../go/universal.ts";
import { isWithin, relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { concurrently } from "../world/concurrently.ts";
import type { World } from "../world/world.ts";
import type { Facts, ModuleFacts, ProgramFacts } from "./facts.ts";
import { declarationsIn, type GoDeclaration } from "./go-declarations.ts";
import { listWithoutOutput } from "./hidden-output.ts";
import { type MainPattern, mainPattern } from "./main-patterns.ts";

/** Where packages are looked for. */
export interface PackageQuery {
  readonly tools: Toolchain;
  /** Absolute folder of the module. */
  readonly folder: string;
  readonly module: ModuleFacts;
  readonly platforms: readonly string[];
  /** Folders with what other jobs made: nothing in them is built. Real paths. */
  readonly foreign: readonly string[];
  /** The output folder, of which nothing is a source. */
  readonly output: string;
  /** Gets every package that is listed. */
  readonly graph: PackageGraph;
}

type Senses = Pick<World, "capture" | "files" | "machine">;

/** The programs of one row of `builds`, and what of its `main` named files. */
export interface ProgramsFound {
  readonly programs: readonly ProgramFacts[];
  readonly mainFiles: Facts["mainFiles"];
}

/** Which packages are programs differs from platform to platform, so each one is asked. */
export async function programsOf(
  { settings }: BuildConfig,
  query: PackageQuery,
  world: Senses,
): Promise<ProgramsFound> {
  const { tools, folder, module, platforms, output, graph } = query;
  const mains = await Promise.all(
    settings.main.map((main) => mainPattern(main, query, world.files)),
  );
  const patterns = mains.length > 0 ? mains.map(({ pattern }) => pattern) : ["./..."];
  const targets = askedTargets(settings.targets, platforms);
  const { flags, tags, env } = settings;
  const common = { toolchain: tools, folder, vendored: module.vendored, tags, flags };
  const listings = await concurrently(targets, world.machine.cores, (target) => {
    const whole = { CGO_ENABLED: "0", ...withoutTemplates(env), ...targetEnvironment(target) };
    return listWithoutOutput(patterns, { ...common, env: whole }, output, world);
  });
  const found = new Map<string, FoundProgram>();
  const seen: ListedPackage[] = [];
  const real = await world.files.real(folder);
  for (const [at, listing] of listings.entries()) {
    graph.add(listing);
    const { os = "", arch = "" } = targets[at] ?? {};
    for (const listed of listing.packages.filter((one) => isOwn(one, query))) {
      seen.push(listed);
      if (mains.length > 0) refuseUnloadable(listed, settings.main);
      note(found, listed, real, `${os}/${arch}`);
    }
  }
  const sorted = [...found.values()].sort((a, b) => (a.importPath < b.importPath ? -1 : 1));
  const programs = await Promise.all(
    sorted.map(async (program) => ({
      ...program,
      declarations: await declarationsOf(join(folder, program.package), world.files),
    })),
  );
  return { programs, mainFiles: mainFilesOf(mains, seen) };
}

/** What Go is asked for, each once. */
function askedTargets(
  patterns: readonly string[],
  platforms: readonly string[],
): readonly Target[] {
  const all = chooseTargets(patterns, platforms).flatMap(compiledTargets);
  return [...new Map(all.map((target) => [formatTarget(target), target])).values()];
}

/** Whether a pattern chose it, and no other job brought it. */
function isOwn({ dependency, folder }: ListedPackage, { foreign }: PackageQuery): boolean {
  const brought = folder !== "" && foreign.some((path) => isWithin(folder, path));
  return !dependency && !brought;
}

interface FoundProgram {
  readonly importPath: string;
  readonly package: string;
  readonly platforms: string[];
}

function note(
  found: Map<string, FoundProgram>,
  { importPath, folder, program }: ListedPackage,
  module: string,
  platform: string,
): void {
  if (!program && !found.has(importPath)) return;
  const inside = folder === "" ? "" : relativePath(module, folder);
  const known = found.get(importPath) ?? {
    importPath,
    package: inside === "" ? "." : `./${inside}`,
    platforms: [],
  };
  if (program && !known.platforms.includes(platform)) known.platforms.push(platform);
  found.set(importPath, known);
}

/** What a template will be is not known before the plan; no setting that chooses files has one. */
function withoutTemplates(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => !value.includes("{")));
}

/** What a package declares, whichever platform its files are for. */
export async function declarationsOf(
  folder: string,
  files: World["files"],
): Promise<readonly GoDeclaration[]> {
  const sources = (await files.list(folder)).filter(
    ({ name, kind }) => kind === "file" && /(?<!_test)\.go$/u.test(name),
  );
  return declarationsIn(
    await Promise.all(sources.map(({ name }) => files.readText(join(folder, name)))),
  );
}

/** A file that a build constraint leaves out is no part of the package around it. */
function mainFilesOf(
  mains: readonly MainPattern[],
  seen: readonly ListedPackage[],
): Facts["mainFiles"] {
  return mains.flatMap(({ given, pattern, file }) => {
    if (file === undefined) return [];
    if (seen.some(({ files }) => files.includes(file))) return [{ given, package: pattern }];
    throw new Problem("no-program", `main: ${given} is not among the files of its package`, {
      hint: "a build constraint excludes it: move it into its own folder, and give that folder",
    });
  });
}

/** A package that was named must exist and be a program, unless it is only excluded on this platform. */
function refuseUnloadable(
  { importPath, program, error }: ListedPackage,
  given: readonly string[],
): void {
  const excluded = error !== undefined && /build constraints exclude all Go files/u.test(error);
  if (program || excluded || given.some((main) => main.includes("..."))) return;
  const missing = /^stat (.*): directory not found$/u.exec(error ?? "")?.[1];
  const reason =
    missing === undefined
      ? (error ?? `${importPath} is a library, not a program`)
      : `there is no folder ${missing}`;
  throw new Problem("no-program", `main: ${reason}`, {
    hint: "give folders of main packages relative to the module, e.g. `./cmd/app`",
  });
}
