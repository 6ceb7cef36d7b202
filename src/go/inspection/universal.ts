import type { BuildInfo, Inspection, Linkage } from "../../model/binary.ts";
import type { OpenFile } from "../../world/world.ts";
import { UNIVERSAL } from "../universal.ts";
import { BinarySource } from "./source.ts";

const MAGIC = 0xcafebabe;
const HEADER = 8;
const ENTRY = 20;

/** Apple knows no more architectures than these at a time. */
const MOST = 8;

/**
 * The programs within a universal one (mach-o/fat.h); undefined for another file. Throws a `Problem` for slices that
 * lie outside of it or over each other.
 */
export async function slicesOf(
  file: OpenFile,
  name: string,
): Promise<readonly OpenFile[] | undefined> {
  const source = new BinarySource(file, name);
  if (file.size < HEADER) return undefined;
  const head = Buffer.from(await source.read(0, HEADER, "the first bytes"));
  if (head.readUInt32BE(0) !== MAGIC) return undefined;
  const count = head.readUInt32BE(4);
  if (count === 0 || count > MOST) throw source.refuse(`a universal binary of ${count} slices`);
  const entries = Buffer.from(await source.read(HEADER, ENTRY * count, "the list of slices"));
  const views: OpenFile[] = [];
  let end = HEADER + ENTRY * count;
  for (let at = 0; at < entries.length; at += ENTRY) {
    const position = entries.readUInt32BE(at + 8);
    const size = entries.readUInt32BE(at + 12);
    if (position < end || position + size > file.size)
      throw source.refuse("its slices do not fit into one another");
    end = position + size;
    views.push(viewOf(file, position, size));
  }
  if (end !== file.size) throw source.refuse(`${file.size - end} bytes follow its last slice`);
  return views;
}

function viewOf(file: OpenFile, start: number, size: number): OpenFile {
  return {
    size,
    read: (position, length) =>
      file.read(start + position, Math.max(0, Math.min(length, size - position))),
    close: () => Promise.resolve(),
  };
}

/** What a universal program says of itself: what all slices say, and each by itself. */
export function united(slices: readonly Inspection[]): Inspection {
  const [first] = slices;
  if (first === undefined) throw new Error("a universal program has slices");
  return {
    format: first.format,
    arch: UNIVERSAL,
    linkage: linkageOf(slices.map(({ linkage }) => linkage)),
    buildInfo: buildInfoOf(first.buildInfo, slices),
    slices: [...slices],
  };
}

const kinds = ["dynamic", "system", "static"] as const;

function linkageOf(all: readonly Linkage[]): Linkage {
  const libraries = [...new Set(all.flatMap((one) => one.libraries))].sort();
  const kind = kinds.find((wanted) => all.some((one) => one.kind === wanted)) ?? "static";
  return { kind, libraries };
}

/** Of the settings those that are the same everywhere, of the modules all. */
function buildInfoOf(first: BuildInfo, slices: readonly Inspection[]): BuildInfo {
  const deps = new Map(
    slices.flatMap(({ buildInfo }) => buildInfo.deps.map((one) => [one.path, one] as const)),
  );
  const settings = Object.entries(first.settings).filter(([name, value]) =>
    slices.every(({ buildInfo }) => buildInfo.settings[name] === value),
  );
  return {
    ...first,
    deps: [...deps.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    settings: Object.fromEntries(settings),
  };
}
