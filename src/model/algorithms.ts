/** Those that checksum files may be of; the number of digits tells them apart. */
export const ALGORITHMS = ["sha256", "sha512", "sha384", "sha224", "sha1", "md5"] as const;
export type ChecksumAlgorithm = (typeof ALGORITHMS)[number];

export function isAlgorithm(word: string): word is ChecksumAlgorithm {
  return ALGORITHMS.some((one) => one === word);
}

/** Whether nobody can make another file of the same digest, so that to sign a list of them is to sign the files. */
export function isStrong(algorithm: ChecksumAlgorithm): boolean {
  return algorithm === "sha256" || algorithm === "sha512" || algorithm === "sha384";
}

/** Hexadecimal digits. */
const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  sha256: 64,
  sha512: 128,
  sha384: 96,
  sha224: 56,
  sha1: 40,
  md5: 32,
};

/** Undefined for a length that none has. */
export function algorithmOf(digest: string): ChecksumAlgorithm | undefined {
  return ALGORITHMS.find((one) => LENGTHS[one] === digest.length);
}
