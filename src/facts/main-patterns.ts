import { dirname, resolve } from "node:path";
import { relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { Files } from "../world/world.ts";
import type { ModuleFacts } from "./facts.ts";

/** One item of `main`, as `go list` is asked for it. */
export interface MainPattern {
  readonly given: string;
  readonly pattern: string;
  /** The Go file that was named, without its folder: the package around it is meant. */
  readonly file?: string;
}

/**
 * A folder relative to the module, with or without `./`, or the import path that `go install` takes. A file stands for
 * its package, as configurations of other tools have it: `go build` of a file would leave out those beside it. Throws
 * a `Problem` for a file that is not there.
 */
export async function mainPattern(
  given: string,
  { folder, module }: { readonly folder: string; readonly module: Pick<ModuleFacts, "path"> },
  { stat }: Pick<Files, "stat">,
): Promise<MainPattern> {
  const written = given.replaceAll("\\", "/");
  const inside = withoutModule(written, module.path);
  await refuseModule(inside, folder, { stat });
  const [file] = /[^/]+\.go$/u.exec(inside) ?? [];
  if (file === undefined) return { given, pattern: asFolder(inside) };
  const kind = (await stat(resolve(folder, inside)))?.kind;
  if (kind === "folder") return { given, pattern: asFolder(inside) };
  if (kind === "file") {
    const around = relativePath(folder, dirname(resolve(folder, inside)));
    return { given, pattern: asFolder(around === "" ? "." : around), file };
  }
  throw new Problem("no-program", `main: there is no file ${given}`, {
    hint: "give folders of main packages relative to the module, e.g. `./cmd/app`",
  });
}

/** A folder with a go.mod is no part of the module around it. */
async function refuseModule(
  inside: string,
  folder: string,
  { stat }: Pick<Files, "stat">,
): Promise<void> {
  const place = resolve(folder, inside);
  if (place === resolve(folder) || (await stat(resolve(place, "go.mod")))?.kind !== "file") return;
  throw new Problem("no-program", `main: ${inside} is a module of its own`, {
    hint: `release it separately: set \`working-directory: ${relativePath(folder, place)}\``,
  });
}

function withoutModule(written: string, path: string): string {
  if (written === path) return ".";
  return written.startsWith(`${path}/`) ? `./${written.slice(path.length + 1)}` : written;
}

function asFolder(main: string): string {
  return /^\.{0,2}\//u.test(main) || main === "." ? main : `./${main}`;
}
