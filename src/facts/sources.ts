import { resolve } from "node:path";
import type { ArchiveConfig, Config } from "../config/config.ts";
import { CommitComparison } from "../git/comparison.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { flag } from "../go/inspection/flags.ts";
import { readOverlay } from "../go/overlay.ts";
import type { PackageGraph } from "../go/package-graph.ts";
import type { World } from "../world/world.ts";
import { declaredBy } from "./declared.ts";
import type { ModuleFacts } from "./facts.ts";
import { HeldSources } from "./held-sources.ts";

/** Files that are released as they are, relative to the module. */
export interface PackedFiles {
  readonly inArchives: readonly string[];
  readonly alone: readonly string[];
}

interface SourcesOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly graph: PackageGraph;
  /** The module's folder, links resolved. */
  readonly folder: string;
  readonly module: ModuleFacts;
  /** The output folder, of which nothing is a source. */
  readonly output: string;
  /** What is released as it is. */
  readonly packed: PackedFiles;
  readonly root: string | undefined;
  readonly repository: GitFacts | undefined;
  /** Roots of repositories that are read whoever owns them. */
  readonly trusted: readonly string[];
}

/** What the module's programs are built from, to be held against the commit; undefined where there is none. */
export async function heldSources(
  scene: SourcesOptions,
  world: Pick<World, "capture" | "files">,
): Promise<HeldSources | undefined> {
  const { config, env, graph, folder, output, packed, repository } = scene;
  if (scene.root === undefined || repository === undefined) return undefined;
  const root = await world.files.real(scene.root);
  const { commit } = repository;
  const flags = config.builds.map(({ settings }) => settings.flags);
  const files = [...packed.alone, ...(config.archives.every(isBare) ? [] : packed.inArchives)];
  const overlay = await overlays(flags, folder, world.files);
  const named = [...moduleFiles(scene, flags), ...files, ...overlay.files];
  return new HeldSources(
    {
      graph,
      comparison: new CommitComparison({ root, commit, trusted: scene.trusted }, env, world),
      root,
      folder,
      common: [...new Set(await existing(named, folder, world.files))],
      declared: declaredBy(config.settings.generated),
      profiled: flags.some((some) => (flag(some, "-pgo") ?? "auto") === "auto"),
      output,
      replaced: overlay.replaced,
    },
    world.files,
  );
}

/** Whether programs are released alone, with no file beside them. */
function isBare({ formats }: ArchiveConfig): boolean {
  const all = Object.values(formats ?? {}).flat();
  return all.length > 0 && all.every((format) => format === "none" || format === "gz");
}

/** What decides which modules are built, and the profile that was named. */
function moduleFiles(
  { module }: SourcesOptions,
  flags: readonly (readonly string[])[],
): readonly string[] {
  const files: string[] = [];
  for (const some of flags) {
    const modfile = flag(some, "-modfile") ?? "go.mod";
    files.push(modfile, modfile.replace(/\.mod$/u, ".sum"));
    const profile = flag(some, "-pgo") ?? "auto";
    if (!/^(auto|off)$/u.test(profile)) files.push(profile);
  }
  return module.vendored ? [...files, "vendor/modules.txt"] : files;
}

/** What `-overlay` has read in place of files, and of which. */
async function overlays(
  flags: readonly (readonly string[])[],
  folder: string,
  files: World["files"],
): Promise<{ readonly files: readonly string[]; readonly replaced: ReadonlySet<string> }> {
  const read: string[] = [];
  const replaced = new Set<string>();
  for (const path of new Set(flags.flatMap((some) => flag(some, "-overlay") ?? []))) {
    const from = resolve(folder, path);
    if ((await files.stat(from))?.kind !== "file") continue;
    read.push(path);
    for (const [original, instead] of readOverlay(await files.readText(from)) ?? []) {
      replaced.add(resolve(folder, original));
      if (instead !== "") read.push(instead);
    }
  }
  return { files: read, replaced };
}

async function existing(
  names: readonly string[],
  folder: string,
  files: World["files"],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    const path = resolve(folder, name);
    if ((await files.stat(path))?.kind === "file") found.push(path);
  }
  return found;
}
