import * as z from "zod/mini";
import { ArchiveFormatName } from "./archive-format.ts";
import { PlannedChannel } from "./channel.ts";
import { PlannedChecksums } from "./checksum-files.ts";
import { PlannedImage } from "./image.ts";
import { PlannedInstaller } from "./installer.ts";
import { PackageStep } from "./packages.ts";
import { Target } from "./target.ts";

/** The version of the plan's and the manifest's schema; a reader refuses a newer one. */
export const SCHEMA = 1;

/** What is released, in the forge's terms. */
export const ReleaseSpec = z.object({
  /** Null for a snapshot, which is never published. */
  tag: z.nullable(z.string()),
  /** SemVer without `v`. */
  version: z.string(),
  /** Full hash; null without a repository. */
  commit: z.nullable(z.string()),
  /** The commit's date, ISO 8601 in UTC with whole seconds: the mtime of everything packed. */
  date: z.string(),
  snapshot: z.boolean(),
  title: z.string(),
  /** Markdown; null asks the forge to generate them. */
  notes: z.nullable(z.string()),
  /** Markdown before and after notes that the forge generates; of others it is a part. */
  header: z.optional(z.string()),
  footer: z.optional(z.string()),
  previousTag: z.nullable(z.string()),
  draft: z.boolean(),
  prerelease: z.boolean(),
  /** `auto` is decided when it is published, by SemVer among the releases that are there. */
  latest: z.union([z.literal("auto"), z.boolean()]),
  discussionCategory: z.optional(z.string()),
  milestones: z.array(z.string()),
  /** Those that are closed once the release is visible; absent for none. */
  closeMilestones: z.optional(z.array(z.string())),
  /** ISO 8601; GitLab's `released_at`. */
  releasedAt: z.optional(z.string()),
});
export type ReleaseSpec = z.infer<typeof ReleaseSpec>;

/** One program of a build step. */
export const PlannedProgram = z.object({
  importPath: z.string(),
  /** As `go build` is given it, e.g. `./cmd/age`. */
  package: z.string(),
  /** File name of the binary, with `.exe` or `.wasm` where the target wants it. */
  binary: z.string(),
  /** Folder of archives that it lies in, below what wraps them; absent for none. */
  folder: z.optional(z.string()),
  /** Commands on it before it is packed, each as words; `{path}` is where it lies then. Absent for none. */
  after: z.optional(z.array(z.array(z.string()))),
});
export type PlannedProgram = z.infer<typeof PlannedProgram>;

/** One `go build`: all programs of one `builds` entry for one target. */
export const BuildStep = z.object({
  /** Unique: the target, preceded by the build's name when there are several builds. */
  id: z.string(),
  target: Target,
  programs: z.array(PlannedProgram),
  flags: z.array(z.string()),
  ldflags: z.array(z.string()),
  tags: z.array(z.string()),
  /** What the configuration sets for the compiler, `CGO_ENABLED` included. */
  env: z.record(z.string(), z.string()),
  /** `required`: a binary that is not as static as its platform allows fails the release. */
  static: z.enum(["required", "report"]),
  /** What differs in each architecture of a universal program; absent for another. */
  slices: z.optional(
    z.array(
      z.object({
        id: z.string(),
        target: Target,
        flags: z.array(z.string()),
        ldflags: z.array(z.string()),
        env: z.record(z.string(), z.string()),
      }),
    ),
  ),
});
export type BuildStep = z.infer<typeof BuildStep>;

/** One released file made from the binaries of one target, or of files alone. */
export const ArchiveStep = z.object({
  name: z.string(),
  format: ArchiveFormatName,
  /** Absent where no program is in it. */
  target: z.optional(Target),
  /** `name` as the build makes it, `path` inside the archive; forward slashes. */
  binaries: z.array(z.object({ build: z.string(), name: z.string(), path: z.string() })),
  /** Extra files: `source` relative to the module, `name` inside the archive; forward slashes. */
  files: z.array(
    z.object({
      source: z.string(),
      name: z.string(),
      executable: z.boolean(),
      /** Permissions as octal digits, where the usual ones were not wanted. */
      mode: z.optional(z.string()),
    }),
  ),
});
export type ArchiveStep = z.infer<typeof ArchiveStep>;

