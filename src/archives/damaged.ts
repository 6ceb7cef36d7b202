import { defined } from "../model/defined.ts";
import { Problem } from "../model/problem.ts";

/** An archive that can be read and is not the planned one; whoever reads it knows its name. */
export function unplanned(how: string): Problem {
  return new Problem("archive-unplanned", how, {
    hint: "rebuild it with this version; an archive is released only if it is byte for byte what this program writes",
  });
}

/** An archive that cannot be read; whoever reads it knows its name. */
export function damaged(how: string, cause?: unknown): Problem {
  return new Problem(
    "archive-damaged",
    `it cannot be unpacked: ${how}`,
    defined({
      cause,
    }),
  );
}
