import { createHash } from "node:crypto";
import { finished, Writable } from "node:stream";
import type { Digest } from "./digest.ts";

/** A sink that hands everything on, and what it handed on: whatever lies there later is not asked. */
export interface DigestingSink {
  readonly out: Writable;
  /** Asked for once, when `out` has finished. */
  readonly digest: () => Digest;
}

/** Digests what is written while it is written. */
export function digestingSink(sink: Writable): DigestingSink {
  const hash = createHash("sha256");
  let size = 0;
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      // A failed sink destroys this one, which ends the wait.
      if (sink.write(chunk)) done();
      else sink.once("drain", () => done());
    },
    final: (done) => void sink.end(() => done()),
    destroy(error, done) {
      sink.destroy();
      done(error);
    },
  });
  finished(sink, (error) => void (error && out.destroy(error)));
  return { out, digest: () => ({ size, sha256: hash.digest("hex") }) };
}
