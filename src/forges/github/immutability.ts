import type { ReleaseDesk } from "./desk.ts";
import { isRefusal } from "./errors.ts";

/**
 * Only an administrator's token may ask, and what is off is answered as if it were not there: then nothing is said of
 * it, and nothing depends on it.
 */
export async function becomesImmutable(
  { repository }: Pick<ReleaseDesk, "repository">,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    return (await repository.immutability(signal)).enabled;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
