/**
 * Everything that a release does, in the order in which it begins. Help, logs, summaries and traces take their
 * words from here.
 */
export const steps = {
  survey: "read git, Go and the module",
  before: "run the commands of `before`",
  check: "check that the forge accepts the release, and verify modules against go.sum",
  download: "download modules, or the files of a release",
  build: "compile every program for every target",
  "after-build": "run the commands of `after-build` on a program",
  inspect: "inspect each binary and compare it with the plan",
  pack: "write the archives",
  upload: "upload each file to the forge, not yet visible to anybody",
  describe: "write the SBOMs",
  image: "make the container images",
  checksum: "write the checksum file",
  sign: "sign the checksum file and the provenance",
  verify: "verify what was signed",
  push: "send images to their registries by digest, where no tag names them yet",
  publish: "compare the uploaded files with the manifest, and make the release visible",
  tag: "move the tags of images",
  milestone: "close milestones",
  channel: "point what people install from at the release",
} as const satisfies Record<string, string>;

export type StepKind = keyof typeof steps;

/** One piece of work as people see it, e.g. `build linux/arm64`. */
export interface Step {
  readonly kind: StepKind;
  /** What it works on: a target or a file's name; empty when there is only one of its kind. */
  readonly of: string;
  /** The build that made the file, where other builds make one of the same name. */
  readonly build?: string | undefined;
}

/** What a step works on, in words: `linux/amd64 hello`; empty when there is only one of its kind. */
export function subjectOf({ build, of }: Step): string {
  return build === undefined ? of : `${build} ${of}`;
}

export function formatStep(step: Step): string {
  const subject = subjectOf(step);
  return subject === "" ? step.kind : `${step.kind} ${subject}`;
}
