import { Problem } from "../model/problem.ts";
import type { Files } from "../world/world.ts";

/**
 * Whoever owns a folder may exchange what lies in it between its being hashed, signed and sent. Throws a `Problem` for
 * one of somebody who is neither among `owners` nor the administrator. What is not there yet becomes this user's.
 */
export async function assertOwned(
  path: string,
  owners: readonly (number | undefined)[],
  { stat }: Pick<Files, "stat">,
): Promise<void> {
  const owner = (await stat(path))?.owner;
  if (owner === undefined || owner === ADMINISTRATOR || owners.includes(owner)) return;
  throw new Problem("output-foreign", `output ${path} belongs to another user`, {
    hint: "choose another `output`: that user could replace files before they are signed",
  });
}

const ADMINISTRATOR = 0;
