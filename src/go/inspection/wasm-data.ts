import { MODULE_FRAME } from "./go-buildinfo.ts";
import type { BinarySource } from "./source.ts";
import type { NumberReader } from "./stream.ts";

/** Where one data segment's bytes lie in the file. */
export interface DataSegment {
  readonly position: number;
  /** Bytes. */
  readonly size: number;
}

/** The limit of the WebAssembly JavaScript interface, to which Go's linker keeps. */
const MOST_SEGMENTS = 100_000;

const ACTIVE_IN_MEMORY = 2;
const PASSIVE = 1;

/** The segments of the data section at which the stream stands. */
export async function readDataSection(
  source: BinarySource,
  stream: NumberReader,
): Promise<readonly DataSegment[]> {
  const count = await stream.uleb();
  if (count > MOST_SEGMENTS) throw source.refuse(`${PART} claims ${count} segments`);
  const segments: DataSegment[] = [];
  for (let index = 0; index < count; index++) {
    const kind = await stream.uleb();
    if (kind > ACTIVE_IN_MEMORY) throw source.refuse(`${PART} has a segment of an unknown kind`);
    if (kind === ACTIVE_IN_MEMORY) await stream.uleb();
    if (kind !== PASSIVE) await skipConstant(source, stream);
    const size = await stream.uleb();
    segments.push({ position: stream.position, size });
    stream.moveTo(stream.position + size);
  }
  return segments;
}

const PART = "the WebAssembly data section";
const I32_CONST = 0x41;
const END = 0x0b;

/** The address of an active segment: `i32.const n end` is all that Go writes. */
async function skipConstant(source: BinarySource, stream: NumberReader): Promise<void> {
  const opcode = await stream.u8();
  await stream.uleb();
  if (opcode !== I32_CONST || (await stream.u8()) !== END) {
    throw source.refuse(`${PART} has a segment whose address is not a constant`);
  }
}

const CHUNK = 1024 * 1024;

/** How much of a module list is looked at. */
const LONGEST_LIST = 4 * 1024 * 1024;

/**
 * The module list between its sentinels (`runtime.modinfo`). The linker cuts segments at runs of eight
 * zeros only, so that the list is never divided.
 */
export async function findModules(
  source: BinarySource,
  segments: readonly DataSegment[],
): Promise<string | undefined> {
  const { start, end } = MODULE_FRAME;
  for (const { position, size } of segments) {
    for (let at = 0; at + start.length + end.length < size; at += CHUNK) {
      const chunk = await readAt(source, position + at, Math.min(CHUNK + start.length, size - at));
      const offset = chunk.indexOf(start);
      if (offset < 0) continue;
      const begin = at + offset + start.length;
      const rest = await readAt(source, position + begin, Math.min(LONGEST_LIST, size - begin));
      const length = rest.indexOf(end);
      if (length >= 0) return rest.toString("utf8", 0, length);
    }
  }
  return undefined;
}

async function readAt(source: BinarySource, position: number, length: number): Promise<Buffer> {
  const bytes = await source.read(position, length, PART);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
