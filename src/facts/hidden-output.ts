import { join } from "node:path";
import { embedTakes } from "../go/embed.ts";
import { flag } from "../go/inspection/flags.ts";
import { overlayWithout } from "../go/overlay.ts";
import type { PackageGraph } from "../go/package-graph.ts";
import { type ListOptions, listPackages, type PackageListing } from "../go/programs.ts";
import { isWithin, relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";

/** Lists packages as they are without the output folder: `//go:embed *` beside it would take it along. */
export async function listWithoutOutput(
  patterns: readonly string[],
  options: ListOptions,
  output: string,
  world: Pick<World, "capture" | "files">,
): Promise<PackageListing> {
  const listing = await listPackages(patterns, options, world);
  const taking = listing.packages.find(({ folder, sources }) =>
    takes(folder, sources?.embeds ?? [], output),
  );
  if (taking === undefined) return listing;
  if (flag(options.flags, "-overlay") !== undefined) {
    throw new Problem(
      "output-embedded",
      `output ${output} would be embedded by ${taking.importPath}, and flags have an -overlay of their own`,
      {
        hint: "choose an `output` that no `//go:embed` matches, e.g. a folder outside the module",
      },
    );
  }
  if ((await world.files.lstat(output)) === undefined) return listing;
  const place = await world.files.temporary();
  try {
    const overlay = join(place, "overlay.json");
    await world.files.write(overlay, overlayWithout(output));
    const flags = [...options.flags, `-overlay=${overlay}`];
    return await listPackages(patterns, { ...options, flags }, world);
  } finally {
    await world.files.remove(place);
  }
}

/** Whether one of the module's programs embeds the folder. */
export function embedsFolder(graph: PackageGraph, output: string): boolean {
  return graph
    .packagesOf(graph.programs)
    .some(({ folder, embeds }) => takes(folder, [...embeds], output));
}

function takes(folder: string, patterns: readonly string[], output: string): boolean {
  if (patterns.length === 0 || !isWithin(output, folder)) return false;
  const path = relativePath(folder, output);
  return patterns.some((pattern) => embedTakes(pattern, path));
}
