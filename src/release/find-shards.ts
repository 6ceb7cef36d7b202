import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import { Manifest } from "../model/manifest.ts";
import { MANIFEST } from "../model/names.ts";
import { isWithin } from "../model/paths.ts";
import { SCHEMA } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Files } from "../world/world.ts";

/** What another job left: its claims, of which none is believed. */
export interface FoundShard {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Of manifest.json: sha256 in lower-case hex. */
  readonly digest: string;
}

/** Every manifest in `folders` and below. Throws a `Problem` for one that cannot be read. */
export async function findShards(
  folders: readonly string[],
  files: Files,
): Promise<readonly FoundShard[]> {
  const found: FoundShard[] = [];
  for (const folder of folders) {
    if ((await files.stat(folder))?.kind !== "folder") {
      throw new Problem("no-shards", `from: ${folder} is not a folder`, {
        hint: "give the folder that contains the shards' outputs",
      });
    }
    for (const path of await manifestsBelow(folder, files)) found.push(await read(path, files));
    await refuseEmpty(folder, found, files);
  }
  if (found.length === 0) {
    throw new Problem("no-shards", `from: no manifest.json under ${folders.join(", ")}`, {
      hint: "run `build --shard I/N` first and download its output",
    });
  }
  return found;
}

/** Paths of manifests; no link is followed to one. */
async function manifestsBelow(folder: string, files: Files): Promise<readonly string[]> {
  const entries = await files.list(folder);
  if (entries.some(({ name, kind }) => name === MANIFEST && kind === "file"))
    return [join(folder, MANIFEST)];
  const deeper = await Promise.all(
    entries
      .filter(
        ({ name, kind }) => kind === "folder" && !name.startsWith(".") && name !== "node_modules",
      )
      .map(({ name }) => manifestsBelow(join(folder, name), files)),
  );
  return deeper.flat();
}

/** What was uploaded as a shard and is none is somebody's mistake, or worse. */
async function refuseEmpty(
  folder: string,
  found: readonly FoundShard[],
  files: Files,
): Promise<void> {
  // In a shard's own folder lie its archives, which may have any name.
  if (found.some((shard) => shard.folder === folder)) return;
  const entries = (await files.list(folder)).filter(
    ({ name, kind }) => kind !== "file" && /^shard-/iu.test(name),
  );
  const stray = entries.find(
    ({ name }) => !found.some((shard) => isWithin(shard.folder, join(folder, name))),
  );
  if (stray === undefined) return;
  throw new Problem("shard-stray", `${join(folder, stray.name)} has no manifest.json`, {
    hint: "make sure no other job uploads artifacts named like shards",
  });
}

/** Bytes; a manifest of 600 programs has some 6 MB. */
const LARGEST = 64 << 20;

/** Reads and validates a manifest. Throws a `Problem` that names the file and every fault. */
async function read(path: string, files: Files): Promise<FoundShard> {
  const bytes = await readBytes(path, files);
  let data: unknown;
  try {
    data = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Problem("manifest-unreadable", `${path} is not JSON`, {
      hint: "build that shard again",
      cause,
    });
  }
  const parsed = z.safeParse(Manifest, data);
  if (!parsed.success) throw invalid(path, data, parsed.error);
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { folder: dirname(path), manifest: parsed.data, digest };
}

async function readBytes(path: string, files: Files): Promise<Buffer> {
  const file = await files.plain(path);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of file?.bytes ?? []) {
    size += (chunk as Buffer).length;
    if (size > LARGEST) {
      throw new Problem("manifest-unreadable", `${path} is larger than ${LARGEST >> 20} MiB`, {
        hint: "it is not a manifest of this program: build that shard again",
      });
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function invalid(path: string, data: unknown, error: z.core.$ZodError): Problem {
  const schema = (data as { schema?: unknown } | null)?.schema;
  if (typeof schema === "number" && schema > SCHEMA) {
    return new Problem(
      "manifest-newer",
      `${path} has schema ${schema}, but this version supports ${SCHEMA}`,
      { hint: "use the version of this program that built it" },
    );
  }
  const faults = error.issues
    .slice(0, 10)
    .map(({ path: at, message }) => `  ${at.join(".")}: ${message}`);
  return new Problem(
    "manifest-invalid",
    [`${path} is not a manifest of this version`, ...faults].join("\n"),
    { hint: "build every shard with the same version of this program" },
  );
}
