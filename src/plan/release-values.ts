import { parse } from "semver";
import type { Facts } from "../facts/facts.ts";
import type { ReleaseSpec } from "../model/plan.ts";
import type { Surroundings } from "../model/surroundings.ts";
import type { ReleaseValues } from "./names.ts";

interface ReleaseFacts {
  readonly facts: Pick<Facts, "env" | "git">;
  readonly surroundings: Pick<Surroundings, "ref">;
}

/** What the variables of templates hold for this release. */
export function releaseValues(
  { facts, surroundings: { ref } }: ReleaseFacts,
  name: string,
  { version, tag, commit, date }: Pick<ReleaseSpec, "version" | "tag" | "commit" | "date">,
): ReleaseValues {
  const parts = parse(version);
  const allowed = Object.entries(facts.env).map(([key, value]) => [`env:${key}`, value]);
  return {
    ...Object.fromEntries(allowed),
    name,
    version,
    tag: tag ?? `v${version}`,
    major: String(parts?.major ?? ""),
    minor: String(parts?.minor ?? ""),
    patch: String(parts?.patch ?? ""),
    prerelease: parts?.prerelease.join(".") ?? "",
    commit: commit ?? "",
    "short-commit": commit?.slice(0, 12) ?? "",
    date,
    day: date.slice(0, 10),
    timestamp: String(Math.floor(Date.parse(date) / 1000)),
    branch: ref?.kind === "branch" ? ref.name : (facts.git?.branch ?? ""),
  };
}
