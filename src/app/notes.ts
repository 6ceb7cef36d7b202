import type { Facts } from "../facts/facts.ts";
import { chooseTag } from "../facts/tags.ts";
import type { TagMessage } from "../forges/forge.ts";
import { unsignedMessage } from "../git/messages.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { destinationOf, originOf } from "../plan/destination.ts";
import type { CommandContext } from "./context.ts";
import { forgeFor } from "./forge.ts";
import { tokenFor } from "./token.ts";

/**
 * The facts with the message of the tag, where notes are to be made of it and the clone has none: some checkouts
 * fetch the commit alone. The forge is asked then, if there is a token for it.
 */
export async function withTagMessage(facts: Facts, call: CommandContext): Promise<Facts> {
  const { settings } = call.config;
  if (settings.notes !== "tag" || facts.notes.tagMessage !== undefined) return facts;
  const { ref } = call.host.surroundings;
  const { tag } = chooseTag({ asked: settings.tag, ref, git: facts.git, module: facts.module });
  const found = tag === undefined ? undefined : await messageOf(tag, facts, call);
  switch (found?.kind) {
    case "annotated":
      return withNotes(facts, { tagMessage: unsignedMessage(found.message) });
    case "lightweight":
      return withNotes(facts, { lightweight: true });
    case "unknown":
    case undefined:
      return facts;
  }
}

function withNotes(facts: Facts, more: Partial<Facts["notes"]>): Facts {
  return { ...facts, notes: { ...facts.notes, ...more } };
}

/** A forge that does not answer is no reason to plan nothing. */
async function messageOf(
  tag: string,
  { git }: Facts,
  call: CommandContext,
): Promise<TagMessage | undefined> {
  const { config, host, journal, signal } = call;
  const destination = destinationOf({ config, surroundings: host.surroundings }, originOf(git));
  if (tokenFor(destination, call) === undefined) return undefined;
  try {
    const forge = await forgeFor({ destination, name: "" }, call);
    return await forge?.tagMessage(tag, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    const message = `the message of ${tag} cannot be read from ${destination.repository}: ${error.message}`;
    journal.tell({ type: "warning", message });
    return undefined;
  }
}

/**
 * The notes as they will be published; made by the forge where that was asked for. Throws a `Problem` when no forge
 * is there to make them.
 */
export async function notesOf(
  { release, ...planned }: Plan,
  call: CommandContext,
): Promise<string> {
  const forge = await forgeFor(planned, call);
  const notes = forge === undefined ? release.notes : await forge.notes(release, call.signal);
  if (notes === null) {
    throw new Problem(
      "no-notes",
      "notes: `generated` needs a forge to generate the notes, and none is configured",
      {
        hint: "set `forge` and `repository`, or use another value of `notes`",
      },
    );
  }
  if (forge !== undefined) {
    const message =
      "instructions for verifying the files are appended to these notes when they are published";
    call.journal.tell({ type: "notice", message });
  }
  return notes;
}
