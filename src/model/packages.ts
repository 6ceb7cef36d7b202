import * as z from "zod/mini";
import { Target } from "./target.ts";

/** What package managers of Linux distributions install. */
export const PackageFormat = z.enum(["deb", "rpm", "apk", "archlinux"]);
export type PackageFormat = z.infer<typeof PackageFormat>;

/** How a package treats one of its files. */
export const PackagedFile = z.object({
  /** Relative to the module, forward slashes; absent for a folder and a link. */
  source: z.optional(z.string()),
  /** Where a link leads. */
  link: z.optional(z.string()),
  /** Its place on the machine; absolute, forward slashes. */
  to: z.string(),
  type: z.enum(["file", "config", "config-noreplace", "doc", "license", "dir", "symlink"]),
  /** Permissions as octal digits. */
  mode: z.string(),
  owner: z.string(),
  group: z.string(),
  /** Whether it is compressed with gzip first, as distributions want manual pages. */
  compressed: z.optional(z.boolean()),
});
export type PackagedFile = z.infer<typeof PackagedFile>;

/** What a package asks of other packages, each in the spelling of its format. */
export const PackageRelations = z.object({
  depends: z.array(z.string()),
  recommends: z.array(z.string()),
  suggests: z.array(z.string()),
  conflicts: z.array(z.string()),
  provides: z.array(z.string()),
  replaces: z.array(z.string()),
});
export type PackageRelations = z.infer<typeof PackageRelations>;

/** One package of one format for one target. */
export const PackageStep = z.object({
  /** The released file. */
  name: z.string(),
  format: PackageFormat,
  target: Target,
  /** The name that package managers know. */
  package: z.string(),
  /** As the format writes versions. */
  version: z.string(),
  release: z.string(),
  epoch: z.optional(z.string()),
  /** The architecture in the format's own word. */
  arch: z.string(),
  /** `path` is where the program lies in the released `archive`, `to` where it is installed. */
  programs: z.array(
    z.object({
      archive: z.string(),
      build: z.string(),
      name: z.string(),
      path: z.string(),
      to: z.string(),
    }),
  ),
  files: z.array(PackagedFile),
  /** Paths relative to the module, by the moment at which they run. */
  scripts: z.record(z.string(), z.string()),
  relations: PackageRelations,
  about: z.object({
    maintainer: z.string(),
    description: z.string(),
    homepage: z.optional(z.string()),
    license: z.optional(z.string()),
    vendor: z.optional(z.string()),
    section: z.optional(z.string()),
    priority: z.string(),
  }),
});
export type PackageStep = z.infer<typeof PackageStep>;
