import type { SourceTree } from "../git/commit-files.ts";
import type { Deviation } from "../git/deviations.ts";
import type { GitFacts } from "../git/git-facts.ts";
import type { GoDeclaration } from "./go-declarations.ts";

/** What was seen before planning; nothing in it was decided. */
export interface Facts {
  readonly module: ModuleFacts;
  /** Absent where there is no repository. */
  readonly git?: GitFacts;
  readonly go: GoFacts;
  /** The programs of each row of `builds`, in its order. */
  readonly programs: readonly (readonly ProgramFacts[])[];
  /** What the `files` patterns of each kind of archive select, in the order of the configuration. */
  readonly files: readonly (readonly FileFact[])[];
  /** The text of terraform-registry-manifest.json; absent where there is none, or no provider is released. */
  readonly registryManifest?: string;
  /** What each row of `packages` names; absent where there is none. */
  readonly packages?: readonly PackageFacts[];
  /** The variables of the environment that templates may use, as far as they are set. */
  readonly env: Readonly<Record<string, string>>;
  /** What of `main` named a file, and the package that is built in its place. */
  readonly mainFiles: readonly { readonly given: string; readonly package: string }[];
  readonly stamped: readonly StampedPackage[];
  /** What is built and packed, as far as the commit does not hold it. */
  readonly differences: readonly SourceDifference[];
  /** Files of the build that look like pointers of Git LFS, and are what the commit holds. */
  readonly pointers: readonly string[];
  /** Changed or untracked paths that `generated` declares, relative to the repository's root. */
  readonly modified: readonly string[];
  /** Whether the output folder lies in what a program embeds. */
  readonly outputEmbedded: boolean;
  /** What an archive of the commit's files would hold; absent where none is wanted, or there is no commit. */
  readonly source?: SourceTree;
  /** What each row of `extra-files` selects: paths relative to the module, forward slashes. */
  readonly extraFiles: readonly (readonly string[])[];
  readonly notes: NotesFacts;
  /** `SOURCE_DATE_EPOCH`, in seconds, for a folder without a repository. */
  readonly epoch?: number;
}

export interface ModuleFacts {
  readonly path: string;
  /** Relative to the repository's root, forward slashes; `.` for the root. */
  readonly folder: string;
  /** Present where the repository has no other module: tags without its folder are its own too. */
  readonly alone?: true;
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
  /** The toolchain line of go.mod. */
  readonly suggested?: string;
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
  /** What the package declares, whichever platform its files are for. */
  readonly declarations?: readonly GoDeclaration[];
}

/** A package of which `-X` is to set variables, other than a program's own. */
export interface StampedPackage {
  readonly path: string;
  /** `unknown`: its module may not be on this machine yet. */
  readonly state: "found" | "absent" | "unknown";
  readonly declarations: readonly GoDeclaration[];
  /** The package of this module that was probably meant, when it is not found. */
  readonly meant?: string;
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

/** A file to be packed. */
export interface FileFact {
  /** Relative to the module, forward slashes. */
  readonly source: string;
  /** Where it lies in the archive, or below `to`. */
  readonly name: string;
  /** The folder that it comes to, or with `exact` its whole path; a template. */
  readonly to?: string;
  readonly exact?: boolean;
  readonly executable: boolean;
  /** Octal digits. */
  readonly mode?: string;
  /** Empty means every operating system. */
  readonly os?: readonly string[];
}

/** The files of one row of `packages`. */
export interface PackageFacts {
  /** What each row of its `files` selects; nothing for folders and links. */
  readonly files: readonly (readonly FileFact[])[];
  /** Relative to the module. */
  readonly systemd: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
}

/** What release notes can be made of. */
export interface NotesFacts {
  /** The module's own one first, then that of the repository's root. */
  readonly changelogs: readonly Changelog[];
  /** Since the previous tag, newest first; at most a thousand. */
  readonly commits: readonly CommitFact[];
  /** How many commits there are besides those. */
  readonly moreCommits: number;
  /** Whether the clone is shallow and lacks some of the commits since the previous tag. */
  readonly incomplete: boolean;
  /** First contributions since the previous tag, the oldest first; absent where nobody asked, or nobody can tell. */
  readonly newcomers?: readonly { readonly author: CommitAuthor; readonly hash: string }[];
  /** Message of the annotated tag, as it was written. */
  readonly tagMessage?: string;
  /** Whether the forge was asked and has no message of the tag either. */
  readonly lightweight?: boolean;
  /** The file that `notes` names. */
  readonly file?: string;
  /** The files that `header` and `footer` name. */
  readonly header?: string;
  readonly footer?: string;
}

export interface Changelog {
  /** For people, relative to the module or the repository. */
  readonly name: string;
  readonly text: string;
  /** Whether it is that of the repository's root, for a module in a sub-folder. */
  readonly shared: boolean;
}

export interface CommitFact {
  readonly hash: string;
  readonly subject: string;
  /** What its footer `BREAKING CHANGE` says (conventionalcommits.org). */
  readonly breaking?: string;
  /** Present where the notes name authors. */
  readonly author?: CommitAuthor;
}

export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
  /** By which the forge knows them. */
  readonly handle?: string;
}
