import { join } from "node:path";
import { isWithin } from "../model/paths.ts";
import type { Files, FolderEntry } from "../world/world.ts";

/** The mark that makes a folder ours. As a .gitignore it also keeps our output from making the work tree dirty. */
export const MARK = ".gitignore";
export const MARK_TEXT = "# Output of a release: this folder may be emptied by the next one.\n*\n";
export const WORK = ".work";
export const LOCK = ".lock";

/** What the folder for the work is divided into. */
export const workRooms = {
  staging: "release",
  temporary: "tmp",
  binaries: "build",
  clone: "clone",
};

/** What is left when a run is killed, in a folder without its mark: it had none yet, or somebody removed it. */
const remains: Readonly<
  Record<string, (path: string, entry: FolderEntry, files: Files) => Promise<boolean>>
> = {
  // A machine that loses its power keeps a name before it keeps what stands behind it.
  [MARK]: async (path, { kind }, files) =>
    kind === "file" && MARK_TEXT.startsWith(await files.readText(path)),
  // A compiler that outlives its run makes the folders that it writes to anew.
  [WORK]: async (path, { kind }, files) =>
    kind === "folder" &&
    (await files.list(path)).every(({ name }) => Object.values(workRooms).includes(name)),
  // The next run waits for a claim whose process lives, and takes those of the dead away.
  [LOCK]: async (path, { kind }, files) =>
    kind === "folder" && (await files.list(path)).every(({ name }) => CLAIM.test(name)),
};

/** `HOST-PID-START-RANDOM`, as the lock names them. */
const CLAIM = /^[0-9a-f]*-[1-9]\d*-\w*-[0-9a-f]{8}$/u;

/** What becomes the mark when it is whole. */
const HALF_MARK = /^\.gitignore\.\d+\.tmp$/u;

/** The names in a folder that no killed run leaves there without its mark. */
export async function notOfAKilledRun(path: string, files: Files): Promise<readonly string[]> {
  const foreign: string[] = [];
  for (const entry of await files.list(path)) {
    const isOurs = await remains[entry.name]?.(join(path, entry.name), entry, files);
    if (isOurs !== true && !HALF_MARK.test(entry.name)) foreign.push(entry.name);
  }
  return foreign;
}

/**
 * Whether all there is at a path, in the output folder or around it, is what a killed run left: without its mark
 * git shows it as untracked.
 */
export async function isOfAKilledRun(path: string, output: string, files: Files): Promise<boolean> {
  if (isWithin(path, output))
    return (
      (await files.stat(output))?.kind === "folder" &&
      (await notOfAKilledRun(output, files)).length === 0
    );
  if (!isWithin(output, path) || (await files.lstat(path))?.kind !== "folder") return false;
  const [only, ...more] = await files.list(path);
  return (
    only !== undefined &&
    more.length === 0 &&
    (await isOfAKilledRun(join(path, only.name), output, files))
  );
}
