import { pipeline } from "node:stream/promises";
import type { Digest } from "../checksums/digest.ts";
import { DigestCounter } from "../checksums/digest-counter.ts";
import { Problem } from "../model/problem.ts";
import type { ReleaseRun } from "./release-run.ts";

/** Bytes; what GitLab takes by default, and more than twice what GitHub takes. */
const LARGEST = 5 * 2 ** 30;

interface PlainCopy {
  readonly from: string;
  readonly to: string;
  /** What is said of the file. */
  readonly claim: Digest;
}

/**
 * Copies a plain file that somebody else wrote and digests what is copied: whatever happens to the original, these
 * are the bytes. Throws a `Problem` for a link, a pipe or a device, and for what is not as claimed.
 */
export async function copyPlain(
  { from, to, claim }: PlainCopy,
  { world: { files }, signal }: Pick<ReleaseRun, "world" | "signal">,
): Promise<Digest> {
  const file = await files.plain(from);
  if (file === undefined) throw notPlain(from, (await files.lstat(from)) === undefined);
  const counter = new DigestCounter(claim.size, () => damaged(from));
  try {
    if (file.size > LARGEST) throw tooLarge(from, file.size);
    if (file.size !== claim.size) throw damaged(from);
    await pipeline(counter.over(file.bytes as AsyncIterable<Uint8Array>), files.sink(to), {
      signal,
    });
  } finally {
    file.bytes.destroy();
  }
  const copied = counter.digest();
  if (copied.size !== claim.size || copied.sha256 !== claim.sha256) throw damaged(from);
  return copied;
}

function notPlain(path: string, missing: boolean): Problem {
  return missing
    ? damaged(path)
    : new Problem("shard-file", `${path} is not a file but a link, a folder, a pipe or a device`, {
        hint: "nothing was published; build that shard again, and find out what created it",
      });
}

function tooLarge(path: string, size: number): Problem {
  return new Problem("shard-file", `${path} has ${size} bytes, more than the maximum`, {
    hint: "build that shard again",
  });
}

function damaged(path: string): Problem {
  return new Problem("shard-damaged", `${path} is not the file that its manifest.json describes`, {
    hint: "download the shard again, or build it again",
  });
}
