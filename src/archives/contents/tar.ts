import { Bytes } from "./bytes.ts";
import type { Member } from "./contents.ts";

const BLOCK = 512;
/** Bytes of a header's extension; a path is far shorter. */
const LARGEST_EXTENSION = 1 << 20;

/** The regular files of a tar: ustar, pax and GNU's long names (IEEE 1003.1 pax; tar.h of GNU tar). */
export async function* tarMembers(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  const bytes = new Bytes(stream);
  let extension: { path?: string; size?: number } = {};
  for (;;) {
    const header = await bytes.read(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const type = header.toString("latin1", 156, 157);
    const size = extension.size ?? numberIn(header.subarray(124, 136));
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (type === "x" || type === "L") {
      if (size > LARGEST_EXTENSION) throw new Error("a header is too large");
      extension = { ...extension, ...extensionIn(type, await bytes.read(size)) };
      await bytes.skip(padding);
      continue;
    }
    const name = extension.path ?? nameIn(header);
    extension = {};
    const content = bytes.pass(size);
    if (type === "0" || type === "\0") yield { name, bytes: content };
    // What was not read, or not to its end.
    for await (const _ of content);
    await bytes.skip(padding);
  }
}

/** Octal, or binary where its first bit is set (GNU). */
function numberIn(field: Buffer): number {
  const value =
    ((field[0] ?? 0) & 0x80) === 0
      ? Number.parseInt(textIn(field).trim() || "0", 8)
      : Number(BigInt(`0x${field.subarray(4).toString("hex")}`));
  if (!Number.isSafeInteger(value) || value < 0) throw new Error("a size is no number");
  return value;
}

function nameIn(header: Buffer): string {
  const isUstar = header.toString("latin1", 257, 262) === "ustar";
  const prefix = isUstar ? textIn(header.subarray(345, 500)) : "";
  const name = textIn(header.subarray(0, 100));
  return prefix === "" ? name : `${prefix}/${name}`;
}

function extensionIn(type: "x" | "L", data: Buffer): { path?: string; size?: number } {
  if (type === "L") return { path: textIn(data) };
  const path = /^\d+ path=(.*)$/mu.exec(data.toString("utf8"))?.[1];
  const size = /^\d+ size=(\d+)$/mu.exec(data.toString("utf8"))?.[1];
  return {
    ...(path === undefined ? {} : { path }),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}

/** Up to the first NUL. */
const textIn = (field: Buffer): string => field.toString("utf8").replace(/\0.*$/su, "");
