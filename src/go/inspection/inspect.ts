import type { Inspection } from "../../model/binary.ts";
import type { OpenFile } from "../../world/world.ts";
import { readElf } from "./elf.ts";
import type { Executable } from "./executable.ts";
import { readMachO } from "./mach-o.ts";
import { parseModuleInfo } from "./module-info.ts";
import { readPe } from "./pe.ts";
import { BinarySource } from "./source.ts";
import { slicesOf, united } from "./universal.ts";
import { readWasm } from "./wasm.ts";

/**
 * What a compiled binary says of itself. Reads only the headers and the build information, whatever the
 * file's size, and believes none of it: throws a `Problem` that begins with `name` when the file is
 * damaged, cut short, of another format or not made by Go.
 */
export async function inspect(file: OpenFile, name: string): Promise<Inspection> {
  const slices = await slicesOf(file, name);
  if (slices === undefined) return await inspectOne(file, name);
  const all: Inspection[] = [];
  for (const slice of slices) all.push(await inspectOne(slice, name));
  return united(all);
}

async function inspectOne(file: OpenFile, name: string): Promise<Inspection> {
  const source = new BinarySource(file, name);
  const { stamp, ...facts } = await readExecutable(source);
  const { go, modules } = await stamp();
  const refuse = (fault: string) => source.refuse(`the Go build information ${fault}`);
  return { ...facts, buildInfo: parseModuleInfo(go, modules, refuse) };
}

/** What its headers say, where what Go wrote into it may be hidden. Throws a `Problem` for what is no program. */
export async function inspectHeaders(
  file: OpenFile,
  name: string,
): Promise<Omit<Inspection, "buildInfo">> {
  const { stamp: _, ...facts } = await readExecutable(new BinarySource(file, name));
  return facts;
}

const MACH_O_32 = { endian: "little", word: 4 } as const;
const MACH_O_64 = { endian: "little", word: 8 } as const;

async function readExecutable(source: BinarySource): Promise<Executable> {
  if (source.size < MAGIC) throw source.refuse(`not a program, it has only ${source.size} bytes`);
  const magic = Buffer.from(await source.read(0, MAGIC, "the first bytes")).toString("hex");
  if (magic === "7f454c46") return readElf(source);
  if (magic === "cefaedfe") return readMachO(source, MACH_O_32);
  if (magic === "cffaedfe") return readMachO(source, MACH_O_64);
  if (magic === "0061736d") return readWasm(source);
  if (magic.startsWith("4d5a")) return readPe(source);
  const known = unread.find(({ magics }) => magics.some((one) => magic.startsWith(one)));
  throw known === undefined
    ? source.refuse(`neither ELF, Mach-O, PE nor WebAssembly, it begins with ${magic}`)
    : source.refuse(known.fault, known.hint);
}

/** Bytes of the longest magic number. */
const MAGIC = 4;

/** What can be told apart and is refused. */
const unread = [
  {
    magics: ["cafebabe", "cafebabf"],
    fault: "a universal binary whose slices cannot be read here",
    hint: "name `darwin/universal` in `targets`: it is written here of both programs",
  },
  {
    magics: ["01df", "01f7"],
    fault: "an XCOFF file, the format of AIX, which cannot be inspected",
    hint: "leave `aix/ppc64` out of `targets`",
  },
  {
    magics: ["000001eb", "00008a97", "00000647"],
    fault: "a Plan 9 program, whose format cannot be inspected",
    hint: "leave the `plan9` targets out of `targets`",
  },
] as const;
