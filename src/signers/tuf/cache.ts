import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Files } from "../../world/world.ts";

/** What is kept of one repository between runs. Nothing of it is believed: all is verified again. */
export interface TufCache {
  read(name: string): Promise<Buffer | undefined>;
  /** That it cannot be written is no fault. */
  keep(name: string, bytes: Buffer): Promise<void>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where runners, and users, keep what can be had again; undefined where nobody has such a place. */
export function cacheFolder(env: Env, platform: string): string | undefined {
  const given = (name: string) => (env[name] === "" ? undefined : env[name]);
  const tools = given("RUNNER_TOOL_CACHE");
  if (tools !== undefined) return join(tools, "go-release", "tuf");
  const home = given("HOME") ?? given("USERPROFILE");
  const local = platform === "win32" ? given("LOCALAPPDATA") : undefined;
  const caches =
    given("XDG_CACHE_HOME") ?? local ?? (home === undefined ? undefined : join(home, ".cache"));
  return caches === undefined ? undefined : join(caches, "go-release", "tuf");
}

/** The cache of the repository at `url` below a folder; without one nothing is kept. */
export function tufCache(url: string, folder: string | undefined, files: Files): TufCache {
  if (folder === undefined) return { read: async () => undefined, keep: async () => {} };
  const own = join(folder, createHash("sha256").update(url).digest("hex").slice(0, 16));
  const attempt = async <T>(work: () => Promise<T>) => await work().catch(() => undefined);
  return {
    read: (name) =>
      attempt(async () => {
        const path = join(own, name);
        const facts = await files.stat(path);
        const isOne = facts?.kind === "file" && facts.size <= LARGEST;
        return isOne ? await files.read(path) : undefined;
      }),
    keep: async (name, bytes) => {
      await attempt(async () => {
        // A home may lie inside the project, and this is none of its files.
        if ((await files.stat(join(folder, ".gitignore"))) === undefined)
          await files.write(join(folder, ".gitignore"), "*\n");
        await files.write(join(own, name), bytes);
      });
    },
  };
}

/** Bytes of what could be a file of ours. */
const LARGEST = 10_000_000;
