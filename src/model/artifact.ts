import * as z from "zod/mini";
import { Inspection } from "./binary.ts";
import { Target } from "./target.ts";

export const ArtifactKind = z.enum([
  "archive",
  "binary",
  "package",
  /** A script that installs the others. */
  "installer",
  "file",
  "checksums",
  "signature",
  "sbom",
  "provenance",
  /** The commit's files. */
  "source",
  /** A file of the checkout, as it is. */
  "file",
]);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

/** One released file. */
export const Artifact = z.object({
  kind: ArtifactKind,
  /** The name it is released with. */
  name: z.string(),
  /** Relative to the output folder, with forward slashes. */
  path: z.string(),
  /** Bytes. */
  size: z.number(),
  /** Lower-case hex. */
  sha256: z.string(),
  target: z.optional(Target),
  /** Names of the binaries or artifacts it was made from. */
  from: z.array(z.string()),
});
export type Artifact = z.infer<typeof Artifact>;

/** One compiled program, packed into an archive or released as it is. */
export const Binary = z.object({
  /** Path inside its archive, e.g. `age.exe`; forward slashes. */
  name: z.string(),
  /** The build step that made it. */
  build: z.string(),
  target: Target,
  /** The released file that carries it. */
  artifact: z.string(),
  /** Bytes. */
  size: z.number(),
  /** Lower-case hex. */
  sha256: z.string(),
  inspection: Inspection,
});
export type Binary = z.infer<typeof Binary>;
