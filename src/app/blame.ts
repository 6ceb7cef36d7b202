import { cureInRepository } from "../facts/own-modules.ts";
import { defined } from "../model/defined.ts";
import { Problem } from "../model/problem.ts";
import type { CommandContext } from "./context.ts";
import { gitFor } from "./git.ts";

/** Failures that may hang on what the checkout lacks. */
const CODES: ReadonlySet<string> = new Set([
  "build",
  "files-unmatched",
  "go-list",
  "go-mod",
  "mod-download",
  "no-program",
  "no-programs",
]);

/** The same failure with the cure that the repository tells, where it tells one; other errors as they are. */
export async function blamingRepository(error: unknown, call: CommandContext): Promise<unknown> {
  if (!(error instanceof Problem) || !CODES.has(error.code) || call.signal.aborted) return error;
  const { folder, world } = call;
  const git = await gitFor(call);
  const root = await git.root().catch(() => undefined);
  const hint =
    root === undefined
      ? undefined
      : await cureInRepository(
          error.message,
          { folder: await world.files.real(folder), root },
          git,
          world,
        );
  if (hint === undefined) return error;
  const { code, message, cause, step, target } = error;
  return new Problem(code, message, defined({ hint, cause, step, target }));
}
