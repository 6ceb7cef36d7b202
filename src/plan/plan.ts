import { prerelease } from "semver";
import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import { overriddenBuilds } from "../facts/overridden-builds.ts";
import { chooseTag, listed, type Tagging } from "../facts/tags.ts";
import { isoSeconds } from "../model/dates.ts";
import { defined } from "../model/defined.ts";
import { type BuildStep, type Plan, type ReleaseSpec, SCHEMA } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import { fill } from "../model/template.ts";
import type { SigstoreServices } from "../signers/trust/services.ts";
import { archiveSteps } from "./archives.ts";
import { withAround } from "./around-notes.ts";
import { assertNames } from "./assert-names.ts";
import { besideSteps } from "./beside.ts";
import { buildSteps } from "./builds.ts";
import { plannedChannels } from "./channels.ts";
import { plannedChecksums } from "./checksums.ts";
import { commitStyle } from "./commit-style.ts";
import { destinationOf, originOf } from "./destination.ts";
import { isDry } from "./dry-run.ts";
import { gpgOf } from "./gpg.ts";
import { installables } from "./installables.ts";
import { type ReleaseValues, valuesWithoutTarget } from "./names.ts";
import { releaseNotes } from "./notes.ts";
import { noticesOf } from "./notices.ts";
import type { PlannedNotes } from "./planned-notes.ts";
import { programName } from "./programs.ts";
import { releaseValues } from "./release-values.ts";
import { signingOf, signingOfPart } from "./signing.ts";
import {
  assertCommitted,
  checkoutCure,
  generatedOf,
  sourcesOf,
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
  /** What signs, as its instance names it today; as it came with this program when absent. */
  readonly services?: SigstoreServices | undefined;
}

/** Decides everything that will happen. Pure; throws a `Problem` for what cannot be released. */
export function plan(known: PlanInputs): Plan {
  const { config, facts, surroundings, generator } = known;
  const { settings } = config;
  const { tagging, notes, dryRun, release, values } = releaseOf(known);
  const single = withoutOverrides(known);
  const { builds, skipped } = buildSteps(single, values);
  const archives = archiveSteps(known, builds, values);
  const destination = destinationOf({ config, surroundings }, originOf(facts.git));
  const { gpg, ...signed } = signedBy(known, values, dryRun);
  const { checksum } = signed;
  const scene = { config, facts, builds, archives, values, release, destination, checksum };
  const installed = installables(scene, gpg, dryRun);
  const { packages = [] } = installed;
  const decided = { release, builds, signing: signed.signing, dryRun, packages };
  const planned: Plan = {
    schema: SCHEMA,
    generator,
    name: values.name,
    module: moduleOf(facts),
    release,
    go: facts.go.version,
    ...unusual(known),
    builds,
    archives,
    ...besideSteps(known, values),
    ...installed,
    ...differencesOf(known, builds, dryRun),
    skipped,
    ...signed,
    sbom: settings.sbom,
    provenance: settings.provenance,
    destination,
    dryRun,
    notices: [...tagging.notices, ...notes.notices, ...noticesOf(single, decided)],
    metadata: { ...settings.metadata },
    channels: [],
    parameters: config.parameters,
  };
  return asserted(planned, config);
}

/** What is released: its name, version and notes, and whether it is published. */
function releaseOf(known: PlanInputs) {
  const { config, facts, surroundings } = known;
  const tagging = tagOf(known);
  const name = config.settings.name ?? programName(facts.module.path);
  const notes = notesOf(known, tagging, name);
  const dryRun = isDry({ config, surroundings, tag: tagging.tag });
  if (!dryRun) assertClean(tagging, facts);
  const release = releaseSpec(known, tagging, notes, name);
  return { tagging, notes, dryRun, release, values: releaseValues(known, name, release) };
}

/** The list of all files, and who signs it. */
function signedBy(known: PlanInputs, values: ReleaseValues, dryRun: boolean) {
  const { config, inParts = false } = known;
  const checksum = plannedChecksums(config, values);
  return {
    checksum,
    signing: inParts ? signingOfPart(config) : signingOf({ ...known, dryRun }),
    gpg: inParts ? undefined : gpgOf(config, checksum, dryRun),
  };
}

