import type { Config } from "../config/config.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";

interface Question {
  readonly config: Config;
  readonly surroundings: Surroundings;
  /** The tag that is released; undefined for a snapshot. */
  readonly tag: string | undefined;
}

/** Whether everything happens but the publishing: `auto` publishes on a tag in CI. A snapshot is never published. */
export const isDry = ({ config, surroundings, tag }: Question): boolean => {
  const asked = config.settings.dryRun;
  if (asked === "false" && tag === undefined) {
    throw new Problem("nothing-to-publish", "dry-run: false, and there is no release tag at HEAD", {
      hint: "tag the commit (`git tag v1.2.3`) and push the tag, or leave `dry-run` out",
    });
  }
  if (asked !== "auto") return asked === "true";
  return tag === undefined || !surroundings.ci || surroundings.ref?.kind === "pull-request";
};
