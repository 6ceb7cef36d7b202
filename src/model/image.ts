import * as z from "zod/mini";
import { Target } from "./target.ts";

/** What one container image holds for one target. */
export const PlannedPlatform = z.object({
  target: Target,
  /** GOARCH, which is how the OCI image specification names architectures. */
  architecture: z.string(),
  /** `v7`, `v3`; absent where the architecture has none or it is the usual one. */
  variant: z.optional(z.string()),
  /** `build` and `name` as the build makes it, `path` inside the image, without a slash at its beginning. */
  programs: z.array(z.object({ build: z.string(), name: z.string(), path: z.string() })),
});
export type PlannedPlatform = z.infer<typeof PlannedPlatform>;

export const PlannedTag = z.object({
  name: z.string(),
  /**
   * Absent where the tag is of this version alone. `line`: the highest version of its line (`1.2`) has it; `latest`: the
   * highest version has it; `always`: it goes to whatever was released last.
   */
  follows: z.optional(z.enum(["line", "latest", "always"])),
});
export type PlannedTag = z.infer<typeof PlannedTag>;

/** One container image over several platforms, as it will lie in a registry. */
export const PlannedImage = z.object({
  /** `HOST/NAME`. */
  repository: z.string(),
  /** `scratch`, or `HOST/NAME@sha256:…`. */
  base: z.string(),
  platforms: z.array(PlannedPlatform),
  tags: z.array(PlannedTag),
  /** Absent where it is left to the base. */
  user: z.optional(z.string()),
  entrypoint: z.array(z.string()),
  cmd: z.array(z.string()),
  ports: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  /** Whether the certificates of public authorities are in it. */
  certificates: z.boolean(),
  /** Whether Go's time zones are in it. */
  timeZones: z.boolean(),
  /** The OCI archive of a dry run, relative to the output folder. */
  archive: z.string(),
});
export type PlannedImage = z.infer<typeof PlannedImage>;

/** An image that a release says is its own. */
export interface ReleasedImage {
  readonly repository: string;
  /** `sha256:…` of the index over all platforms. */
  readonly digest: string;
  /** Those of this very version, which name no other image ever. */
  readonly tags: readonly string[];
}

/** What a release says of its images: which they are, and which tags are theirs alone. */
export function releasedImages(
  made: readonly Pick<MadeImage, "repository" | "digest">[],
  planned: readonly PlannedImage[],
): readonly ReleasedImage[] {
  return made.map(({ repository, digest }) => {
    const tags = planned.find((one) => one.repository === repository)?.tags ?? [];
    const own = tags.filter(({ follows }) => follows === undefined);
    return { repository, digest, tags: own.map(({ name }) => name) };
  });
}

/** What became of a planned image. */
export const MadeImage = z.object({
  repository: z.string(),
  /** `sha256:…` of the index over all platforms. */
  digest: z.string(),
  /** Those that name it now; none in a dry run. */
  tags: z.array(z.string()),
  /** Those that should and do not, because the registry refused. */
  untagged: z.array(z.string()),
  /** Why, and what helps against it. */
  detail: z.optional(z.string()),
  cure: z.optional(z.string()),
  /** Where it lies, relative to the output folder; absent where it was pushed. */
  archive: z.optional(z.string()),
});
export type MadeImage = z.infer<typeof MadeImage>;
