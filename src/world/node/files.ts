import { constants, createReadStream, createWriteStream, type Stats } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FileFacts, Files, OpenFile, PlainFile } from "../world.ts";
import { lock } from "./lock.ts";

export const files: Files = {
  read: (path) => fs.readFile(path),
  readText: (path) => fs.readFile(path, "utf8"),
  write,
  open,
  plain,
  source: (path, range) => createReadStream(path, range ?? {}),
  sink: (path, mode) => createWriteStream(path, mode === undefined ? {} : { mode }),
  stat: (path) => orUndefined(fs.stat(path).then(facts)),
  lstat: (path) => orUndefined(fs.lstat(path).then(facts)),
  list: async (folder) => {
    const entries = await fs.readdir(folder, { withFileTypes: true });
    return entries
      .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  makeFolder,
  rename: (from, to) => fs.rename(from, to),
  link: (folder, at) => fs.symlink(folder, at, "junction"),
  temporary: () => fs.mkdtemp(join(tmpdir(), "go-release-")),
  // Retried: a compiler that outlived a killed run may still write into the folder.
  remove: (path) => fs.rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  real: (path) => fs.realpath(path),
  lock,
};

async function write(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await makeFolder(dirname(path));
    await fs.writeFile(temporary, data);
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

/** Of a read-only file system `mkdir` with `recursive` says ENOENT; without it, the truth. */
async function makeFolder(path: string): Promise<void> {
  try {
    await fs.mkdir(path, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await fs.mkdir(path);
  }
}

async function open(path: string): Promise<OpenFile> {
  const handle = await fs.open(path, "r");
  const { size } = await handle.stat();
  return {
    size,
    read: async (position, length) => {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

/** Neither through a link, nor waiting for a writer; Windows has these flags not, and no pipes among its files. */
const ITSELF = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function plain(path: string): Promise<PlainFile | undefined> {
  const seen = await orUndefined(fs.lstat(path, { bigint: true }));
  if (seen?.isFile() !== true) return undefined;
  const handle = await fs.open(path, ITSELF);
  const { ino, dev, size } = await handle.stat({ bigint: true });
  // What was opened is what was looked at.
  if (ino === seen.ino && dev === seen.dev)
    return { size: Number(size), bytes: handle.createReadStream() };
  await handle.close();
  return undefined;
}

type Kinds = Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink">;

function kindOf(entry: Kinds): FileFacts["kind"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isSymbolicLink() ? "link" : "other";
}

function facts(stats: Stats): FileFacts {
  return {
    kind: kindOf(stats),
    size: stats.size,
    executable: (stats.mode & 0o100) !== 0,
    ...(process.platform === "win32" ? {} : { owner: stats.uid }),
  };
}

async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
