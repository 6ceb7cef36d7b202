import { addAbortSignal } from "node:stream";
import { Problem } from "../model/problem.ts";
import type { Entry } from "./archive.ts";

/** The bytes of an entry, exactly `size` of them. An abort destroys its stream even while it stalls. */
export async function* content(entry: Entry, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const stream = entry.open();
  if (signal !== undefined) addAbortSignal(signal, stream);
  let seen = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    seen += chunk.length;
    if (seen > entry.size) throw changed(entry, "more");
    yield chunk;
  }
  if (seen < entry.size) throw changed(entry, `only ${seen}`);
}

function changed({ name, size }: Entry, found: string) {
  return new Problem("archive-entry", `${name} should be ${size} bytes long but gave ${found}`, {
    hint: "let nothing write to the files while they are packed",
  });
}
