import { Problem } from "../../src/model/problem.ts";

/** The `Problem` that work fails with; anything else fails the test. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Problem) return error;
  throw new Error("no problem was thrown", { cause: error });
}
