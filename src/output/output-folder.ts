import { join } from "node:path";
import { isList, MANIFEST, SIGNATURE } from "../model/names.ts";
import { isWithin } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { Files, FolderEntry } from "../world/world.ts";
import { LOCK, MARK, MARK_TEXT, notOfAKilledRun, WORK, workRooms } from "./remains.ts";

/** The mark that makes a folder ours. As a .gitignore it also keeps our output from making the work tree dirty. */
const LAST = MANIFEST;

/**
 * The folder that a release is made in and ends in. Work is done out of sight; the final names appear together
 * at the end, `manifest.json` last: where it stands, the release is whole.
 */
export class OutputFolder {
  readonly path: string;
  /** For everything that goes when the run goes. */
  readonly work: string;
  readonly #files: Files;
  readonly #outside: string[] = [];
  readonly #unlock: () => Promise<void>;

  private constructor(path: string, files: Files, unlock: () => Promise<void>) {
    this.path = path;
    this.work = join(path, WORK);
    this.#files = files;
    this.#unlock = unlock;
  }

  /**
   * Takes the folder: it must be empty, absent or ours, and no other run's at the moment. What an earlier run
   * left is removed, but for `keep` (folders inside that this run reads from).
   */
  static async open(
    path: string,
    files: Files,
    keep: readonly string[] = [],
  ): Promise<OutputFolder> {
    await assertOurs(path, files, keep);
    await files.makeFolder(path);
    await files.write(join(path, MARK), MARK_TEXT);
    const unlock = await files.lock(join(path, LOCK));
    if (unlock === undefined) {
      throw new Problem("output-busy", `output ${path} is in use by another run`, {
        hint: "wait until it finishes, or choose another `output`",
      });
    }
    const output = new OutputFolder(path, files, unlock);
    try {
      await output.#clear(keep);
      await files.makeFolder(output.staging);
      await files.makeFolder(output.temporary);
      return output;
    } catch (error) {
      await output.abandon();
      throw error;
    }
  }

  /** Where released files are put together under their final names. */
  get staging(): string {
    return join(this.work, workRooms.staging);
  }

  /** For the compilers' own files. */
  get temporary(): string {
    return join(this.work, workRooms.temporary);
  }

  /** For what was compiled and is not yet packed. */
  get binaries(): string {
    return join(this.work, workRooms.binaries);
  }

  /** A folder elsewhere that goes when the work goes. */
  async outside(): Promise<string> {
    const folder = await this.#files.temporary();
    this.#outside.push(folder);
    return folder;
  }

  /** Gives every staged file its final name. Nothing is left of the work or of what was kept. */
  async finish(): Promise<void> {
    const staged = namesIn(await this.#files.list(this.staging));
    for (const name of staged.toReversed()) {
      if (vouches(name)) await this.#files.remove(join(this.path, name));
    }
    for (const name of staged) {
      await this.#files.remove(join(this.path, name));
      await this.#files.rename(join(this.staging, name), join(this.path, name));
    }
    await this.#clear(staged.map((name) => join(this.path, name)));
    await this.#leave();
  }

  /** Leaves nothing behind that looks like a release. */
  async abandon(): Promise<void> {
    await this.#files.remove(this.work);
    await this.#leave();
  }

  async #leave(): Promise<void> {
    for (const folder of this.#outside) await this.#files.remove(folder);
    await this.#unlock();
  }

  async #clear(keep: readonly string[]): Promise<void> {
    for (const name of namesIn(await this.#files.list(this.path)).toReversed()) {
      const path = join(this.path, name);
      const kept =
        name === MARK ||
        name === LOCK ||
        keep.some((other) => isWithin(other, path) || isWithin(path, other));
      if (!kept) await this.#files.remove(path);
    }
  }
}

/** Whether a file speaks of others. */
function vouches(name: string): boolean {
  return rankOf(name) > 0;
}

/** `manifest.json` speaks of everything, checksums and signatures of what was packed. */
function rankOf(name: string): number {
  if (name === LAST) return 2;
  return isList(name) || name.endsWith(SIGNATURE) ? 1 : 0;
}

/** In the order they may come to be: each after what it speaks of. They go in the opposite one. */
function namesIn(entries: readonly FolderEntry[]): readonly string[] {
  return entries.map(({ name }) => name).sort((a, b) => rankOf(a) - rankOf(b));
}

async function assertOurs(path: string, files: Files, keep: readonly string[]): Promise<void> {
  const found = await files.stat(path);
  if (found === undefined) {
    if ((await files.lstat(path)) === undefined) return;
    throw new Problem("output-taken", `output ${path} is a broken link`, {
      hint: "create the folder that it points to, or choose another `output`",
    });
  }
  if (found.kind !== "folder") {
    throw new Problem("output-taken", `output ${path} is not a folder`, {
      hint: "choose another `output`",
    });
  }
  // A shard's output may have come without its mark: uploads tend to leave out what is hidden.
  if (keep.includes(path)) return;
  const foreign = (await notOfAKilledRun(path, files)).filter(
    (name) => !keep.some((other) => isWithin(other, join(path, name))),
  );
  if (foreign.length === 0 || (await isMarked(path, files))) return;
  throw new Problem(
    "output-taken",
    `output ${path} is not empty and was not created by an earlier run (it contains ${foreign[0]})`,
    {
      hint: "empty it, or choose another `output`; its files would have been overwritten",
    },
  );
}

async function isMarked(path: string, files: Files): Promise<boolean> {
  const mark = join(path, MARK);
  return (await files.stat(mark))?.kind === "file" && (await files.readText(mark)) === MARK_TEXT;
}
