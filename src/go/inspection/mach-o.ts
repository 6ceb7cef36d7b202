import type { Executable } from "./executable.ts";
import type { ByteOrder, Fields } from "./fields.ts";
import { type Range, readStamp } from "./go-buildinfo.ts";
import { isAppleSystem, linkage } from "./linkage.ts";
import { Memory, type Segment } from "./memory.ts";
import type { BinarySource } from "./source.ts";

/** Reads the executables of macOS and iOS (Apple's mach-o/loader.h). */
export async function readMachO(source: BinarySource, order: ByteOrder): Promise<Executable> {
  const size = order.word === 8 ? 32 : 28;
  const header = await source.fields(0, size, order, "the Mach-O header");
  if (!executableTypes.has(header.u32(12))) {
    throw source.refuse("a Mach-O file that is not an executable");
  }
  const arch = arches[header.u32(4)];
  if (arch === undefined)
    throw source.refuse("a Mach-O file for a machine that Go has no name for");
  const commands = await readCommands(source, header, size, order);
  const segments = commands.filter(isSegment).map((command) => readSegment(command, order));
  return {
    format: "mach-o",
    arch,
    linkage: linkage(commands.filter(isLibrary).map(libraryName), isAppleSystem),
    stamp: () => readStamp(source, new Memory(source, segments), stampRange(segments)),
  };
}

/** MH_EXECUTE, MH_DYLIB and MH_BUNDLE. */
const executableTypes = new Set([2, 6, 8]);

/** GOARCH by `cputype` (mach/machine.h). */
const arches: Readonly<Record<number, string>> = {
  0x7: "386",
  0xc: "arm",
  0x1000007: "amd64",
  0x100000c: "arm64",
};

const LC_SEGMENT = 0x1;
const LC_SEGMENT_64 = 0x19;

/** LC_LOAD_DYLIB, LC_LAZY_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB, LC_LOAD_UPWARD_DYLIB. */
const libraryCommands = new Set([0xc, 0x20, 0x80000018, 0x8000001f, 0x80000023]);

/** Go writes 1 to 3 KiB. */
const LONGEST_COMMANDS = 1024 * 1024;

async function readCommands(
  source: BinarySource,
  header: Fields,
  position: number,
  order: ByteOrder,
): Promise<readonly Fields[]> {
  const part = "the Mach-O load commands";
  if (header.u32(20) > LONGEST_COMMANDS)
    throw source.refuse(`${part} claim ${header.u32(20)} bytes`);
  const end = position + header.u32(20);
  await source.read(position, end - position, part);
  const commands: Fields[] = [];
  for (let at = position; commands.length < header.u32(16); ) {
    if (at + 8 > end) throw source.refuse(`${part} are fewer than the header says`);
    const size = (await source.fields(at, 8, order, part)).u32(4);
    if (size < 8 || at + size > end) throw source.refuse(`${part} do not fit into one another`);
    commands.push(await source.fields(at, size, order, part));
    at += size;
  }
  return commands;
}

function isLibrary(command: Fields): boolean {
  return libraryCommands.has(command.u32(0));
}

function libraryName(command: Fields): string {
  return command.text(command.u32(8));
}

function isSegment(command: Fields): boolean {
  return command.u32(0) === LC_SEGMENT || command.u32(0) === LC_SEGMENT_64;
}

interface MachOSegment extends Segment {
  readonly writable: boolean;
  readonly sections: readonly { name: string; address: number; size: number }[];
}

function readSegment(command: Fields, { word }: ByteOrder): MachOSegment {
  const protections = 24 + 4 * word;
  const first = protections + 16;
  const entry = 32 + 2 * word + (word === 8 ? 32 : 28);
  return {
    address: command.word(24),
    position: command.word(24 + 2 * word),
    size: command.word(24 + 3 * word),
    writable: command.u32(protections) === 3 && command.u32(protections + 4) === 3,
    sections: Array.from({ length: sectionCount(command, first, entry) }, (_, index) => {
      const at = first + index * entry;
      return {
        name: command.text(at, 16, true),
        address: command.word(at + 32),
        size: command.word(at + 32 + word),
      };
    }),
  };
}

/** No more than fit into the command, so that a wrong count makes no giant list. */
function sectionCount(command: Fields, first: number, entry: number): number {
  return Math.min(command.u32(first - 8), Math.floor((command.length - first) / entry));
}

/** The section `__go_buildinfo`, or the first writable segment: as debug/buildinfo does. */
function stampRange(segments: readonly MachOSegment[]): Range | undefined {
  const section = segments
    .flatMap(({ sections }) => sections)
    .find(({ name }) => name === "__go_buildinfo");
  if (section !== undefined) return section;
  return segments.find(({ writable, size }) => writable && size > 0);
}