/** A plan that can be carried out. */
function asserted(planned: Plan, config: Config): Plan {
  assertNames(planned);
  assertCommitted(planned);
  return { ...planned, channels: plannedChannels(config, planned) };
}

function moduleOf({ module: { path, folder, vendored } }: Facts): Plan["module"] {
  return { path, folder, vendored };
}

function notesOf({ config, facts }: PlanInputs, tagging: Tagging, name: string): PlannedNotes {
  const { notes, module } = facts;
  const { settings } = config;
  const style = commitStyle(settings);
  return releaseNotes({ asked: settings.notes, style, facts: notes, tagging, name, module });
}

function differencesOf(
  { facts: { differences, modified, git } }: PlanInputs,
  builds: readonly BuildStep[],
  dryRun: boolean,
): Pick<Plan, "generated" | "uncommitted" | "modified"> {
  const own = sourcesOf(differences, builds);
  return {
    generated: generatedOf(own),
    uncommitted: uncommittedOf(own),
    // A dry run may be of a dirty tree, which Go then stamps.
    modified: modified.length > 0 || (dryRun && (git?.dirty.length ?? 0) > 0),
  };
}

function tagOf(known: PlanInputs): Tagging {
  const { config, facts, surroundings } = known;
  const { git, module } = facts;
  const tagging = chooseTag({ asked: config.settings.tag, ref: surroundings.ref, git, module });
  assertStartedFor(tagging, known);
  return tagging;
}

/** What most plans have none of. */
function unusual({
  config: { settings },
  facts,
}: PlanInputs): Pick<Plan, "goDefaults" | "before" | "shardBy" | "sbomEach"> {
  const { defaults = {} } = facts.go;
  return {
    ...(Object.keys(defaults).length === 0 ? {} : { goDefaults: { ...defaults } }),
    ...(settings.before.length === 0 ? {} : { before: [...settings.before] }),
    ...(settings.shardBy === "os" ? { shardBy: "os" } : {}),
    ...(settings.sbomEach ? { sbomEach: true } : {}),
  };
}

function withoutOverrides(known: PlanInputs): PlanInputs {
  const builds = overriddenBuilds(known.config.builds, known.facts.go.platforms);
  return { ...known, config: { ...known.config, builds } };
}

/** A snapshot may be dirty, its version says so; a release may not. */
function assertClean({ tag }: Tagging, facts: Facts): void {
  const { git } = facts;
  if (tag === undefined || git === undefined || git.dirty.length === 0) return;
  throw new Problem("dirty", `the work tree is dirty: ${listed(git.dirty)}`, {
    hint:
      checkoutCure(facts) ??
      `${tag} must be built from its commit only: commit, stash, remove or ignore these files, or list files generated by an earlier step in \`generated\``,
  });
}

/** A tag can be moved between the event and the checkout; what is signed would then tell of two commits. */
function assertStartedFor({ tag }: Tagging, { facts, surroundings }: PlanInputs): void {
  const { ref, commit } = surroundings;
  const here = facts.git?.commit;
  if (ref?.kind !== "tag" || ref.name !== tag || commit === undefined || commit === here) return;
  throw new Problem(
    "tag-moved",
    `this run was triggered for ${tag} at ${commit}, but the checkout is at ${here ?? "no commit"}`,
    {
      hint: "the tag was moved: check out the commit of the run, or start a run for the tag as it is now",
    },
  );
}

function releaseSpec(
  known: PlanInputs,
  { tag, version, previousTag }: Tagging,
  notes: PlannedNotes,
  name: string,
): ReleaseSpec {
  const { config, facts } = known;
  const { settings } = config;
  const spec = {
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
  const values = valuesWithoutTarget(releaseValues(known, name, spec));
  const title = settings.title === undefined ? spec.title : fill(settings.title, values);
  const closeMilestones = settings.closeMilestones.map((name) => fill(name, values));
  return {
    ...spec,
    ...withAround(notes.text, known, values, spec.previousTag),
    title,
    ...(closeMilestones.length === 0 ? {} : { closeMilestones }),
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
