import type { ElfSegment } from "./elf-segments.ts";
import type { ByteOrder } from "./fields.ts";
import type { Memory } from "./memory.ts";
import type { BinarySource } from "./source.ts";

const PT_DYNAMIC = 2;
const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;

/** Four thousand entries; a browser's has a few hundred. */
const LONGEST_TABLE = 64 * 1024;

/** The libraries that the dynamic section asks for, in its order. */
export async function neededLibraries(
  source: BinarySource,
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
