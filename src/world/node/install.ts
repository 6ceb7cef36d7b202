import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Install } from "../world.ts";

/** `@actions/tool-cache`: on a runner its cache is the runner's, elsewhere a folder in the user's own. */
export const install: Install = async ({ name, version, url, sha256 }) => {
  process.env["RUNNER_TOOL_CACHE"] ??= join(await ownCache(), "tools");
  process.env["RUNNER_TEMP"] ??= tmpdir();
  const cache = await import("@actions/tool-cache");
  const found = cache.find(name, version);
  if (found !== "") return found;
  const download = await cache.downloadTool(url);
  try {
    const hash = createHash("sha256");
    await pipeline(createReadStream(download), hash);
    const digest = hash.digest("hex");
    if (digest !== sha256) throw new Error(`${url} has sha256 ${digest}, not ${sha256}`);
    const unpacked = url.endsWith(".zip")
      ? await cache.extractZip(download)
      : await cache.extractTar(download);
    const kept = await cache.cacheDir(join(unpacked, name), name, version);
    await rm(unpacked, { recursive: true, force: true });
    return kept;
  } finally {
    await rm(download, { force: true });
  }
};

/** Where no runner has a cache, in the user's own; a home may lie inside the project, and this is none of its files. */
async function ownCache(): Promise<string> {
  const folder = join(homedir(), ".cache", "go-release");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".gitignore"), "*\n");
  return folder;
}
