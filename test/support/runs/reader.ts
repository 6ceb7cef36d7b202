import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoredRelease } from "../github/state.ts";
import type { Bench } from "./bench.ts";

/** A folder in which a reader has put what was published, and the keys that were handed to them. */
export function downloaded(bench: Bench, { assets }: StoredRelease): string {
  const folder = join(bench.folder, "reader");
  mkdirSync(folder, { recursive: true });
  for (const { name, content } of assets) writeFileSync(join(folder, name), content);
  copyFileSync(join(bench.folder, "trusted_root.json"), join(folder, "trusted_root.json"));
  return folder;
}

/** A reader's command, without any network: what it said when it failed, else undefined. */
export function complaint(folder: string, command: string): string | undefined {
  const { status, stderr, stdout } = spawnSync("sh", ["-c", command], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      TUF_ROOT: join(folder, "tuf"),
      HTTPS_PROXY: "http://127.0.0.1:1",
    },
  });
  return status === 0 ? undefined : `${command}\n${stdout}${stderr}`;
}

/** The commands that a summary or the notes offer for copying. */
export function commandsIn(markdown: string): readonly string[] {
  return (/```sh\n([\s\S]*?)\n```/u.exec(markdown)?.[1] ?? "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}
