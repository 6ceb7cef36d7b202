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
  /** Those of them whose line ends this machine's git changed. */
  readonly converted: readonly string[];
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
  /** As it calls itself, e.g. `go1.26.8`. */
  readonly version: string;
  /** What its maker builds with: GOEXPERIMENT, GOFIPS140. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** The Go on PATH, where another was selected. */
  readonly replaced?: string;
  /** Settings of the environment that count for a plain `go build` and for nothing here. */
  readonly setAside?: Readonly<Record<string, string>>;
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
