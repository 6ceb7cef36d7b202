import { Problem } from "../model/problem.ts";

/**
 * Where the certificates of public authorities come from: Mozilla's list as Go's authors keep it, a module by its sum,
 * so that the same version of this program puts the same ones into every image.
 */
export const ROOTS = {
  module: "golang.org/x/crypto/x509roots/fallback",
  version: "v0.0.0-20261030153154-30a33513ff6d",
  sum: "h1:5NBkmd8MXirajj6AAEpi4HFVJnVkBNPTL1ggYAKqaws=",
  /** Inside the module: certificates in DER, one after the other. */
  file: "bundle/bundle.der",
} as const;

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
