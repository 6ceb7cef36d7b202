import { createHash } from "node:crypto";
import type { ChecksumAlgorithm } from "../model/algorithms.ts";

/** What identifies a file: its size in bytes and its digests in lower-case hex. */
export type Digest<A extends ChecksumAlgorithm = "sha256"> = { readonly size: number } & {
  readonly [algorithm in A]: string;
};

/** Reads a stream once, to its end. Rejects when it fails. */
export async function digest<A extends ChecksumAlgorithm = "sha256">(
  open: () => AsyncIterable<Uint8Array>,
  algorithms: readonly A[] = ["sha256" as A],
): Promise<Digest<A>> {
  const hashes = algorithms.map((name) => ({ name, hash: createHash(name) }));
  let size = 0;
  for await (const chunk of open()) {
    size += chunk.length;
    for (const { hash } of hashes) hash.update(chunk);
  }
  const digests = hashes.map(({ name, hash }) => [name, hash.digest("hex")]);
  return { size, ...Object.fromEntries(digests) } as Digest<A>;
}