/** An archive of the commit's files. */
export const SourceStep = z.object({
  name: z.string(),
  format: z.enum(["tar.gz", "zip", "tar.zst"]),
  /** What stands before every name in it: a folder with a slash, or nothing. */
  prefix: z.string(),
  /** Whether the files of submodules are in it. */
  submodules: z.boolean(),
});
export type SourceStep = z.infer<typeof SourceStep>;

/** A file that is released as it is. */
export const ExtraFileStep = z.object({
  /** Relative to the module, forward slashes. */
  source: z.string(),
  name: z.string(),
});
export type ExtraFileStep = z.infer<typeof ExtraFileStep>;

/** How files are signed. `throwaway` proves nothing: a dry run uses it to exercise the whole path. */
export const Signing = z.object({
  mode: z.enum(["keyless", "key", "throwaway", "none"]),
  /** Why this mode was chosen, for the reader. */
  reason: z.string(),
  /** Also sign every archive on its own. */
  everyArchive: z.boolean(),
  fulcioUrl: z.string(),
  /** Whom the identity token has to be for; empty where none is asked for. */
  audience: z.string(),
  rekorUrl: z.nullable(z.string()),
  rekorVersion: z.union([z.literal(1), z.literal(2)]),
  tsaUrl: z.nullable(z.string()),
});
export type Signing = z.infer<typeof Signing>;

/** A file that is built or packed and that the commit does not hold as it is. */
export const SourceFile = z.object({
  /** Relative to the module, forward slashes. */
  path: z.string(),
  /** Lower-case hex; absent where there is no file. */
  sha256: z.optional(z.string()),
});
export type SourceFile = z.infer<typeof SourceFile>;

/** In what way a file is not what the commit holds. */
export const DifferenceKind = z.enum([
  /** The commit has no such file. */
  "absent",
  /** The commit has it, and it is not here. */
  "missing",
  "changed",
  /** The same text with other line ends. */
  "line-ends",
  /** A filter that .gitattributes names has rewritten it. */
  "filtered",
  /** Git LFS did not put the file in its pointer's place. */
  "pointer",
  /** Another file than the one that its Git LFS pointer names. */
  "lfs",
  /** It lies outside of the repository. */
  "outside",
  /** A link leads out of the repository. */
  "link",
  /** It lies in a submodule that is not at the recorded commit. */
  "submodule",
]);
export type DifferenceKind = z.infer<typeof DifferenceKind>;

export const ForgeKind = z.enum(["github", "gitlab", "directory"]);
export type ForgeKind = z.infer<typeof ForgeKind>;

/** Where a release goes. */
export const Destination = z.object({
  forge: ForgeKind,
  /** `owner/name` on GitHub, the project's path or number on GitLab, empty for a directory. */
  repository: z.string(),
  /** e.g. `https://api.github.com` or `https://gitlab.com/api/v4`; empty for a directory. */
  apiUrl: z.string(),
  /** e.g. `https://github.com`; empty for a directory. */
  serverUrl: z.string(),
  /** Allow a published, mutable release to be changed. */
  replace: z.boolean(),
});
export type Destination = z.infer<typeof Destination>;

/** What packages and channels say of the project; what is absent was not given. */
export const Metadata = z.object({
  description: z.optional(z.string()),
  homepage: z.optional(z.string()),
  /** An SPDX expression. */
  license: z.optional(z.string()),
  /** `Name <address>`. */
  maintainer: z.optional(z.string()),
  vendor: z.optional(z.string()),
});
export type Metadata = z.infer<typeof Metadata>;

