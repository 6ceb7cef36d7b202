import type { CommitAuthor, Facts } from "../facts/facts.ts";
import { chooseTag } from "../facts/tags.ts";
import type { Destination } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { destinationOf, originOf } from "../plan/destination.ts";
import type { CommandContext } from "./context.ts";
import { forgeFor } from "./forge.ts";
import { tokenFor } from "./token.ts";

/** The facts with the handles of commits' authors, as far as the forge knows them, where they are asked for. */
export async function withHandles(facts: Facts, call: CommandContext): Promise<Facts> {
  const { config, host } = call;
  const { commits, newcomers } = facts.notes;
  if (config.settings.notesAuthors !== "handles" || commits.length === 0) return facts;
  const origin = originOf(facts.git);
  const destination = destinationOf({ config, surroundings: host.surroundings }, origin);
  const handles = await handlesOf(destination, facts, call);
  const named = <T extends { readonly hash: string; readonly author?: CommitAuthor }>(
    one: T,
  ): T => {
    const { author, hash } = one;
    if (author === undefined) return one;
    const handle = handles.get(hash) ?? privateHandle(author, destination);
    return handle === undefined ? one : { ...one, author: { ...author, handle } };
  };
  const notes = {
    ...facts.notes,
    commits: commits.map(named),
    ...(newcomers === undefined ? {} : { newcomers: newcomers.map(named) }),
  };
  return { ...facts, notes };
}

/** A forge that does not answer is no reason to plan nothing. */
async function handlesOf(
  destination: Destination,
  { git, module, notes }: Facts,
  call: CommandContext,
): Promise<ReadonlyMap<string, string>> {
  const { config, host, journal, signal } = call;
  if (git === undefined || tokenFor(destination, call) === undefined) return new Map();
  const { ref } = host.surroundings;
  const { previousTag } = chooseTag({ asked: config.settings.tag, ref, git, module });
  const wanted = notes.commits.map(({ hash }) => hash);
  try {
    const forge = await forgeFor({ destination, name: "" }, call);
    const range = { base: previousTag, head: git.commit, wanted };
    return (await forge?.handles(range, signal)) ?? new Map();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    const message = `the handles of authors cannot be read from ${destination.repository}: ${error.message}`;
    journal.tell({ type: "warning", message });
    return new Map();
  }
}

/** Who keeps an address from github.com has the handle in that of the commits. */
function privateHandle({ email }: CommitAuthor, { serverUrl }: Destination): string | undefined {
  if (serverUrl !== "https://github.com") return undefined;
  return /^(?:\d+\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com$/u.exec(email)?.[1];
}
