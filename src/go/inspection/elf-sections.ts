import { elfLayouts } from "./elf-layout.ts";
import type { ByteOrder, Fields } from "./fields.ts";
import type { Range } from "./go-buildinfo.ts";
import type { BinarySource } from "./source.ts";

/** Where a section is loaded; undefined when there is none of that name, or no table. */
export async function findSection(
  source: BinarySource,
  header: Fields,
  order: ByteOrder,
  name: string,
): Promise<Range | undefined> {
  const { sections, section } = elfLayouts[order.word];
  const count = header.u16(sections.count);
  const named = header.u16(sections.names);
  if (count === 0 || named >= count || header.u16(sections.entry) !== section.size)
    return undefined;
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
