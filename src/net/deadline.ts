import type { World } from "../world/world.ts";

/** Gives work at most so many milliseconds, also when it does not listen to its signal. */
export async function inTime<T>(
  milliseconds: number,
  { clock }: Pick<World, "clock">,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const alarm = clock.sleep(milliseconds, done.signal).then((): never => {
    const error = new Error(`no answer within ${milliseconds} ms`);
    late.abort(error);
    throw error;
  });
  try {
    return await Promise.race([work(late.signal), alarm]);
  } finally {
    done.abort();
  }
}
