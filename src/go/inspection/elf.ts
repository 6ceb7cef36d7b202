import { defined } from "../../model/defined.ts";
import { elfLayouts } from "./elf-layout.ts";
import { neededLibraries } from "./elf-libraries.ts";
import { elfArch, isExecutable, mipsLevel } from "./elf-machine.ts";
import { findSection } from "./elf-sections.ts";
import { type ElfSegment, readSegments } from "./elf-segments.ts";
import type { Executable } from "./executable.ts";
import type { ByteOrder, Fields } from "./fields.ts";
import { type Range, readStamp } from "./go-buildinfo.ts";
import { elfLinkage } from "./linkage.ts";
import { Memory } from "./memory.ts";
import type { BinarySource } from "./source.ts";

/** Reads the executables of Linux, the BSDs, Solaris and Android (System V gABI 4.1, "Object Files"). */
export async function readElf(source: BinarySource): Promise<Executable> {
  const order = await byteOrder(source);
  const header = await source.fields(0, elfLayouts[order.word].header, order, "the ELF header");
  if (!isExecutable(header)) throw source.refuse("an ELF file that is not an executable");
  const arch = elfArch(header, order);
  if (arch === undefined) throw source.refuse("an ELF file for a machine that Go has no name for");
  const segments = await readSegments(source, header, order);
  const memory = new Memory(
    source,
    segments.filter((segment) => segment.type === PT_LOAD),
  );
  const level = arch.startsWith("mips") ? await mipsLevel(source, segments, order) : undefined;
  return defined({
    format: "elf",
    arch,
    level,
    linkage: elfLinkage(
      await neededLibraries(source, segments, memory, order),
      await interpreter(source, segments, order),
    ),
    stamp: async () => readStamp(source, memory, await stampRange(source, header, segments, order)),
  });
}

const PT_LOAD = 1;
const PT_INTERP = 3;
const PF_X = 1;
const PF_W = 2;

async function byteOrder(source: BinarySource): Promise<ByteOrder> {
  const ident = await source.read(0, 16, "the ELF identification");
  const word = ident[4] === 1 ? 4 : ident[4] === 2 ? 8 : undefined;
  const endian = ident[5] === 1 ? "little" : ident[5] === 2 ? "big" : undefined;
  if (word === undefined || endian === undefined) {
    throw source.refuse("an ELF file of an unknown class or byte order");
  }
  return { word, endian };
}

async function interpreter(
  source: BinarySource,
  segments: readonly ElfSegment[],
  order: ByteOrder,
): Promise<string | undefined> {
  const segment = segments.find(({ type }) => type === PT_INTERP);
  if (segment === undefined) return undefined;
  const part = "the ELF interpreter's name";
  return (await source.fields(segment.position, segment.size, order, part)).text(0);
}

/** `.go.buildinfo`, or the first writable data segment where sections were stripped: as debug/buildinfo does. */
async function stampRange(
  source: BinarySource,
  header: Fields,
  segments: readonly ElfSegment[],
  order: ByteOrder,
): Promise<Range | undefined> {
  const section = await findSection(source, header, order, ".go.buildinfo");
  if (section !== undefined) return section;
  return segments.find(({ type, flags }) => type === PT_LOAD && (flags & (PF_X | PF_W)) === PF_W);
}
