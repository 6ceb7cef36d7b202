import type { ReleasedImage } from "../model/image.ts";
import type { Signatory } from "../signers/bundles/verify.ts";

/** One thing that is not as it should be. */
export interface VerificationFault {
  /** The file it was found in or missed. */
  readonly file: string;
  readonly message: string;
}

/** What a statement says that the files were built from. */
export interface BuildOrigin {
  readonly commit: string | null;
  readonly tag: string | null;
  /** As `go env GOVERSION` prints it. */
  readonly go: string;
  /** The configuration as it was given. */
  readonly parameters: unknown;
  /** Container images that were made along with them. */
  readonly images: readonly ReleasedImage[];
}

/** Nobody signed it; a dry run's key did; or somebody did whom nobody named. */
export type Unaccepted = "unsigned" | "throwaway" | "signer";

/** What a verification found; a release without faults is sound as far as `checked` goes. */
export interface Verdict {
  /** What was looked at and found right, in prose. */
  readonly checked: readonly string[];
  readonly faults: readonly VerificationFault[];
  /** What the reader should know, e.g. that nothing is signed. */
  readonly notices: readonly string[];
  /** Files of the release that are not here, where that is no fault. */
  readonly absent: readonly string[];
  /** What the release has besides, which nothing that is listed or signed speaks of: nobody vouches for it. */
  readonly uncovered: readonly string[];
  /** Container images that it says are its own, in their registries. */
  readonly images: readonly ReleasedImage[];
  /** Who signed. */
  readonly signatory?: Signatory;
  /** Why nothing shows who made this, where nobody said whom to expect and not that anybody will do. */
  readonly unaccepted?: Unaccepted;
  /** What provenance says, whose signature holds. */
  readonly origin?: BuildOrigin;
}

/** Collects a verdict, finding by finding. */
export class Findings {
  readonly checked: string[] = [];
  readonly faults: VerificationFault[] = [];
  readonly notices: string[] = [];
  readonly absent = new Set<string>();
  readonly #partial: boolean;

  /** `partial`: whether a file that is missing is no fault. */
  constructor(partial = false) {
    this.#partial = partial;
  }

  fault(file: string, message: string): void {
    this.faults.push({ file, message });
  }

  /** A file that the release has and that is not here; `message` is for the one that misses it. */
  missing(name: string, by: string, message: string): void {
    if (this.#partial) this.absent.add(name);
    else this.fault(by, message);
  }

  /** Tells what was looked at, unless a fault was found in it since there were `before` of them. */
  passed(what: string, before: number): void {
    if (this.faults.length === before) this.checked.push(what);
  }
}

/** A verdict and what was found besides. */
export function withFindings(verdict: Verdict, { checked, faults, notices }: Findings): Verdict {
  return {
    ...verdict,
    checked: [...verdict.checked, ...checked],
    faults: [...verdict.faults, ...faults],
    notices: [...verdict.notices, ...notices],
  };
}
