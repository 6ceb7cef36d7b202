import * as z from "zod/mini";
import { ALGORITHMS, isStrong } from "./algorithms.ts";

/** One list of checksums, or one beside every file. */
export const ChecksumList = z.object({
  algorithm: z.enum(ALGORITHMS),
  /** Of the list; where each file has its own, `{artifact}` stands for that file's name. */
  name: z.string(),
});
export type ChecksumList = z.infer<typeof ChecksumList>;

/** The checksums of a release. */
export const PlannedChecksums = z.extend(ChecksumList, {
  /** Those of further algorithms; absent for none. */
  more: z.optional(z.array(ChecksumList)),
  /** Present where each file has a checksum file of its own. */
  split: z.optional(z.literal(true)),
});
export type PlannedChecksums = z.infer<typeof PlannedChecksums>;

/** A checksum file, and which of the released files it speaks of. */
export interface ChecksumFile extends ChecksumList {
  readonly of: readonly string[];
}

/** Of each algorithm. */
export function checksumLists({
  more = [],
  algorithm,
  name,
}: PlannedChecksums): readonly ChecksumList[] {
  return [{ algorithm, name }, ...more];
}

/** The checksum files of a release that has these other files. */
export function checksumFiles(
  planned: PlannedChecksums,
  released: readonly string[],
): readonly ChecksumFile[] {
  return checksumLists(planned).flatMap(({ algorithm, name }): readonly ChecksumFile[] =>
    planned.split === true
      ? released.map((one) => ({ algorithm, name: besideName(name, one), of: [one] }))
      : [{ algorithm, name, of: released }],
  );
}

/** What is signed of them: what others could forge, is no proof. */
export function signedChecksums(files: readonly ChecksumFile[]): readonly string[] {
  return files.filter(({ algorithm }) => isStrong(algorithm)).map(({ name }) => name);
}

/** The name of the checksum file beside a file. */
export function besideName(template: string, artifact: string): string {
  return template.replace(ARTIFACT, () => artifact);
}

export const ARTIFACT = "{artifact}";
