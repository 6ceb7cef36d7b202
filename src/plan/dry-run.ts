import type { Config } from "../config/config.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";

interface DryRunInputs {
  readonly config: Config;
  readonly surroundings: Surroundings;
  /** The tag that is released; undefined for a snapshot. */
  readonly tag: string | undefined;
}

/**
 * Whether everything happens but the publishing: `auto` publishes in CI when the run was started for the tag, or
 * the tag was given. A run on a branch whose HEAD happens to be tagged is dry; a snapshot is never published, and
 * nothing is that nobody has accepted yet.
 */
export function isDry({ config, surroundings, tag }: DryRunInputs): boolean {
  const asked = config.settings.dryRun;
  const { ci, ref } = surroundings;
  if (ref?.kind === "pull-request") {
    if (asked !== "false") return true;
    throw new Problem(
      "pull-request",
      `dry-run: false, but this run was triggered by the pull or merge request ${ref.name}`,
      { hint: "merge it and tag the commit: unmerged changes are not released" },
    );
  }
  if (asked === "false" && tag === undefined) {
    throw new Problem("nothing-to-publish", "dry-run: false, but there is no release tag at HEAD", {
      hint: "tag the commit (`git tag v1.2.3`) and push the tag, or remove `dry-run`",
    });
  }
  if (asked !== "auto") return asked === "true";
  const meant = config.settings.tag !== undefined || ref === undefined || ref.kind === "tag";
  return tag === undefined || !ci || !meant;
}
