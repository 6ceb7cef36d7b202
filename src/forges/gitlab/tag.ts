import * as z from "zod/mini";
import type { ReleaseSpec } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { Answer } from "../../net/exchange.ts";
import type { TagMessage } from "../forge.ts";
import type { Api } from "./api.ts";
import { Tag } from "./entities.ts";

/**
 * Throws a `Problem` when the tag is not there or at another commit than the one that is released. A job token
 * may not read a tag, and may list them only on newer instances: what it cannot see is not judged, and gives false.
 */
export async function assertTag(
  api: Api,
  { tag, commit }: ReleaseSpec,
  signal?: AbortSignal,
): Promise<boolean> {
  const there = await lookUp(api, tag ?? "", signal);
  if (there === "unknown") return false;
  if (there === "missing") {
    throw new Problem("gitlab-tag-missing", `the tag ${tag} does not exist`, {
      hint: "push the tag first",
    });
  }
  const id = there.commit?.id;
  if (id === undefined || commit === null) return false;
  if (id === commit) return true;
  throw new Problem(
    "gitlab-tag-moved",
    `the tag ${tag} is at ${id}, but ${commit} is checked out`,
    {
      hint: "check out the tag's commit, or release a new tag",
    },
  );
}

/** The message of a tag, as far as the token may read it. */
export async function tagMessage(api: Api, tag: string, signal?: AbortSignal): Promise<TagMessage> {
  const there = await lookUp(api, tag, signal);
  if (there === "unknown" || there === "missing") return { kind: "unknown" };
  const { message, target, commit } = there;
  const isLight = (message ?? "") === "" && (target == null || target === commit?.id);
  return isLight ? { kind: "lightweight" } : { kind: "annotated", message: message ?? "" };
}

async function lookUp(
  api: Api,
  tag: string,
  signal?: AbortSignal,
): Promise<Tag | "missing" | "unknown"> {
  return await (api.tokenKind === "job" ? listed : read)(api, tag, signal);
}

async function read(api: Api, tag: string, signal?: AbortSignal): Promise<Tag | "missing"> {
  const path = `/repository/tags/${encodeURIComponent(tag)}`;
  const accept = ({ status }: Answer) => status === 404;
  const doing = `reading the tag ${tag}`;
  const answer = await api.call({ doing, method: "GET", path, accept, signal });
  return answer.status === 404 ? "missing" : answer.as(Tag);
}

/** The search is fuzzy; the tag of that very name comes first. */
async function listed(
  api: Api,
  tag: string,
  signal?: AbortSignal,
): Promise<Tag | "missing" | "unknown"> {
  const path = `/repository/tags?per_page=${MOST}&search=${encodeURIComponent(tag)}`;
  const doing = `looking for the tag ${tag}`;
  const answer = await api.call({ doing, method: "GET", path, accept: () => true, signal });
  if (answer.status >= 300) return "unknown";
  const list = answer.as(z.array(Tag));
  return list.find(({ name }) => name === tag) ?? (list.length < MOST ? "missing" : "unknown");
}

/** The longest page. */
const MOST = 100;
