import { type Check, isOk, isUnknown, type Sighting } from "../../model/check.ts";
import { Problem } from "../../model/problem.ts";
import type { ClosedMilestone } from "../forge.ts";
import type { ReleaseDesk } from "./desk.ts";
import { isRefusal } from "./errors.ts";

/** Closes it where it is open. Looks before each try: the last one may have been obeyed. */
export async function closeMilestone(
  { repository, again }: ReleaseDesk,
  title: string,
  signal?: AbortSignal,
): Promise<ClosedMilestone> {
  try {
    return await again(async () => {
      const milestone = await repository.milestone(title, signal);
      if (milestone === undefined) return "missing";
      if (milestone.state === "closed") return "there";
      await repository.closeMilestone(milestone.number, signal);
      return "closed";
    }, signal);
  } catch (error) {
    if (!isRefusal(error) || (error.status !== 403 && error.status !== 404)) throw error;
    throw new Problem(
      "github-milestone",
      `the token may not close the milestone ${title} of ${repository.name}`,
      { hint: "add to the job:\n    permissions:\n      contents: write\n      issues: write" },
    );
  }
}

export function milestoneChecks(
  open: () => Promise<ReleaseDesk>,
  titles: readonly string[],
): readonly Check[] {
  return titles.map((title) => ({
    what: `milestone ${title}`,
    look: async (signal) => seeMilestone(await open(), title, signal),
  }));
}

async function seeMilestone(
  { repository }: ReleaseDesk,
  title: string,
  signal?: AbortSignal,
): Promise<Sighting> {
  const milestone = await repository.milestone(title, signal);
  if (milestone === undefined)
    return isUnknown("there is none of that name, and none would be closed", "create it");
  return isOk(milestone.state === "closed" ? "it is closed already" : "it is open, to be closed");
}
