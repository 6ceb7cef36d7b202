import type { Problem } from "../../model/problem.ts";
import type { Memory } from "./memory.ts";
import type { BinarySource } from "./source.ts";

/** What Go's linker leaves in every binary. */
export interface Stamp {
  /** `runtime.buildVersion`. */
  readonly go: string;
  /** `runtime.modinfo` without its frame: the lines that `debug.BuildInfo.String` writes. */
  readonly modules: string;
}

/** Addresses that may hold the stamp. */
export interface Range {
  readonly address: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * Finds and reads it (debug/buildinfo, cmd/link `Link.buildinfo`): a header of 32 bytes at an address
 * that 16 divides, then, since Go 1.18, the two strings, each preceded by its length as a varint.
 */
export async function readStamp(
  source: BinarySource,
  memory: Memory,
  range: Range | undefined,
): Promise<Stamp> {
  const header = range === undefined ? undefined : await find(memory, range);
  if (header === undefined) throw noStamp(source);
  const flags = await memory.read(header + MAGIC.length + 1, 1, PART);
  if (((flags[0] ?? 0) & INLINE) === 0) throw source.refuse(...tooOld);
  const version = await readString(source, memory, header + HEADER);
  const modules = await readString(source, memory, version.end);
  return { go: version.bytes.toString(), modules: unframe(source, modules.bytes) };
}

export function noStamp(source: BinarySource): Problem {
  return source.refuse(...nothingFound);
}

const PART = "the Go build information";
const MAGIC = Buffer.from("\xff Go buildinf:", "latin1");
const HEADER = 32;
const ALIGNMENT = 16;

/** The flag of strings that follow the header; before Go 1.18 the header held pointers to them. */
const INLINE = 2;

const nothingFound = [
  "no Go build information",
  "Release what `go build` wrote: a program that was packed (upx), or was not written in Go, contains no build information.",
] as const;

const tooOld = [
  "built by a Go older than 1.18, which recorded no build settings",
  "Build with a newer Go.",
] as const;

/** A multiple of the alignment, so that no magic crosses two chunks. */
const CHUNK = 1024 * 1024;

async function find(memory: Memory, { address, size }: Range): Promise<number | undefined> {
  const end = address + size;
  for (let at = align(address); at < end; at += CHUNK) {
    const chunk = await memory.readSome(at, Math.min(CHUNK, end - at), PART);
    const offset = findAligned(chunk);
    if (offset !== undefined) return at + offset;
  }
  return undefined;
}

function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}

function findAligned(chunk: Uint8Array): number | undefined {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let at = bytes.indexOf(MAGIC); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    if (at % ALIGNMENT === 0) return at;
  }
  return undefined;
}

/** Ten bytes hold any varint of 64 bits. */
const LONGEST_VARINT = 10;

async function readString(
  source: BinarySource,
  memory: Memory,
  address: number,
): Promise<{ bytes: Buffer; end: number }> {
  const varint = await memory.readSome(address, LONGEST_VARINT, PART);
  const last = varint.findIndex((byte) => byte < 0x80);
  if (last < 0) throw source.refuse(`${PART} holds a length without an end`);
  const length = varint
    .subarray(0, last + 1)
    .reduce((sum, byte, index) => sum + (byte & 0x7f) * 2 ** (7 * index), 0);
  const start = address + last + 1;
  if (length === 0) return { bytes: Buffer.alloc(0), end: start };
  const bytes = Buffer.from(await memory.read(start, length, PART));
  return { bytes, end: start + length };
}

/** By these sentinels a debugger finds the module list (cmd/go/internal/modload `infoStart`, `infoEnd`). */
export const MODULE_FRAME = {
  start: Buffer.from("3077af0c9274080241e1c107e6d618e6", "hex"),
  end: Buffer.from("f932433186182072008242104116d8f2", "hex"),
};

function unframe(source: BinarySource, framed: Buffer): string {
  const { start, end } = MODULE_FRAME;
  const text = framed.subarray(start.length, -end.length);
  if (text.at(-1) !== 0x0a) throw source.refuse(...outsideModule);
  return text.toString("utf8");
}

const outsideModule = [
  "no module information",
  "Build it inside its module: `go build ./cmd/name` in a folder with a go.mod.",
] as const;
