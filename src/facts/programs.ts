import { join } from "node:path";
import type { BuildConfig } from "../config/config.ts";
import type { PackageGraph } from "../go/package-graph.ts";
import type { ListedPackage } from "../go/programs.ts";
import { chooseTargets, targetEnvironment } from "../go/targets.ts";
import type { Toolchain } from "../go/toolchain.ts";
import { relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import { concurrently } from "../world/concurrently.ts";
import type { World } from "../world/world.ts";
import type { ModuleFacts, ProgramFacts } from "./facts.ts";
import { listWithoutOutput } from "./hidden-output.ts";
import { stringVariables } from "./string-variables.ts";

interface ProgramQuery {
  readonly tools: Toolchain;
  readonly folder: string;
  readonly module: ModuleFacts;
  readonly platforms: readonly string[];
  /** The output folder, of which nothing is a source. */
  readonly output: string;
  /** Gets every package that is listed. */
  readonly graph: PackageGraph;
}

type Senses = Pick<World, "capture" | "files" | "machine">;

/** Which packages are programs differs from platform to platform, so each one is asked. */
export async function programsOf(
  { settings }: BuildConfig,
  { tools, folder, module, platforms, output, graph }: ProgramQuery,
  world: Senses,
): Promise<readonly ProgramFacts[]> {
  const targets = chooseTargets(settings.targets, platforms);
  const patterns = settings.main.length > 0 ? settings.main.map(asPattern) : ["./..."];
  const { flags, tags, env } = settings;
  const common = { toolchain: tools, folder, vendored: module.vendored, tags, flags };
  const listings = await concurrently(targets, world.machine.cores, (target) => {
    const whole = { CGO_ENABLED: "0", ...withoutTemplates(env), ...targetEnvironment(target) };
    return listWithoutOutput(patterns, { ...common, env: whole }, output, world);
  });
  const found = new Map<string, FoundProgram>();
  const real = await world.files.real(folder);
  for (const [at, listing] of listings.entries()) {
    graph.add(listing);
    const { os = "", arch = "" } = targets[at] ?? {};
    for (const listed of listing.packages) {
      if (listed.dependency) continue;
      if (settings.main.length > 0) refuseUnloadable(listed, settings.main);
      note(found, listed, real, `${os}/${arch}`);
    }
  }
  const sorted = [...found.values()].sort((a, b) => (a.importPath < b.importPath ? -1 : 1));
  return await Promise.all(
    sorted.map(async (program) => ({
      ...program,
      variables: await variablesIn(join(folder, program.package), world.files),
    })),
  );
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

async function variablesIn(folder: string, files: World["files"]): Promise<readonly string[]> {
  const sources = (await files.list(folder)).filter(
    ({ name, kind }) => kind === "file" && /(?<!_test)\.go$/u.test(name),
  );
  const texts = await Promise.all(sources.map(({ name }) => files.readText(join(folder, name))));
  return texts.flatMap(stringVariables);
}

function asPattern(main: string): string {
  return /^\.{0,2}\//u.test(main) || main === "." ? main : `./${main}`;
}

/** A package that was named must exist and be a program, unless it is only excluded on this platform. */
function refuseUnloadable(
  {
    importPath,
    program,
    error,
  }: { importPath: string; program: boolean; error: string | undefined },
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
    hint: "name folders of main packages relative to the module, e.g. `./cmd/app`",
  });
}
