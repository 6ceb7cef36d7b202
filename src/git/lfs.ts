/** What stands in a commit for a file that Git LFS keeps elsewhere (git-lfs/docs/spec.md, "The Pointer"). */
export interface LfsPointer {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** "Pointer files MUST be less than 1024 bytes." */
export const LONGEST_POINTER = 1024;

const VERSION = /^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n/u;

export function isPointer(text: string): boolean {
  return VERSION.test(text);
}

/** Undefined for what is no pointer. */
export function pointerOf(text: string): LfsPointer | undefined {
  const sha256 = /^oid sha256:([0-9a-f]{64})$/mu.exec(text)?.[1];
  const size = /^size (\d+)$/mu.exec(text)?.[1];
  if (!isPointer(text) || sha256 === undefined || size === undefined) return undefined;
  return { sha256, size: Number(size) };
}
