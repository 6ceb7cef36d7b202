import { join } from "node:path";
import type { BuildConfig } from "../config/config.ts";
import { type ListedPackage, listPackages } from "../go/programs.ts";
import { chooseTargets } from "../go/targets.ts";
import type { Toolchain } from "../go/toolchain.ts";
import { isWithin, relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import type { Facts, ModuleFacts, ProgramFacts } from "./facts.ts";
import { declarationsIn, type GoDeclaration } from "./go-declarations.ts";
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
}

type Senses = Pick<World, "capture" | "files">;

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
  const { tools, folder, module, platforms, foreign } = query;
  const mains = await Promise.all(
    settings.main.map((main) => mainPattern(main, query, world.files)),
  );
  const patterns = mains.length > 0 ? mains.map(({ pattern }) => pattern) : ["./..."];
  const targets = chooseTargets(settings.targets, platforms);
  const asked = new Map(
    targets.map(({ os, arch }) => [`${os}/${arch}`, { GOOS: os, GOARCH: arch }]),
  );
  const found = new Map<string, { importPath: string; package: string; platforms: string[] }>();
  const seen: ListedPackage[] = [];
  const real = await world.files.real(folder);
  for (const [platform, variables] of asked) {
    const env = { CGO_ENABLED: settings.env["CGO_ENABLED"] ?? "0", ...variables };
    const options = {
      toolchain: tools,
      folder,
      vendored: module.vendored,
      tags: settings.tags,
      env,
    };
    for (const listed of await listPackages(patterns, options, world)) {
      seen.push(listed);
      if (mains.length > 0) refuseUnloadable(listed, settings.main);
      const nowhere = listed.folder === "";
      if (!nowhere && foreign.some((path) => isWithin(listed.folder, path))) continue;
      const inside = nowhere ? "" : relativePath(real, listed.folder);
      if (!listed.program && !found.has(listed.importPath)) continue;
      const known = found.get(listed.importPath) ?? {
        importPath: listed.importPath,
        package: inside === "" ? "." : `./${inside}`,
        platforms: [],
      };
      if (listed.program) known.platforms.push(platform);
      found.set(listed.importPath, known);
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

/** What a package declares, whichever platform its files are for. */
export async function declarationsOf(
  folder: string,
  files: Senses["files"],
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
      hint: "a build constraint leaves it out: move it into a folder of its own, and name that",
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
    hint: "name folders of main packages relative to the module, e.g. `./cmd/app`",
  });
}
