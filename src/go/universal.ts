import type { BuildStep } from "../model/plan.ts";
import type { Target } from "../model/target.ts";

/** One program for all Macs: a slice for each architecture in one file. */
export const UNIVERSAL = "universal";

/** The architectures of a universal program, in the order in which they lie in it. */
const architectures = ["amd64", "arm64"] as const;

export function isUniversal({ arch }: Target): boolean {
  return arch === UNIVERSAL;
}

/** What Go compiles for a target: itself, or each architecture of a universal program. */
export function compiledTargets(target: Target): readonly Target[] {
  return isUniversal(target) ? architectures.map((arch) => ({ os: target.os, arch })) : [target];
}

/** What Go compiles for a step: itself, or each slice of a universal program. */
export function compiledSteps(step: BuildStep): readonly BuildStep[] {
  const { slices, programs, ...whole } = step;
  if (slices === undefined) return [step];
  // Commands are for the whole program.
  const bare = programs.map((program) => {
    const { after: _, ...own } = program;
    return own;
  });
  return slices.map((slice) => ({ ...whole, programs: bare, ...slice }));
}

/** A program of one architecture, as its Mach-O header has it. */
export interface Slice {
  /** The first bytes of the file, at least 12. */
  readonly header: Uint8Array;
  /** Bytes of the whole file. */
  readonly size: number;
}

/** Where everything lies in a universal program. */
export interface UniversalLayout {
  readonly header: Uint8Array;
  /** Of each slice, in bytes from the beginning; zeros fill what lies between. */
  readonly positions: readonly number[];
}

/** `fat_header` and `fat_arch` of mach-o/fat.h, both in big endian. */
const MAGIC = 0xcafebabe;
const HEADER = 8;
const ENTRY = 20;

/** Powers of two: the page sizes of x86-64 and of Apple's ARM, as lipo aligns them. */
const alignments: Readonly<Record<number, number>> = { 0x1000007: 12, 0x100000c: 14 };

/** The layout that `lipo -create` makes of the same slices. */
export function universalLayout(slices: readonly Slice[]): UniversalLayout {
  const header = Buffer.alloc(HEADER + ENTRY * slices.length);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(slices.length, 4);
  let end = header.length;
  const positions = slices.map((slice, index) => {
    const own = Buffer.from(slice.header);
    const type = own.readUInt32LE(4);
    const power = alignments[type] ?? 14;
    const position = Math.ceil(end / 2 ** power) * 2 ** power;
    const fields = [type, own.readUInt32LE(8), position, slice.size, power];
    for (const [at, field] of fields.entries())
      header.writeUInt32BE(field, HEADER + ENTRY * index + 4 * at);
    end = position + slice.size;
    return position;
  });
  return { header, positions };
}
