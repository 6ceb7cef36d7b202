import * as z from "zod/mini";
import { type Check, isOk, isUnknown, type Sighting } from "../../model/check.ts";
import { Problem } from "../../model/problem.ts";
import type { ClosedMilestone } from "../forge.ts";
import type { Api } from "./api.ts";

const Milestone = z.object({ id: z.number(), title: z.string(), state: z.string() });

/** Closes it where it is open; closing it again does no harm. */
export async function closeMilestone(
  api: Api,
  title: string,
  signal?: AbortSignal,
): Promise<ClosedMilestone> {
  const milestone = await find(api, title, signal);
  if (milestone === undefined) return "missing";
  if (milestone.state === "closed") return "there";
  await api.call({
    doing: `closing the milestone ${title}`,
    method: "PUT",
    path: `/milestones/${milestone.id}`,
    json: { state_event: "close" },
    signal,
  });
  return "closed";
}

export function milestoneChecks(api: () => Api, titles: readonly string[]): readonly Check[] {
  return titles.map((title) => ({
    what: `milestone ${title}`,
    look: async (signal): Promise<Sighting> => {
      const milestone = await find(api(), title, signal);
      if (milestone === undefined)
        return isUnknown("there is none of that name, and none would be closed", "create it");
      return isOk(
        milestone.state === "closed" ? "it is closed already" : "it is open, to be closed",
      );
    },
  }));
}

/** Known before anything is built. Throws a `Problem`. */
export function assertMayClose(
  { tokenKind }: Pick<Api, "tokenKind">,
  titles: readonly string[],
): void {
  if (tokenKind !== "job" || titles.length === 0) return;
  throw new Problem(
    "gitlab-milestone",
    `${titles.join(", ")} cannot be closed: GitLab shows milestones to no job token`,
    {
      hint: "set `token` (the variable GO_RELEASE_TOKEN) to a project access token with the role Developer and the scope api, or leave out `close-milestones`",
    },
  );
}

/** Of the project's own: those of its groups are not a project's to close. */
async function find(api: Api, title: string, signal?: AbortSignal) {
  assertMayClose(api, [title]);
  const call = {
    doing: `looking for the milestone ${title}`,
    method: "GET",
    path: `/milestones?title=${encodeURIComponent(title)}`,
    signal,
  } as const;
  return ((await api.list(call, Milestone)) ?? []).find((one) => one.title === title);
}
