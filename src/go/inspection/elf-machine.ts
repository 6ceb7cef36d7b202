import type { ElfSegment } from "./elf-segments.ts";
import type { ByteOrder, Fields } from "./fields.ts";
import type { BinarySource } from "./source.ts";

const ET_EXEC = 2;
const ET_DYN = 3;

export function isExecutable(header: Fields): boolean {
  const type = header.u16(16);
  return type === ET_EXEC || type === ET_DYN;
}

/** MIPS n32: 64-bit registers in a 32-bit file, which Go has no port for. */
const EF_MIPS_ABI2 = 0x20;

/** GOARCH of an ELF header (`e_machine` values of the gABI registry); undefined when Go has no such port. */
export function elfArch(header: Fields, { word, endian }: ByteOrder): string | undefined {
  const machine = machines[header.u16(18)];
  if (machine === undefined) return undefined;
  if (machine === "mips" && word === 4 && (header.u32(36) & EF_MIPS_ABI2) !== 0) return undefined;
  return ports[`${machine} ${word * 8} ${endian}`];
}

const machines: Readonly<Record<number, string>> = {
  3: "386",
  8: "mips",
  21: "ppc64",
  22: "s390",
  40: "arm",
  62: "amd64",
  183: "aarch64",
  243: "riscv",
  258: "loongarch",
};

const ports: Readonly<Record<string, string>> = {
  "386 32 little": "386",
  "amd64 64 little": "amd64",
  "arm 32 little": "arm",
  "aarch64 64 little": "arm64",
  "loongarch 64 little": "loong64",
  "mips 32 big": "mips",
  "mips 32 little": "mipsle",
  "mips 64 big": "mips64",
  "mips 64 little": "mips64le",
  "ppc64 64 big": "ppc64",
  "ppc64 64 little": "ppc64le",
  "riscv 64 little": "riscv64",
  "s390 64 big": "s390x",
};

const PT_MIPS_ABIFLAGS = 0x70000003;
const FP_DOUBLE = 1;
const FP_SOFT = 3;

/**
 * GOMIPS as the ABI flags tell it (`Elf_MIPS_ABIFlags_v0`, byte 7 is `fp_abi`). MIPS is the only machine
 * whose level Go's linker writes into the headers: the ARM attributes are those of C objects, if any.
 */
export async function mipsLevel(
  source: BinarySource,
  segments: readonly ElfSegment[],
  order: ByteOrder,
): Promise<string | undefined> {
  const segment = segments.find(({ type }) => type === PT_MIPS_ABIFLAGS);
  if (segment === undefined) return undefined;
  const flags = await source.fields(segment.position, 24, order, "the MIPS ABI flags");
  const abi = flags.u8(7);
  return abi === FP_SOFT ? "softfloat" : abi === FP_DOUBLE ? "hardfloat" : undefined;
}
