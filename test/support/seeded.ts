/** A repeatable stream of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A repeatable stream of bytes. */
export function seededBytes(seed: number): (count: number) => Uint8Array {
  const next = seeded(seed);
  return (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256));
}
