import { defined } from "../model/defined.ts";
import { Problem } from "../model/problem.ts";

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
