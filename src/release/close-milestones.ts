import { defined } from "../model/defined.ts";
import type { Manifest } from "../model/manifest.ts";
import type { MilestoneOutcome } from "../model/milestone.ts";
import { Problem } from "../model/problem.ts";
import type { ReleaseRun } from "./release-run.ts";

/** Closes milestones once the release is visible. What cannot be done with one keeps no other from it. */
export async function closeMilestones(run: ReleaseRun): Promise<Pick<Manifest, "milestones">> {
  const { plan, closeMilestone } = run;
  const { closeMilestones: titles = [], draft } = plan.release;
  if (closeMilestone === undefined || titles.length === 0) return {};
  if (draft) {
    const message = "the release stays a draft, so that no milestone was closed";
    run.journal.tell({ type: "notice", message });
    return {};
  }
  const milestones: MilestoneOutcome[] = [];
  for (const title of titles) milestones.push(await outcomeOf(title, closeMilestone, run));
  return { milestones };
}

async function outcomeOf(
  title: string,
  close: NonNullable<ReleaseRun["closeMilestone"]>,
  { journal, signal }: ReleaseRun,
): Promise<MilestoneOutcome> {
  try {
    const step = { kind: "milestone", of: title } as const;
    const result = await journal.step(step, () => close(title, signal), wordsOf);
    if (result === "missing") {
      const message = `there is no milestone ${title}, so that none was closed`;
      journal.tell({ type: "notice", message });
    }
    return { title, result };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    return { title, result: "failed", ...defined({ detail: error.message, cure: error.hint }) };
  }
}

function wordsOf(result: "closed" | "there" | "missing"): string {
  return result === "there" ? "closed already" : result;
}
