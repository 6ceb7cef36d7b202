/**
 * Runs several pieces of work at once. The first failure aborts the others; when all have stopped, it is the
 * one that is thrown, never an echo of the abort.
 */
export async function parallel<Run extends { readonly signal: AbortSignal }, T>(
  outer: Run,
  work: (run: Run) => readonly Promise<T>[],
): Promise<readonly T[]> {
  const first = new AbortController();
  const signal = AbortSignal.any([outer.signal, first.signal]);
  const settled = await Promise.allSettled(
    work({ ...outer, signal }).map(async (piece) => {
      try {
        return await piece;
      } catch (error) {
        first.abort(error);
        throw error;
      }
    }),
  );
  signal.throwIfAborted();
  return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
