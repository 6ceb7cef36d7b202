import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { tar } from "../../../src/archives/tar.ts";
import { DATE, sparse } from "../../unit/archives/samples.ts";

/** The bytes before the first content. */
async function headers(size: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar([sparse("big", size)], DATE)) {
    if (chunk.length > 512) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const script =
  "import sys,tarfile,io; print(tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read())).next().size)";

it.each([2 ** 32 + 1, 8 ** 11 - 1, 8 ** 11, 100 * 2 ** 30])(
  "Python reads a tar member of %d bytes",
  async (size) => {
    const said = execFileSync("python3", ["-c", script], {
      input: await headers(size),
      encoding: "utf8",
    });
    expect(said.trim()).toBe(String(size));
  },
);
