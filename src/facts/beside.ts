import { join } from "node:path";
import type { Scope } from "../archives/files.ts";
import type { Config } from "../config/config.ts";
import type { Git } from "../git/git.ts";
import { defined } from "../model/defined.ts";
import { REGISTRY_MANIFEST } from "../model/names.ts";
import type { World } from "../world/world.ts";
import type { Facts } from "./facts.ts";
import { extraFilesOf, filesOf } from "./files.ts";
import { packageFacts, sourcesOf } from "./package-files.ts";
import type { PackedFiles } from "./sources.ts";

export type ReleasedSources = Pick<Facts, "files" | "extraFiles" | "packages" | "registryManifest">;

/** What of the checkout is released as it is, in archives, in packages and by itself. */
export async function releasedSources(
  config: Config,
  scope: Scope,
  git: Git,
  files: World["files"],
): Promise<ReleasedSources> {
  const { packages, preset } = config.settings;
  const path = join(scope.folder, REGISTRY_MANIFEST);
  const isThere = preset !== "none" && (await files.stat(path))?.kind === "file";
  const registryManifest = isThere ? await files.readText(path) : undefined;
  return {
    ...(await filesOf(config, scope, git, files)),
    extraFiles: await extraFilesOf(config, scope, files),
    ...(await packageFacts(packages, scope, git, files)),
    ...defined({ registryManifest }),
  };
}

/** Its paths, relative to the module. */
export function packedPaths({
  files,
  extraFiles,
  packages = [],
  registryManifest,
}: ReleasedSources): PackedFiles {
  return {
    inArchives: files.flat().map(({ source }) => source),
    alone: [
      ...extraFiles.flat(),
      ...packages.flatMap(sourcesOf),
      ...(registryManifest === undefined ? [] : [REGISTRY_MANIFEST]),
    ],
  };
}
