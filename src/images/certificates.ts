import { Problem } from "../model/problem.ts";
import { ROOTS } from "../provenance/image-materials.ts";

/** DER certificates that follow each other, as the PEM file that programs look for. */
export function pemOf(der: Uint8Array): string {
  const bytes = Buffer.from(der);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + lengthAt(bytes, at);
    const body = bytes
      .subarray(at, end)
      .toString("base64")
      .replaceAll(/(.{64})(?=.)/gu, "$1\n");
    parts.push(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
    at = end;
  }
  return parts.join("");
}

/** Of the whole SEQUENCE, its tag and length included (X.690 §8.1.3). */
function lengthAt(bytes: Buffer, at: number): number {
  const [tag, first = 0] = [bytes[at], bytes[at + 1]];
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (tag !== 0x30 || more > 4 || at + 2 + more > bytes.length) throw damaged();
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
  if (at + 2 + more + length > bytes.length) throw damaged();
  return 2 + more + length;
}

function damaged(): Problem {
  return new Problem("image-certificates", `${ROOTS.file} of ${ROOTS.module} is damaged`, {
    hint: "run `go clean -modcache` and try again",
  });
}
