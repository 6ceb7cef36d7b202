import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import { listed } from "../facts/tags.ts";
import type { Plan } from "../model/plan.ts";
import type { Surroundings } from "../model/surroundings.ts";
import { goNotices } from "./go-notices.ts";
import { signingNotices } from "./signing.ts";
import { sourceNotices } from "./source.ts";
import { stampNotices } from "./stamps.ts";
import { stampNotice } from "./uncommitted.ts";

interface NoticeInputs {
  readonly config: Config;
  readonly facts: Facts;
  readonly surroundings: Surroundings;
}

/** What the reader should know of a plan before it is carried out. */
export function noticesOf(
  { config, facts, surroundings }: NoticeInputs,
  { release, builds, signing, dryRun }: Pick<Plan, "release" | "builds" | "signing" | "dryRun">,
): readonly string[] {
  return [
    ...(dryRun ? dirtyNotices(release, facts) : []),
    ...moduleNotices(facts),
    ...(dryRun ? [] : startedNotices(config)),
    ...signingNotices(signing, surroundings),
    ...stampNotice(release.tag, facts),
    ...pointerNotices(facts),
    ...sourceNotices(facts),
    ...stampNotices(config, facts, builds),
    ...goNotices(builds, facts.go),
  ];
}

function dirtyNotices({ tag }: Plan["release"], { git }: Facts): readonly string[] {
  if (tag === null || git === undefined || git.dirty.length === 0) return [];
  return [`the work tree is dirty, and a release of ${tag} would be refused: ${listed(git.dirty)}`];
}

/** Every clone has it so, and nobody who wrote it meant it. */
function pointerNotices({ pointers }: Facts): readonly string[] {
  if (pointers.length === 0) return [];
  return [
    `${listed(pointers)}: the commit contains a Git LFS pointer, but .gitattributes has no filter for it: the pointer itself is released`,
  ];
}

function moduleNotices({ mainFiles, module }: Facts): readonly string[] {
  return [
    ...mainFiles.map(
      (file) =>
        `main: ${file.given} is a file: its package ${file.package} is built, all its files`,
    ),
    ...(module.workspace === undefined
      ? []
      : [`${module.workspace} is ignored: releases are built from go.mod alone (GOWORK=off)`]),
  ];
}

/** One job that builds and signs: what the file has started there can do what the job can. */
function startedNotices({ startedByFile }: Config): readonly string[] {
  if (startedByFile.length === 0) return [];
  return [
    `the configuration file can start programs in the job that publishes (${listed(startedByFile)}): they have all permissions of this job; SECURITY.md explains how to build in a separate job`,
  ];
}
