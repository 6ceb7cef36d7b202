import type { Http } from "../../src/world/world.ts";

/** What a killed process sees of itself in a test: nothing that it asks for happens any more. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/**
 * A process that is killed while its request number `last` is on its way: that request is cut off
 * (the server may or may not have got it) and nothing is sent after it.
 */
export function mortal(http: Http, last: number, delay: number = 0): Http {
  let count = 0;
  const death = new AbortController();
  return async (request) => {
    count += 1;
    if (count > last || death.signal.aborted) throw new Killed("killed");
    if (count === last) setTimeout(() => death.abort(), delay);
    try {
      return await http({ ...request, signal: death.signal });
    } catch (error) {
      if (death.signal.aborted) throw new Killed("killed", { cause: error });
      throw error;
    }
  };
}
