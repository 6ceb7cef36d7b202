import { basename, join } from "node:path";
import * as z from "zod/mini";
import { digest } from "../checksums/digest.ts";
import { Manifest, type Shard } from "../model/manifest.ts";
import { MANIFEST } from "../model/names.ts";
import { type ArchiveStep, differingFields, type Plan, SCHEMA } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import type { Files } from "../world/world.ts";
import type { PackedArtifact } from "./pack.ts";

/** One row of a CI matrix. */
export interface MatrixRow {
  /** Counted from 1; fit for the name of an artifact, which `shard` is not. */
  readonly index: number;
  /** For `--shard`. */
  readonly shard: string;
  /** What it builds, for people. */
  readonly targets: string;
}

/** A CI matrix of at most `count` parts; never more than there are archives. */
export function matrix(plan: Plan, count: number): readonly MatrixRow[] {
  const parts = Math.min(count, plan.archives.length);
  return Array.from({ length: parts }, (_, index) => ({
    index: index + 1,
    shard: `${index + 1}/${parts}`,
    targets: archivesOf(plan, { index: index + 1, count: parts })
      .map(({ target }) => formatTarget(target))
      .join(" "),
  }));
}

/** The archives of one part: every `count`-th, so that no part gets all of a slow platform. */
export function archivesOf({ archives }: Plan, { index, count }: Shard): readonly ArchiveStep[] {
  return archives.filter((_, at) => at % count === index - 1);
}

/** A shard's manifest and the folder it lies in. */
export interface Part {
  readonly manifest: Manifest;
  readonly folder: string;
}

/** Every manifest in `folders` and below. Throws a `Problem` for one that cannot be read. */
export async function findParts(
  folders: readonly string[],
  files: Files,
): Promise<readonly Part[]> {
  const found: Part[] = [];
  for (const folder of folders) {
    if ((await files.stat(folder))?.kind !== "folder") {
      throw new Problem("no-shards", `from: ${folder} is not a folder`, {
        hint: "name the folder that holds the shards' outputs",
      });
    }
    for (const path of await manifestsBelow(folder, files))
      found.push({ manifest: await readManifest(path, files), folder: join(path, "..") });
  }
  if (found.length === 0) {
    throw new Problem("no-shards", `from: no manifest.json under ${folders.join(", ")}`, {
      hint: "run `build --shard I/N` first and download what it wrote",
    });
  }
  return found;
}

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

/** Reads and validates a manifest. Throws a `Problem` that names the file and every fault. */
export async function readManifest(path: string, files: Files): Promise<Manifest> {
  let data: unknown;
  try {
    data = JSON.parse(await files.readText(path));
  } catch (cause) {
    throw new Problem("manifest-unreadable", `${path} is not JSON`, {
      hint: "build that part again",
      cause,
    });
  }
  const read = z.safeParse(Manifest, data);
  if (read.success) return read.data;
  const schema = (data as { schema?: unknown } | null)?.schema;
  if (typeof schema === "number" && schema > SCHEMA) {
    throw new Problem(
      "manifest-newer",
      `${path} has schema ${schema}, and this version knows ${SCHEMA}`,
      {
        hint: "use the version of this program that built it",
      },
    );
  }
  const faults = read.error.issues
    .slice(0, 10)
    .map(({ path: at, message }) => `  ${at.join(".")}: ${message}`);
  throw new Problem(
    "manifest-invalid",
    [`${path} is not a manifest of this version`, ...faults].join("\n"),
    {
      hint: "build every part with the same version of this program",
    },
  );
}

/**
 * What all parts made together: every archive of the plan once, each file read again and equal to its
 * manifest. Throws a `Problem` that names what is missing, doubled or different.
 */
export async function mergeParts(
  parts: readonly Part[],
  files: Files,
): Promise<{ plan: Plan; packed: readonly (PackedArtifact & { readonly folder: string })[] }> {
  const [first] = parts;
  if (first === undefined) throw new Error("there are no parts to merge");
  for (const part of parts) assertSamePlan(first, part);
  const { plan } = first.manifest;
  const packed = await Promise.all(plan.archives.map((step) => partOf(step, parts, files)));
  return { plan, packed };
}

/** Whether two machines planned the same bytes; where it goes and how it is signed is the publisher's affair. */
function assertSamePlan(first: Part, other: Part): void {
  const differing = differingFields(first.manifest.plan, other.manifest.plan, [
    "release",
    "module",
    "name",
    "go",
    "builds",
    "archives",
    "generated",
    "checksum",
  ]);
  if (differing.length === 0) return;
  throw new Problem(
    "shards-differ",
    `${other.folder} was planned differently from ${first.folder}: ${differing.join(", ")}`,
    { hint: "build every part of the same commit, with the same Go and the same configuration" },
  );
}

async function partOf(
  step: ArchiveStep,
  parts: readonly Part[],
  files: Files,
): Promise<PackedArtifact & { readonly folder: string }> {
  const holders = parts.flatMap(({ manifest, folder }) => {
    const artifact = manifest.artifacts.find(({ name }) => name === step.name);
    return artifact === undefined
      ? []
      : [
          {
            artifact,
            folder,
            binaries: manifest.binaries.filter((binary) => binary.artifact === step.name),
          },
        ];
  });
  const [found] = holders;
  if (found === undefined) {
    throw new Problem("shard-missing", `no part holds ${step.name}`, {
      hint: "build the missing shard and download its output too",
    });
  }
  const differing = holders.find(({ artifact }) => artifact.sha256 !== found.artifact.sha256);
  if (differing !== undefined) {
    throw new Problem(
      "shards-differ",
      `${step.name} is in ${found.folder} and, with other bytes, in ${differing.folder}`,
      {
        hint: "remove the stale one",
      },
    );
  }
  const path = join(found.folder, basename(found.artifact.path));
  const { size, sha256 } =
    (await files.stat(path)) === undefined
      ? { size: -1, sha256: "" }
      : await digest(() => files.source(path));
  if (size !== found.artifact.size || sha256 !== found.artifact.sha256) {
    throw new Problem("shard-damaged", `${path} is not the file that its manifest.json describes`, {
      hint: "download the shard again, or build it again",
    });
  }
  return found;
}
