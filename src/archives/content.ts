import { createHash } from "node:crypto";
import { addAbortSignal } from "node:stream";
import { Problem } from "../model/problem.ts";
import type { Entry } from "./archive.ts";

/** The bytes of an entry, exactly `size` of them, and those that were looked at before. An abort destroys its stream even while it stalls. */
export async function* content(entry: Entry, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const stream = entry.open();
  if (signal !== undefined) addAbortSignal(signal, stream);
  const hash = entry.sha256 === undefined ? undefined : createHash("sha256");
  let seen = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    seen += chunk.length;
    if (seen > entry.size) throw changed(entry, "more");
    hash?.update(chunk);
    yield chunk;
  }
  if (seen < entry.size) throw changed(entry, `only ${seen}`);
  if (hash !== undefined && hash.digest("hex") !== entry.sha256) throw exchanged(entry);
}

function changed({ name, size }: Entry, found: string) {
  return new Problem("archive-entry", `${name} should be ${size} bytes long but gave ${found}`, {
    hint: "make sure nothing writes to the files while they are packed",
  });
}

/** A compiler that outlived a killed run writes to the same place when it is done. */
export function exchanged({ name }: Pick<Entry, "name">): Problem {
  return new Problem("archive-entry", `${name} is no longer the file that was inspected`, {
    hint: "make sure nothing else writes to the output folder, then run again",
  });
}
