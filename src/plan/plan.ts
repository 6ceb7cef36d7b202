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
import { goNotices } from "./go-notices.ts";
import { targetValues } from "./names.ts";
import { releaseNotes } from "./notes.ts";
import type { PlannedNotes } from "./planned-notes.ts";
import { programName } from "./programs.ts";
import { signingNotices, signingOf, signingOfPart } from "./signing.ts";
import { stampNotices } from "./stamps.ts";
import {
  assertCommitted,
  generatedOf,
  sourcesOf,
  stampNotice,
  uncommittedOf,
} from "./uncommitted.ts";

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
  const tagging = chooseTag({
    asked: settings.tag,
    ref: surroundings.ref,
    git: facts.git,
    module: facts.module,
  });
  assertClean(tagging, facts);
  assertStartedFor(tagging, known);
  const name = settings.name ?? programName(facts.module.path);
  const notes = releaseNotes({
    asked: settings.notes,
    facts: facts.notes,
    tagging,
    name,
    module: facts.module,
  });
  const release = releaseSpec(known, tagging, notes);
  const values = {
    name,
    version: release.version,
    tag: release.tag ?? `v${release.version}`,
    commit: release.commit ?? "",
    date: release.date,
  };
  const { builds, skipped } = buildSteps(known, values);
  const archives = archiveSteps(known, builds, values);
  const differences = sourcesOf(facts.differences, builds);
  const dryRun = isDry({ config, surroundings, tag: tagging.tag });
  const signing = inParts ? signingOfPart(config) : signingOf({ config, surroundings, dryRun });
  const planned: Plan = {
    schema: SCHEMA,
    generator,
    name,
    module: {
      path: facts.module.path,
      folder: facts.module.folder,
      vendored: facts.module.vendored,
    },
    release: {
      ...release,
      title:
        settings.title === undefined
          ? release.title
          : fill(settings.title, targetValues({ os: "", arch: "" }, values, name)),
    },
    go: facts.go.version,
    ...goDefaults(facts.go.defaults),
    builds,
    archives,
    generated: generatedOf(differences),
    uncommitted: uncommittedOf(differences),
    modified: facts.modified.length > 0,
    skipped,
    checksum: { algorithm: settings.checksum, name: CHECKSUMS },
    sbom: settings.sbom,
    provenance: settings.provenance,
    signing,
    destination: destinationOf({ config, surroundings }, facts.git?.remote),
    dryRun,
    notices: [
      ...tagging.notices,
      ...notes.notices,
      ...noticesOf(known),
      ...(dryRun ? [] : startedNotices(config)),
      ...signingNotices(signing, surroundings),
      ...stampNotice(release.tag, facts),
      ...stampNotices(config, facts, builds),
      ...goNotices(builds, facts.go),
    ],
    parameters: config.parameters,
  };
  assertNames(planned);
  assertCommitted(planned);
  return planned;
}

function goDefaults(defaults: Facts["go"]["defaults"] = {}): Pick<Plan, "goDefaults"> {
  return Object.keys(defaults).length === 0 ? {} : { goDefaults: { ...defaults } };
}

/** A snapshot may be dirty, its version says so; a release may not. */
function assertClean({ tag }: Tagging, { git }: Facts): void {
  if (tag === undefined || git === undefined || git.dirty.length === 0) return;
  throw new Problem("dirty", `the work tree is dirty: ${listed(git.dirty)}`, {
    hint: `${tag} must be built from its commit alone: commit, stash, remove or ignore these files, or declare what an earlier step makes with \`generated\``,
  });
}

/** A tag can be moved between the event and the checkout; what is signed would then tell of two commits. */
function assertStartedFor({ tag }: Tagging, { facts, surroundings }: PlanInputs): void {
  const { ref, commit } = surroundings;
  const here = facts.git?.commit;
  if (ref?.kind !== "tag" || ref.name !== tag || commit === undefined || commit === here) return;
  throw new Problem(
    "tag-moved",
    `this run was started for ${tag} at ${commit}, and the checkout is at ${here ?? "no commit"}`,
    {
      hint: "the tag was moved since: check out the commit of the run, or start a run for the tag as it is now",
    },
  );
}

function releaseSpec(
  { config, facts }: PlanInputs,
  { tag, version, previousTag }: Tagging,
  notes: PlannedNotes,
): ReleaseSpec {
  const { settings } = config;
  return {
    tag: tag ?? null,
    version,
    commit: facts.git?.commit ?? null,
    date: facts.git?.date ?? isoSeconds(facts.epoch ?? ZIP_EPOCH),
    snapshot: tag === undefined,
    title: tag ?? `v${version}`,
    notes: notes.text,
    previousTag: previousTag ?? null,
    ...visibilityOf(settings, version),
  };
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

/** One job that builds and signs: what the file has started there can do what the job can. */
function startedNotices({ startedByFile }: Config): readonly string[] {
  if (startedByFile.length === 0) return [];
  return [
    `the configuration file may have programs started in the job that publishes (${listed(startedByFile)}): they can do whatever this job can; SECURITY.md tells how to build apart`,
  ];
}

function noticesOf({ facts }: PlanInputs): readonly string[] {
  return [
    ...facts.mainFiles.map(
      (file) =>
        `main: ${file.given} is a file: its package ${file.package} is built, all its files`,
    ),
    ...(facts.module.workspace === undefined
      ? []
      : [
          `${facts.module.workspace} is ignored: releases are built from go.mod alone (GOWORK=off)`,
        ]),
  ];
}
