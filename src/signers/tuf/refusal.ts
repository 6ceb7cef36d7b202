import { LengthOrHashMismatchError, UnsignedMetadataError } from "@tufjs/models/dist/error.js";
import { BadVersionError, ExpiredMetadataError } from "tuf-js/dist/error.js";
import { Problem } from "../../model/problem.ts";

/** What of a repository was refused. */
export interface RefusedFile {
  readonly name: string;
  /** The file that says what it has to be. */
  readonly by?: string;
  /** Whether it is the caller's own, and nobody's answer. */
  readonly own?: boolean;
}

/** Metadata that do not hold, by the name of what is wrong with them. `error` is the library's; absent for other bytes. */
export function refusal(url: string, { name, by, own = false }: RefusedFile, error: unknown) {
  if (own)
    return new Problem("tuf-root", `the root of ${url} is not a root.json of TUF`, {
      hint: "give the root.json that the repository's owner published (`tuf-root`)",
      cause: error,
    });
  return new Problem("tuf-refused", `${url}: ${name} is refused: ${faultOf(error, by)}`, {
    hint: "tell whoever runs the repository, and see whether a proxy answers in its place",
    cause: error,
  });
}

function faultOf(error: unknown, by = "its signed metadata"): string {
  if (error instanceof ExpiredMetadataError)
    return "it has expired: the repository is frozen, or nobody keeps it up";
  if (error instanceof UnsignedMetadataError)
    return "it is forged: too few of the keys that the root names have signed it";
  if (error instanceof BadVersionError && /doesn't match|does not match/u.test(error.message))
    return `it is mixed with others: it is not of the version that ${by} names`;
  if (error instanceof BadVersionError)
    return "it is rolled back: a newer one was seen before, or a version was left out";
  if (error === undefined || error instanceof LengthOrHashMismatchError)
    return `it is mixed with others: it is not the file that ${by} names`;
  if (error instanceof Error && error.message.startsWith("Missing file"))
    return "it is rolled back: it leaves out what was there before";
  return "it is not metadata of TUF";
}

export function endless(url: string, most: number): Problem {
  return new Problem("tuf-refused", `${url}: its roots are endless: more than ${most} in a row`, {
    hint: "tell whoever runs the repository, and see whether a proxy answers in its place",
  });
}

export function noTarget(url: string, name: string): Problem {
  return new Problem("tuf-refused", `${url} has no ${name}`, {
    hint: "see whether it is the TUF repository of a sigstore instance (`tuf-url`)",
  });
}
