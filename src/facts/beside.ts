import { join } from "node:path";
import type { Scope } from "../archives/files.ts";
import type { Config } from "../config/config.ts";
import type { Git } from "../git/git.ts";
import { defined } from "../model/defined.ts";
import { REGISTRY_MANIFEST } from "../model/names.ts";
import type { World } from "../world/world.ts";
import type { Facts } from "./facts.ts";
import { filesOf } from "./files.ts";
import { packageFacts, sourcesOf } from "./package-files.ts";

type ReleasedSources = Pick<Facts, "files" | "packages" | "registryManifest">;

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
    ...(await packageFacts(packages, scope, git, files)),
    ...defined({ registryManifest }),
  };
}

/** Its paths, relative to the module. */
export function packedPaths({ files, packages = [], registryManifest }: ReleasedSources) {
  return {
    archived: files.flat().map(({ source }) => source),
    packaged: [
      ...packages.flatMap(sourcesOf),
      ...(registryManifest === undefined ? [] : [REGISTRY_MANIFEST]),
    ],
  };
}
