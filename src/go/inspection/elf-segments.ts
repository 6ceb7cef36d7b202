import { elfLayouts } from "./elf-layout.ts";
import type { ByteOrder, Fields } from "./fields.ts";
import type { BinarySource } from "./source.ts";

/** One entry of the program header table. */
export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly position: number;
  readonly address: number;
  readonly size: number;
}

/** Linux runs nothing with more (`load_elf_phdrs` in fs/binfmt_elf.c). */
const LONGEST_TABLE = 64 * 1024;

export async function readSegments(
  source: BinarySource,
  header: Fields,
  order: ByteOrder,
): Promise<readonly ElfSegment[]> {
  const { programs, program } = elfLayouts[order.word];
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
