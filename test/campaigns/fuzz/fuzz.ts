import { Session } from "node:inspector/promises";
import { seeded } from "../../support/seeded.ts";
import { meet } from "./targets.ts";

/** Numbers in [0, 1). */
type Dice = () => number;

/** An input that broke a target. */
export interface Finding {
  readonly bytes: Buffer;
  readonly error: unknown;
}

export interface Fuzzed {
  /** How many inputs were tried. */
  readonly inputs: number;
  /** Blocks of our code, as V8 counts them, that some input reached. */
  readonly blocks: number;
  /** The inputs that reached a block which none before them did. */
  readonly corpus: readonly Buffer[];
  readonly finding?: Finding;
}

interface FuzzOptions {
  readonly corpus: readonly Buffer[];
  readonly seed: number;
  /** Whether to go on, asked before each input. */
  readonly more: (inputs: number) => boolean;
  /** The file whose code is watched. */
  readonly program: string;
}

/** Milliseconds that one input may take. */
const SLOW = 10_000;

/**
 * Changes what is known to be interesting, and keeps what reaches code that nothing reached before. Ends at the first
 * input for which a target does anything but read it or throw a `Problem`.
 */
export async function fuzz(name: string, options: FuzzOptions): Promise<Fuzzed> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  try {
    return await hunt(name, options, async () => await reached(session, options.program));
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
  }
}

async function hunt(
  name: string,
  { corpus, seed, more }: FuzzOptions,
  look: () => Promise<readonly string[]>,
): Promise<Fuzzed> {
  const dice = seeded(seed);
  const known = new Set(await look());
  const kept: Buffer[] = [];
  const waiting = [Buffer.alloc(0), ...corpus];
  let inputs = 0;
  while (more(inputs)) {
    const bytes = waiting.shift() ?? changed(kept, dice);
    inputs += 1;
    // The processor's time, for a busy machine is slow by itself.
    const begin = process.cpuUsage();
    try {
      await meet(name, bytes);
      if (process.cpuUsage(begin).user / 1000 > SLOW)
        throw new Error(`took longer than ${SLOW} ms`);
    } catch (error) {
      return { inputs, blocks: known.size, corpus: kept, finding: { bytes, error } };
    }
    const before = known.size;
    for (const block of await look()) known.add(block);
    if (known.size > before || kept.length === 0) kept.push(bytes);
  }
  return { inputs, blocks: known.size, corpus: kept };
}

/** The blocks that were entered since it was asked last. */
async function reached(session: Session, program: string): Promise<readonly string[]> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const own = result.filter(({ url }) => url.endsWith(program));
  return own.flatMap(({ functions }) =>
    functions.flatMap(({ ranges }) =>
      ranges.flatMap(({ count, startOffset }) => (count > 0 ? [String(startOffset)] : [])),
    ),
  );
}

/** Numbers at which formats have their edges. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff];

/** One of those that are known, changed in one to eight places. */
function changed(known: readonly Buffer[], dice: Dice): Buffer {
  const pick = (): Buffer => known[Math.floor(dice() * known.length)] ?? Buffer.alloc(0);
  let bytes: Buffer = Buffer.from(pick());
  for (let left = 1 + Math.floor(dice() * 8); left > 0; left -= 1) bytes = once(bytes, pick, dice);
  return bytes;
}

function once(bytes: Buffer, other: () => Buffer, dice: Dice): Buffer {
  const below = (limit: number): number => Math.floor(dice() * limit);
  const at = below(bytes.length + 1);
  const until = Math.min(bytes.length, at + 1 + below(16));
  const head = bytes.subarray(0, at);
  switch (below(7)) {
    case 0:
      return Buffer.concat([head, Buffer.from([below(256)]), bytes.subarray(at + 1)]);
    case 1:
      return Buffer.concat([head, bytes.subarray(until)]);
    case 2:
      return Buffer.concat([head, bytes.subarray(at, until), bytes.subarray(at)]);
    case 3: {
      const number = Buffer.alloc(4);
      const value = EDGES[below(EDGES.length)] ?? 0;
      if (dice() < 0.5) number.writeUInt32LE(value);
      else number.writeUInt32BE(value);
      return Buffer.concat([head, number, bytes.subarray(at + 4)]);
    }
    case 4: {
      const from = other();
      const start = below(from.length);
      return Buffer.concat([head, from.subarray(start, start + 1 + below(64)), bytes.subarray(at)]);
    }
    case 5:
      return Buffer.from(head);
    default: {
      const flipped = Buffer.from(bytes);
      if (flipped.length > 0) {
        const place = below(flipped.length);
        flipped[place] = (flipped[place] ?? 0) ^ (1 << below(8));
      }
      return flipped;
    }
  }
}
