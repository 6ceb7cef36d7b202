import type { Config } from "../config/config.ts";
import type { InputName } from "../config/inputs.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import { assertNames } from "./assert-names.ts";
import { destinationOf } from "./destination.ts";
import { isDry } from "./dry-run.ts";
import { visibilityOf } from "./plan.ts";
import { signingOf } from "./signing.ts";
import { assertCommitted } from "./uncommitted.ts";

interface Publisher {
  readonly config: Config;
  readonly surroundings: Surroundings;
}

/**
 * The builders' plan as the publisher carries it out: what was built stays as it was planned; where it goes, how
 * it is signed and shown and whether at all are decided where the token and the identity are. Throws a `Problem` when the
 * shards are of another tag or commit than this run.
 */
export function republished(plan: Plan, { config, surroundings }: Publisher): Plan {
  assertNames(plan);
  const { tag, commit } = plan.release;
  const expected =
    config.settings.tag ?? (surroundings.ref?.kind === "tag" ? surroundings.ref.name : undefined);
  if (expected !== undefined && expected !== tag) {
    throw new Problem(
      "shards-foreign",
      `the shards are of ${tag ?? "a snapshot"}, and this run is for ${expected}`,
      {
        hint: "build the shards in the same pipeline that publishes them",
      },
    );
  }
  if (
    surroundings.commit !== undefined &&
    commit !== null &&
    surroundings.commit !== commit &&
    expected === undefined
  ) {
    throw new Problem(
      "shards-foreign",
      `the shards are of commit ${commit}, and this run is for ${surroundings.commit}`,
      {
        hint: "build the shards in the same pipeline that publishes them",
      },
    );
  }
  const dryRun = isDry({ config, surroundings, tag: tag ?? undefined });
  assertCommitted({ ...plan, dryRun });
  return {
    ...plan,
    release: { ...plan.release, ...shownHere(plan, config) },
    sbom: config.given.has("sbom") ? config.settings.sbom : plan.sbom,
    provenance: config.given.has("provenance") ? config.settings.provenance : plan.provenance,
    signing: signingOf({ config, surroundings, dryRun }),
    destination: destinationOf({ config, surroundings }, plan.destination),
    dryRun,
    parameters: { ...plan.parameters, ...config.parameters },
  };
}

/** A draft, a prerelease and the like, as far as the publisher was told; else as the builders were. */
function shownHere({ release }: Plan, { settings, given }: Config): Partial<Plan["release"]> {
  return Object.fromEntries(
    Object.entries(visibilityOf(settings, release.version)).filter(([name]) =>
      given.has(name as InputName),
    ),
  );
}
