import type { Executable } from "./executable.ts";
import { noStamp } from "./go-buildinfo.ts";
import type { BinarySource } from "./source.ts";
import { NumberReader } from "./stream.ts";
import { findModules, readDataSection } from "./wasm-data.ts";

/**
 * Reads WebAssembly modules (core specification, "Binary Format"). Go's linker writes no build
 * information there (golang/go#73741) and `go version -m` reads none; but the module list that the program
 * itself could print is in its data, and the compiler's version in the custom section `producers`.
 */
export async function readWasm(source: BinarySource): Promise<Executable> {
  const { go, modules } = await readSections(source);
  if (go === undefined || modules === undefined) throw noStamp(source);
  return {
    format: "wasm",
    arch: "wasm",
    linkage: { kind: "static", libraries: [] },
    stamp: () => Promise.resolve({ go, modules }),
  };
}

const PART = "the WebAssembly module";
const VERSION = 1;
const CUSTOM_SECTION = 0;
const DATA_SECTION = 11;

/** Engines take any number; Go writes five at most. */
const MOST_SECTIONS = 1000;

async function readSections(source: BinarySource): Promise<{ go?: string; modules?: string }> {
  const stream = new NumberReader(source, 4, PART);
  if ((await stream.u32()) !== VERSION) throw source.refuse(`${PART} is not of version 1`);
  const found: { go?: string; modules?: string } = {};
  let data = false;
  for (let count = 0; stream.position < source.size; count++) {
    if (count === MOST_SECTIONS) throw source.refuse(`${PART} has too many sections`);
    const id = await stream.u8();
    const size = await stream.uleb();
    const end = stream.position + size;
    if (end > source.size) throw source.refuse(`${PART} ends before its last section does`);
    if (id === DATA_SECTION && !data) {
      data = true;
      const modules = await findModules(source, await readDataSection(source, stream));
      if (modules !== undefined) found.modules = modules;
    } else if (id === CUSTOM_SECTION && found.go === undefined) {
      const go = await readProducers(stream);
      if (go !== undefined) found.go = go;
    }
    stream.moveTo(end);
  }
  return found;
}

/** The version of the language Go, if this is the section of the tool conventions' "Producers Section". */
async function readProducers(stream: NumberReader): Promise<string | undefined> {
  if ((await stream.name()) !== "producers") return undefined;
  const fields = await stream.uleb();
  for (let field = 0; field < Math.min(fields, MOST_PRODUCERS); field++) {
    await stream.name();
    const values = await stream.uleb();
    for (let value = 0; value < Math.min(values, MOST_PRODUCERS); value++) {
      const name = await stream.name();
      const version = await stream.name();
      if (name === "Go") return version;
    }
  }
  return undefined;
}

/** Go writes two fields of one value each. */
const MOST_PRODUCERS = 16;
