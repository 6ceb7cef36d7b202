/** Most of a story is waiting. */
const AT_ONCE = 6;

/** Plays one story for each seed, several at a time; a story that goes wrong is told, not thrown. */
export async function playAll<T>(
  seeds: readonly number[],
  play: (seed: number) => Promise<T>,
): Promise<{ readonly stories: readonly T[]; readonly failed: readonly string[] }> {
  const stories: T[] = [];
  const failed: string[] = [];
  const left = [...seeds];
  const teller = async () => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      try {
        stories.push(await play(seed));
      } catch (error) {
        failed.push(`${seed}: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, teller));
  return { stories, failed };
}

/** The seeds that SEEDS names, else the first `count`. */
export function seedsOf(count: number): readonly number[] {
  return (
    process.env["SEEDS"]?.split(",").map(Number) ??
    Array.from({ length: count }, (_, seed) => seed + 1)
  );
}
