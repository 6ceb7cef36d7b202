import type { BuildStep } from "../model/plan.ts";
import type { World } from "../world/world.ts";
import type { GoBuildOptions } from "./build.ts";
import { objectsIn } from "./programs.ts";
import { targetEnvironment } from "./targets.ts";

/** The folders of all packages that the programs of a step are linked from, by import path. The modules must be there. */
export async function dependenciesOf(
  step: BuildStep,
  { toolchain, folder, vendored }: Pick<GoBuildOptions, "toolchain" | "folder" | "vendored">,
  { capture }: Pick<World, "capture">,
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await capture({
    file: toolchain.go,
    args: [
      ...["list", "-e", "-deps", vendored ? "-mod=vendor" : "-mod=readonly"],
      ...(step.tags.length === 0 ? [] : [`-tags=${step.tags.join(",")}`]),
      ...["-json=ImportPath,Dir", "--"],
      ...step.programs.map((program) => program.package),
    ],
    cwd: folder,
    env: { ...toolchain.env, ...step.env, ...targetEnvironment(step.target), GOPROXY: "off" },
  });
  const found = objectsIn<{ readonly ImportPath: string; readonly Dir?: string }>(stdout);
  return new Map(
    found.flatMap(({ ImportPath, Dir }) => (Dir === undefined ? [] : [[ImportPath, Dir]])),
  );
}