/** Everything that will happen, known before anything happens. Equal on every machine of a sharded run. */
export const Plan = z.object({
  schema: z.literal(SCHEMA),
  /** The version of this program. */
  generator: z.string(),
  name: z.string(),
  module: z.object({
    path: z.string(),
    /** The module's folder relative to the repository's root, `.` for the root itself. */
    folder: z.string(),
    vendored: z.boolean(),
  }),
  release: ReleaseSpec,
  /**
   * As the toolchain calls itself: `go1.26.8`, `go1.26.8 (Red Hat 1.26.8-1.el10)`; empty where nothing is compiled, as in
   * the releases of this program itself.
   */
  go: z.string(),
  /** GOEXPERIMENT and GOFIPS140 of the toolchain's maker; absent where they are Go's own. */
  goDefaults: z.optional(z.record(z.string(), z.string())),
  /** Commands that are run before anything is looked at; absent for none. */
  before: z.optional(z.array(z.string())),
  builds: z.array(BuildStep),
  archives: z.array(ArchiveStep),
  /** Whether each shard is of one operating system; absent where archives are dealt out by what they cost. */
  shardBy: z.optional(z.literal("os")),
  /** The archive of the commit's files; absent where none was asked for. */
  source: z.optional(SourceStep),
  /** Files that are released as they are; absent where there are none. */
  extraFiles: z.optional(z.array(ExtraFileStep)),
  /** Go programs of others that are run to make released files; absent where there are none. */
  tools: z.optional(z.array(z.object({ path: z.string(), version: z.string(), sum: z.string() }))),
  /** The OpenPGP signature of the list of checksums, and whose key makes it; absent where there is none. */
  gpg: z.optional(
    z.object({
      name: z.string(),
      armored: z.boolean(),
      mode: z.enum(["key", "throwaway"]),
      /** Whether only RSA will do, for whom it is made. */
      rsa: z.optional(z.boolean()),
    }),
  ),
  /** Which packages carry a signature: deb and rpm by OpenPGP, apk by the key of that name; absent for none. */
  packageSigning: z.optional(
    z.object({ openpgp: z.optional(z.boolean()), apkKeyName: z.optional(z.string()) }),
  ),
  /** Absent where none was asked for. */
  packages: z.optional(z.array(PackageStep)),
  /** Absent where none was asked for. */
  installer: z.optional(PlannedInstaller),
  /** What `generated` declares and the commit does not hold; each is named in the provenance. */
  generated: z.array(SourceFile),
  /** What nobody declared and the commit does not hold either: a real release has none. */
  uncommitted: z.array(
    z.extend(SourceFile, {
      difference: DifferenceKind,
      /** What else is known of it, e.g. where a link leads. */
      detail: z.optional(z.string()),
      /** What is named in its place: a folder of which the commit has nothing, a link, a submodule. */
      within: z.optional(z.string()),
    }),
  ),
  /** Whether Go stamps the binaries as built from a modified tree: git shows what `generated` declares as changed. */
  modified: z.boolean(),
  /** Programs that are not built, and why. */
  skipped: z.array(z.object({ program: z.string(), reason: z.string() })),
  checksum: PlannedChecksums,
  sbom: z.enum(["cyclonedx", "spdx", "none"]),
  /** Present where each archive has a bill of materials of its own. */
  sbomEach: z.optional(z.literal(true)),
  provenance: z.boolean(),
  signing: Signing,
  destination: Destination,
  /** Where people install from: each is written once the release is visible. */
  channels: z.array(PlannedChannel),
  dryRun: z.boolean(),
  /** What the reader should know before it starts, e.g. why a run is dry. */
  notices: z.array(z.string()),
  /** What packages and channels say of the project. */
  metadata: Metadata,
  /** Container images; absent where there are none. */
  images: z.optional(z.array(PlannedImage)),
  /** The configuration as it was given, secrets excluded: provenance's external parameters. */
  parameters: z.record(z.string(), z.unknown()),
});
export type Plan = z.infer<typeof Plan>;

/** Those of the fields in which two plans differ. */
export function differingFields<Field extends keyof Plan>(
  one: Plan,
  other: Plan,
  fields: readonly Field[],
): readonly Field[] {
  return fields.filter((field) => inOneOrder(one[field]) !== inOneOrder(other[field]));
}

/** A plan that was read has its keys in the order of the schema, one that was made in that of its making. */
function inOneOrder(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
