import { prerelease } from "semver";
import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import { chooseTag, listed, type Tagging } from "../facts/tags.ts";
import { isoSeconds } from "../model/dates.ts";
import { defined } from "../model/defined.ts";
import { CHECKSUMS } from "../model/names.ts";
import { type Plan, type ReleaseSpec, SCHEMA } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import { fill } from "../model/template.ts";
import { archiveSteps } from "./archives.ts";
import { assertNames } from "./assert-names.ts";
import { buildSteps } from "./builds.ts";
import { destinationOf } from "./destination.ts";
import { isDry } from "./dry-run.ts";
import { type ReleaseValues, targetValues } from "./names.ts";
import { releaseNotes } from "./notes.ts";
import { programName } from "./programs.ts";
import { signingOf, signingOfPart } from "./signing.ts";
import { stampNotices } from "./stamps.ts";

/** What is known before planning. */
export interface PlanInputs {
  readonly config: Config;
  readonly facts: Facts;
  readonly surroundings: Surroundings;
  /** This program's version. */
  readonly generator: string;
  /** Whether other jobs, with other rights, put the parts together and sign. */
  readonly inParts?: boolean;
}

/** Decides everything that will happen. Pure; throws a `Problem` for what cannot be released. */
export function plan(known: PlanInputs): Plan {
  const { config, facts, surroundings, generator, inParts = false } = known;
  const { settings } = config;
  const { path, folder, vendored } = facts.module;
  const tagging = tagOf(known);
  const name = settings.name ?? programName(path);
  const release = releaseSpec(known, tagging, name);
  const values = releaseValues(name, release);
  const { builds, skipped } = buildSteps(known, values);
  const dryRun = isDry({ config, surroundings, tag: tagging.tag });
  const planned: Plan = {
    schema: SCHEMA,
    generator,
    name,
    module: { path, folder, vendored },
    release,
    go: facts.go.version,
    builds,
    archives: archiveSteps(known, builds, values),
    skipped,
    checksum: { algorithm: settings.checksum, name: CHECKSUMS },
    sbom: settings.sbom,
    provenance: settings.provenance,
    signing: inParts ? signingOfPart(config) : signingOf({ config, surroundings, dryRun }),
    destination: destinationOf({ config, surroundings }, facts.git?.remote),
    dryRun,
    notices: [
      ...tagging.notices,
      ...noticesOf(known),
      ...stampNotices(builds, facts.programs.flat()),
    ],
    parameters: config.parameters,
  };
  assertNames(planned);
  return planned;
}

function tagOf({ config, facts, surroundings }: PlanInputs): Tagging {
  const { git, module } = facts;
  const tagging = chooseTag({ asked: config.settings.tag, ref: surroundings.ref, git, module });
  assertClean(tagging, facts);
  return tagging;
}

/** A snapshot may be dirty, its version says so; a release may not. */
function assertClean({ tag }: Tagging, { git }: Facts): void {
  if (tag === undefined || git === undefined || git.dirty.length === 0) return;
  throw new Problem("dirty", `the work tree is dirty: ${listed(git.dirty)}`, {
    hint: `${tag} must be built from its commit alone: commit, stash, remove or ignore these files`,
  });
}

function releaseSpec(
  { config, facts }: PlanInputs,
  { tag, version, previousTag }: Tagging,
  name: string,
): ReleaseSpec {
  const { settings } = config;
  const spec = {
    tag: tag ?? null,
    version,
    commit: facts.git?.commit ?? null,
    date: facts.git?.date ?? isoSeconds(facts.epoch ?? ZIP_EPOCH),
    snapshot: tag === undefined,
    title: tag ?? `v${version}`,
    notes: releaseNotes({ asked: settings.notes, facts: facts.notes, version, previousTag }),
    previousTag: previousTag ?? null,
    ...visibilityOf(settings, version),
  };
  return { ...spec, title: titleOf(settings.title, name, spec) };
}

function titleOf(template: string | undefined, name: string, release: ReleaseSpec): string {
  if (template === undefined) return release.title;
  return fill(template, targetValues({ os: "", arch: "" }, releaseValues(name, release), name));
}

/** What templates may name of the release itself. */
function releaseValues(name: string, { tag, version, commit, date }: ReleaseSpec): ReleaseValues {
  return { name, version, tag: tag ?? `v${version}`, commit: commit ?? "", date };
}

/** How the release is shown, which is nothing of what was built. */
export function visibilityOf(
  settings: Config["settings"],
  version: string,
): Pick<ReleaseSpec, Shown> {
  const { discussionCategory, releasedAt } = settings;
  return {
    draft: settings.draft,
    prerelease:
      settings.prerelease === "auto"
        ? prerelease(version) !== null
        : settings.prerelease === "true",
    latest: settings.latest === "auto" ? "auto" : settings.latest === "true",
    milestones: [...settings.milestones],
    ...defined({ discussionCategory, releasedAt }),
  };
}

type Shown = "draft" | "prerelease" | "latest" | "discussionCategory" | "milestones" | "releasedAt";

/** 1980-01-01, the earliest date that ZIP can hold, in seconds. */
const ZIP_EPOCH = 315_532_800;

function noticesOf({ facts }: PlanInputs): readonly string[] {
  return [
    ...(facts.module.workspace === undefined
      ? []
      : [
          `${facts.module.workspace} is ignored: releases are built from go.mod alone (GOWORK=off)`,
        ]),
    ...(facts.converted.length === 0
      ? []
      : [
          `git changed the line ends of ${listed(facts.converted)} here (core.autocrlf or core.eol): archives differ from those of other machines; \`* text=auto eol=lf\` in .gitattributes prevents it`,
        ]),
  ];
}
