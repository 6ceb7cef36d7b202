import type { Deviation } from "../git/deviations.ts";
import type { GitFacts } from "../git/git-facts.ts";

/** What was seen before planning; nothing in it was decided. */
export interface Facts {
  readonly module: ModuleFacts;
  /** Absent where there is no repository. */
  readonly git?: GitFacts;
  readonly go: GoFacts;
  /** The programs of each row of `builds`, in its order. */
  readonly programs: readonly (readonly ProgramFacts[])[];
  /** What the `files` patterns select. */
  readonly files: readonly FileFact[];
  /** What is built and packed, as far as the commit does not hold it. */
  readonly differences: readonly SourceDifference[];
  /** Changed or untracked paths that `generated` declares, relative to the repository's root. */
  readonly modified: readonly string[];
  /** Whether the output folder lies in what a program embeds. */
  readonly outputEmbedded: boolean;
  readonly notes: NotesFacts;
  /** `SOURCE_DATE_EPOCH`, in seconds, for a folder without a repository. */
  readonly epoch?: number;
}

export interface ModuleFacts {
  readonly path: string;
  /** Relative to the repository's root, forward slashes; `.` for the root. */
  readonly folder: string;
  readonly vendored: boolean;
  /** A go.work that Go would have used; builds ignore it. */
  readonly workspace?: string;
}

export interface GoFacts {
  /** e.g. `go1.26.8`. */
  readonly version: string;
  /** `go tool dist list`. */
  readonly platforms: readonly string[];
}

export interface ProgramFacts {
  readonly importPath: string;
  /** Relative to the module, forward slashes, beginning with `./`; `.` for the root. */
  readonly package: string;
  /** `os/arch` pairs, among those asked for, that it has files for. */
  readonly platforms: readonly string[];
  /** String variables of the package, which the linker can set. */
  readonly variables?: readonly string[];
}

/** A file that is built or packed, and is not what the commit holds. */
export interface SourceDifference {
  /** Relative to the module, forward slashes. */
  readonly path: string;
  /**
   * What is named in its place: a folder, with a slash at its end, of which the commit has nothing at all, or a link or
   * submodule that it lies behind.
   */
  readonly within: string | undefined;
  readonly deviation: Deviation;
  /** Whether `generated` says that it may differ. */
  readonly declared: boolean;
  /** Import paths of the programs that it goes into. */
  readonly programs: readonly string[];
  /** Lower-case hex; absent where there is no file. */
  readonly sha256?: string;
}

export interface FileFact {
  readonly source: string;
  readonly name: string;
  readonly executable: boolean;
}

export interface NotesFacts {
  /** Text of the module's CHANGELOG, if any. */
  readonly changelog?: string;
  /** Subjects since the previous tag, newest first. */
  readonly commits: readonly { readonly hash: string; readonly subject: string }[];
  /** Message of the annotated tag. */
  readonly tagMessage?: string;
  /** The file that `notes` names. */
  readonly file?: string;
}
