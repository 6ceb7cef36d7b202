import { join } from "node:path";
import type { BuildStep } from "../model/plan.ts";
import type { Command, World } from "../world/world.ts";
import type { GoBuildOptions } from "./build.ts";
import { objectsIn } from "./programs.ts";
import { targetEnvironment } from "./targets.ts";

/** A package outside the standard library that C is a part of. */
export interface CgoPackage {
  readonly importPath: string;
  /** As Go code calls it. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** Files that are left out without cgo. */
  readonly files: readonly string[];
}

interface CgoPackageJson {
  readonly ImportPath: string;
  readonly Name?: string;
  readonly Dir?: string;
  readonly Standard?: boolean;
  readonly GoFiles?: readonly string[];
  readonly CgoFiles?: readonly string[];
}

type CgoQuery = Pick<GoBuildOptions, "toolchain" | "folder" | "vendored">;

/** `go list` of packages as one step would see them with or without cgo; no C compiler is needed to list. */
export function goListCgo(
  packages: readonly string[],
  cgo: "0" | "1",
  step: BuildStep,
  { toolchain, folder, vendored }: CgoQuery,
): Command {
  return {
    file: toolchain.go,
    args: [
      "list",
      "-e",
      ...(cgo === "1" ? ["-deps"] : []),
      vendored ? "-mod=vendor" : "-mod=readonly",
      ...(step.tags.length === 0 ? [] : [`-tags=${step.tags.join(",")}`]),
      "-json=ImportPath,Name,Dir,Standard,GoFiles,CgoFiles",
      "--",
      ...packages,
    ],
    cwd: folder,
    env: {
      ...toolchain.env,
      ...step.env,
      ...targetEnvironment(step.target),
      CGO_ENABLED: cgo,
      GOPROXY: "off",
    },
  };
}

/** What the programs of a step import that C is a part of. */
export async function cgoPackages(
  step: BuildStep,
  place: CgoQuery,
  { capture }: Pick<World, "capture">,
): Promise<readonly CgoPackage[]> {
  const programs = step.programs.map((program) => program.package);
  const { stdout } = await capture(goListCgo(programs, "1", step, place));
  return objectsIn<CgoPackageJson>(stdout).flatMap((found) => {
    const {
      ImportPath: importPath,
      Name: name = "",
      Dir: folder = "",
      CgoFiles: lost = [],
    } = found;
    return found.Standard === true || lost.length === 0
      ? []
      : [{ importPath, name, folder, files: lost }];
  });
}

/** A stand-in of fewer bytes than this part of what it stands in for does nothing but fail. */
const STUB = 1 / 4;

/**
 * Those of the packages that do not work without cgo although they compile. Many have the same in Go for builds
 * without it, as gopsutil; others only a stub whose calls fail at run time, as go-sqlite3: the two differ in size.
 */
export async function stubbedWithoutCgo(
  packages: readonly CgoPackage[],
  step: BuildStep,
  place: CgoQuery,
  { capture, files }: Pick<World, "capture" | "files">,
): Promise<readonly string[]> {
  if (packages.length === 0) return [];
  const paths = packages.map(({ importPath }) => importPath);
  const [without, within] = await Promise.all(
    (["0", "1"] as const).map(async (cgo) => {
      const { stdout } = await capture(goListCgo(paths, cgo, step, place));
      return new Map(objectsIn<CgoPackageJson>(stdout).map((found) => [found.ImportPath, found]));
    }),
  );
  const sizeOf = async (folder: string, names: readonly string[]): Promise<number> => {
    const sizes = await Promise.all(
      names.map(async (name) => (await files.stat(join(folder, name)))?.size ?? 0),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  const stubbed: string[] = [];
  for (const { importPath, folder, files: lost } of packages) {
    const always = within?.get(importPath)?.GoFiles ?? [];
    const instead = (without?.get(importPath)?.GoFiles ?? []).filter(
      (name) => !always.includes(name),
    );
    if ((await sizeOf(folder, instead)) < STUB * (await sizeOf(folder, lost)))
      stubbed.push(importPath);
  }
  return stubbed;
}
