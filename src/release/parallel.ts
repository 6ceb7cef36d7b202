/**
 * Runs several pieces of work at once. The first failure aborts the others; when all have stopped, it is the
 * one that is thrown, never an echo of the abort. What each gave comes in the order of the pieces.
 */
export async function parallel<
  Run extends { readonly signal: AbortSignal },
  const Pieces extends readonly Promise<unknown>[],
>(
  outer: Run,
  work: (run: Run) => Pieces,
): Promise<{ readonly [At in keyof Pieces]: Awaited<Pieces[At]> }> {
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
  const given = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  // Nothing was aborted, so all of them are there.
  return given as { readonly [At in keyof Pieces]: Awaited<Pieces[At]> };
}
