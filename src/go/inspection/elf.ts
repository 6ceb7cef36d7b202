import type { Executable } from "./executable.ts";
import { elfArch, isExecutable, mipsLevel } from "./elf-machine.ts";
import type { ByteOrder, Fields } from "./fields.ts";
import { elfLinkage } from "./linkage.ts";
import { Memory } from "./memory.ts";
import type { Source } from "./source.ts";
import { type Range, readStamp } from "./stamp.ts";

/** Reads the executables of Linux, the BSDs, Solaris and Android (System V gABI 4.1, "Object Files"). */
export async function readElf(source: Source): Promise<Executable> {
  const order = await byteOrder(source);
  const header = await source.fields(0, layouts[order.word].header, order, "the ELF header");
  if (!isExecutable(header)) throw source.refuse("an ELF file that is not an executable");
  const arch = elfArch(header, order);
  if (arch === undefined) throw source.refuse("an ELF file for a machine that Go has no name for");
  const segments = await readSegments(source, header, order);
  const memory = new Memory(source, segments.filter((segment) => segment.type === PT_LOAD));
  const level = arch.startsWith("mips") ? await mipsLevel(source, segments, order) : undefined;
  return {
    format: "elf",
    arch,
    ...(level === undefined ? {} : { level }),
    linkage: elfLinkage(
      await neededLibraries(source, segments, memory, order),
      await interpreter(source, segments, order),
    ),
    stamp: await readStamp(source, memory, await stampRange(source, header, segments, order)),
  };
}

export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly position: number;
  readonly address: number;
  readonly size: number;
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const PF_X = 1;
const PF_W = 2;

/** Linux runs nothing with more (`load_elf_phdrs` in fs/binfmt_elf.c); longer dynamic sections are as unheard of. */
const LONGEST_TABLE = 64 * 1024;

/** Offsets and sizes of fields by the bytes of an address: class 32 and class 64. */
const layouts = {
  4: {
    header: 52,
    programs: { position: 28, entry: 42, count: 44 },
    sections: { position: 32, entry: 46, count: 48, names: 50 },
    program: { size: 32, flags: 24, position: 4, address: 8, length: 16 },
    section: { size: 40, address: 12, position: 16, length: 20 },
  },
  8: {
    header: 64,
    programs: { position: 32, entry: 54, count: 56 },
    sections: { position: 40, entry: 58, count: 60, names: 62 },
    program: { size: 56, flags: 4, position: 8, address: 16, length: 32 },
    section: { size: 64, address: 16, position: 24, length: 32 },
  },
} as const;

async function byteOrder(source: Source): Promise<ByteOrder> {
  const ident = await source.read(0, 16, "the ELF identification");
  const word = ident[4] === 1 ? 4 : ident[4] === 2 ? 8 : undefined;
  const endian = ident[5] === 1 ? "little" : ident[5] === 2 ? "big" : undefined;
  if (word === undefined || endian === undefined) {
    throw source.refuse("an ELF file of an unknown class or byte order");
  }
  return { word, endian };
}

async function readSegments(
  source: Source,
  header: Fields,
  order: ByteOrder,
): Promise<readonly ElfSegment[]> {
  const { programs, program } = layouts[order.word];
  const count = header.u16(programs.count);
  const part = "the ELF program header table";
  if (header.u16(programs.entry) !== program.size || count === 0) {
    throw source.refuse(`${part} is missing or malformed`);
  }
  if (count * program.size > LONGEST_TABLE) throw source.refuse(`${part} has ${count} entries`);
  const table = await source.fields(
    header.word(programs.position),
    count * program.size,
    order,
    part,
  );
  return Array.from({ length: count }, (_, index) => {
    const at = index * program.size;
    return {
      type: table.u32(at),
      flags: table.u32(at + program.flags),
      position: table.word(at + program.position),
      address: table.word(at + program.address),
      size: table.word(at + program.length),
    };
  });
}

async function interpreter(
  source: Source,
  segments: readonly ElfSegment[],
  order: ByteOrder,
): Promise<string | undefined> {
  const segment = segments.find(({ type }) => type === PT_INTERP);
  if (segment === undefined) return undefined;
  const part = "the ELF interpreter's name";
  return (await source.fields(segment.position, segment.size, order, part)).text(0);
}

async function neededLibraries(
  source: Source,
  segments: readonly ElfSegment[],
  memory: Memory,
  order: ByteOrder,
): Promise<readonly string[]> {
  const segment = segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) return [];
  const part = "the ELF dynamic section";
  if (segment.size > LONGEST_TABLE) throw source.refuse(`${part} claims ${segment.size} bytes`);
  const table = await source.fields(segment.position, segment.size, order, part);
  const needed: number[] = [];
  let strings: number | undefined;
  for (let at = 0; at + 2 * order.word <= table.length; at += 2 * order.word) {
    const tag = table.word(at);
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) needed.push(table.word(at + order.word));
    if (tag === DT_STRTAB) strings = table.word(at + order.word);
  }
  const names: string[] = [];
  for (const offset of needed) {
    if (strings === undefined) throw source.refuse(`${part} names libraries but no string table`);
    names.push(await memory.text(strings + offset, "the name of a needed library"));
  }
  return names;
}

/** `.go.buildinfo`, or the first writable data segment where sections were stripped: as debug/buildinfo does. */
async function stampRange(
  source: Source,
  header: Fields,
  segments: readonly ElfSegment[],
  order: ByteOrder,
): Promise<Range | undefined> {
  const section = await findSection(source, header, order, ".go.buildinfo");
  if (section !== undefined) return section;
  return segments.find(({ type, flags }) => type === PT_LOAD && (flags & (PF_X | PF_W)) === PF_W);
}

async function findSection(
  source: Source,
  header: Fields,
  order: ByteOrder,
  name: string,
): Promise<{ address: number; size: number } | undefined> {
  const { sections, section } = layouts[order.word];
  const count = header.u16(sections.count);
  const named = header.u16(sections.names);
  if (count === 0 || named >= count || header.u16(sections.entry) !== section.size) return undefined;
  const part = "the ELF section header table";
  const position = header.word(sections.position);
  const table = await source.fields(position, count * section.size, order, part);
  const names = named * section.size;
  const strings = await source.fields(
    table.word(names + section.position),
    table.word(names + section.length),
    order,
    "the ELF section name table",
  );
  for (let at = 0; at < table.length; at += section.size) {
    if (!strings.matches(table.u32(at), `${name}\0`)) continue;
    return { address: table.word(at + section.address), size: table.word(at + section.length) };
  }
  return undefined;
}
