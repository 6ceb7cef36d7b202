import type { Executable } from "./executable.ts";
import type { ByteOrder, Fields } from "./fields.ts";
import { readStamp } from "./go-buildinfo.ts";
import { isWindowsSystem, linkage } from "./linkage.ts";
import { Memory, type Segment } from "./memory.ts";
import type { BinarySource } from "./source.ts";

/** Reads the executables of Windows (Microsoft's "PE Format": PE32 and PE32+). */
export async function readPe(source: BinarySource): Promise<Executable> {
  const header = await readHeader(source);
  const sections = await readSections(source, header);
  const memory = new Memory(source, sections);
  const libraries = [
    ...(await imported(source, header, memory)),
    ...(await delayImported(source, header, memory)),
  ];
  return {
    format: "pe",
    arch: header.arch,
    linkage: linkage(libraries, isWindowsSystem),
    stamp: () =>
      readStamp(
        source,
        memory,
        sections.find(({ data, size }) => data && size > 0),
      ),
  };
}

/** Addresses are relative to the image's base throughout. */
interface PeHeader {
  readonly arch: string;
  readonly imageBase: number;
  readonly sections: { readonly position: number; readonly count: number };
  /** Addresses of the import tables; 0 when there is none. */
  readonly imports: number;
  readonly delayImports: number;
}

const order: ByteOrder = { endian: "little", word: 8 };

/** GOARCH by `Machine`. */
const arches: Readonly<Record<number, string>> = {
  0x14c: "386",
  0x1c4: "arm",
  0x8664: "amd64",
  0xaa64: "arm64",
};

const IMAGE_FILE_EXECUTABLE_IMAGE = 0x2;

async function readHeader(source: BinarySource): Promise<PeHeader> {
  const start = (await source.fields(0, 64, order, "the DOS header")).u32(60);
  const coff = await source.fields(start, 24, order, "the PE header");
  if (!coff.matches(0, "PE\0\0")) throw source.refuse("a DOS program without a PE header");
  const arch = arches[coff.u16(4)];
  if (arch === undefined) throw source.refuse("a PE file for a machine that Go has no name for");
  if ((coff.u16(22) & IMAGE_FILE_EXECUTABLE_IMAGE) === 0) {
    throw source.refuse("a PE file that is not an executable");
  }
  const length = coff.u16(20);
  const optional = await source.fields(start + 24, length, order, "the PE optional header");
  return {
    arch,
    ...readOptional(source, optional),
    sections: { position: start + 24 + length, count: coff.u16(6) },
  };
}

const PE32 = 0x10b;
const PE32_PLUS = 0x20b;
const IMPORT_TABLE = 1;
const DELAY_IMPORT_TABLE = 13;

function readOptional(
  source: BinarySource,
  optional: Fields,
): Pick<PeHeader, "imageBase" | "imports" | "delayImports"> {
  const magic = optional.u16(0);
  if (magic !== PE32 && magic !== PE32_PLUS)
    throw source.refuse("a PE file that is neither PE32 nor PE32+");
  const directories = magic === PE32 ? 92 : 108;
  const address = (index: number): number =>
    index < optional.u32(directories) ? optional.u32(directories + 4 + 8 * index) : 0;
  return {
    imageBase: magic === PE32 ? optional.u32(28) : optional.u64(24),
    imports: address(IMPORT_TABLE),
    delayImports: address(DELAY_IMPORT_TABLE),
  };
}

interface PeSection extends Segment {
  /** Writable and initialized: where Go's linker puts the build information. */
  readonly data: boolean;
}

/** What debug/buildinfo takes for data: initialized, readable, writable and nothing else but its alignment. */
const DATA = 0xc0000040;
const ALIGN_32BYTES = 0x600000;

async function readSections(
  source: BinarySource,
  { sections }: PeHeader,
): Promise<readonly PeSection[]> {
  const part = "the PE section table";
  const table = await source.fields(sections.position, sections.count * 40, order, part);
  return Array.from({ length: sections.count }, (_, index) => {
    const at = index * 40;
    return {
      address: table.u32(at + 12),
      position: table.u32(at + 20),
      size: table.u32(at + 16),
      data: (table.u32(at + 36) & ~ALIGN_32BYTES) >>> 0 === DATA,
    };
  });
}

/** Windows itself knows no limit; programs import from dozens. */
const MOST_LIBRARIES = 4096;

async function imported(
  source: BinarySource,
  { imports }: PeHeader,
  memory: Memory,
): Promise<readonly string[]> {
  return readNames(source, memory, imports, 20, (entry) => entry.u32(12));
}

async function delayImported(
  source: BinarySource,
  { delayImports, imageBase }: PeHeader,
  memory: Memory,
): Promise<readonly string[]> {
  return readNames(source, memory, delayImports, 32, (entry) => {
    const relative = (entry.u32(0) & 1) === 1;
    return relative || entry.u32(4) === 0 ? entry.u32(4) : entry.u32(4) - imageBase;
  });
}

/** The DLLs' names of a table that ends with an entry without one. */
async function readNames(
  source: BinarySource,
  memory: Memory,
  table: number,
  size: number,
  nameAddress: (entry: Fields) => number,
): Promise<readonly string[]> {
  const names: string[] = [];
  if (table === 0) return names;
  for (let at = table; names.length < MOST_LIBRARIES; at += size) {
    const entry = await memory.fields(at, size, order, "the PE import table");
    const address = nameAddress(entry);
    if (address === 0) return names;
    names.push(await memory.text(address, "the name of an imported DLL"));
  }
  throw source.refuse("the PE import table has no end");
}
