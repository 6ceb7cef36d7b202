import { join } from "node:path";
import { formatChecksums } from "../checksums/checksums.ts";
import { digest } from "../checksums/digest.ts";
import type { ChecksumAlgorithm } from "../model/algorithms.ts";
import type { Artifact } from "../model/artifact.ts";
import { checksumFiles, checksumLists } from "../model/checksum-files.ts";
import type { ReleaseRun } from "./release-run.ts";
import { writeArtifact } from "./write-artifact.ts";

type Digests = Readonly<Partial<Record<ChecksumAlgorithm, string>>>;

/** The checksum files over every file that is there before them; the first list first. */
export async function writeChecksums(
  artifacts: readonly Artifact[],
  run: ReleaseRun,
): Promise<readonly Artifact[]> {
  const { checksum } = run.plan;
  const lists = checksumLists(checksum);
  const of = checksum.split === true ? "" : lists.map(({ name }) => name).join(" ");
  return await run.journal.step({ kind: "checksum", of }, async () => {
    const algorithms = lists.map(({ algorithm }) => algorithm);
    const digests = new Map<string, Digests>();
    for (const one of artifacts) digests.set(one.name, await digestsOf(one, algorithms, run));
    const written: Artifact[] = [];
    for (const file of checksumFiles(checksum, [...digests.keys()])) {
      const lines = file.of.map((name) => ({
        name,
        digest: digests.get(name)?.[file.algorithm] ?? "",
      }));
      const text = formatChecksums(lines);
      const { name, of: from } = file;
      written.push(await writeArtifact({ kind: "checksums", name, text, from }, run));
    }
    return written;
  });
}

/** Its sha256 is known; for others it is read once more. */
async function digestsOf(
  { name, sha256 }: Artifact,
  algorithms: readonly ChecksumAlgorithm[],
  { output, world }: ReleaseRun,
): Promise<Digests> {
  const others = algorithms.filter((one) => one !== "sha256");
  if (others.length === 0) return { sha256 };
  const path = join(output.staging, name);
  return { ...(await digest(() => world.files.source(path), others)), sha256 };
}
