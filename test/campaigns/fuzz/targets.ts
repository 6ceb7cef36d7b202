import { Readable } from "node:stream";
import { formats } from "../../../src/archives/index.ts";
import { parseChecksums } from "../../../src/checksums/checksums.ts";
import { readFile } from "../../../src/config/file.ts";
import { type InputName, inputs } from "../../../src/config/inputs.ts";
import { readShardDigests } from "../../../src/config/shard-digests.ts";
import { inspect } from "../../../src/go/inspection/inspect.ts";
import { readChallenge } from "../../../src/images/registry/challenge.ts";
import { cut } from "../../../src/markdown/cut.ts";
import { closed } from "../../../src/markdown/open.ts";
import { readGoReleaser } from "../../../src/migration/goreleaser-file.ts";
import { migrate } from "../../../src/migration/migrate.ts";
import { Manifest } from "../../../src/model/manifest.ts";
import { parsedJson } from "../../../src/model/parsed-json.ts";
import { Problem } from "../../../src/model/problem.ts";
import { Secret } from "../../../src/model/secret.ts";
import { plainWords, wordsIn } from "../../../src/net/words.ts";
import { readReleaseUrl } from "../../../src/plan/addresses/releases.ts";
import { readRemote } from "../../../src/plan/addresses/remotes.ts";
import { changelogSection } from "../../../src/plan/changelog/section.ts";
import { payloadOf } from "../../../src/provenance/payload.ts";
import { readSbom } from "../../../src/sboms/read.ts";
import { verifyBundle } from "../../../src/signers/bundles/verify.ts";
import { readPrivateKey } from "../../../src/signers/key/private-key.ts";
import type { Subject } from "../../../src/signers/signer.ts";
import { readClaims } from "../../../src/signers/sigstore/claims.ts";
import { throwawaySigner } from "../../../src/signers/throwaway/throwaway.ts";
import { servicesOf } from "../../../src/signers/trust/services.ts";
import { readTrustedRoot } from "../../../src/signers/trust/trusted-root.ts";
import { readStatement } from "../../../src/verification/provenance.ts";
import attestedBundle from "../../unit/signers/fixtures/sigstore-2.0.0-provenance.sigstore.json" with {
  type: "json",
};

const NOW = Date.parse("2026-01-31T12:00:00Z");

/** Signs `signedFile` as a dry run does, so that mutations begin with a bundle that is valid. */
export const throwaway = throwawaySigner({ now: () => NOW, sleep: async () => {} });
export const signedFile: Subject = {
  kind: "file",
  name: "tool.tar.gz",
  open: () => Readable.from([Buffer.from("tool")]),
};

/** A bundle of the public good instance, with certificate, log entry and inclusion proof. */
export const attestedText = JSON.stringify(attestedBundle);
const attested: Subject = {
  kind: "statement",
  name: "provenance",
  statement: payloadOf(Buffer.from(attestedText)) ?? Buffer.alloc(0),
};
const publicGoodTrust = { kind: "certificate", root: readTrustedRoot() } as const;

/** Every parser of foreign bytes. It gives back what it read or throws a `Problem`; anything else is a bug. */
export const targets: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  tarGz: (bytes) => unpack("tar.gz", bytes),
  tarZst: (bytes) => unpack("tar.zst", bytes),
  zip: (bytes) => unpack("zip", bytes),
  gz: (bytes) => unpack("gz", bytes),
  program: async (bytes) => await inspect(fileOf(bytes), "program"),
  bundle: (bytes) => throwaway.verify(signedFile, bytes.toString()),
  certified: (bytes) => verifyBundle(attested, bytes.toString(), publicGoodTrust),
  trustedRoot: (bytes) => readTrustedRoot(bytes.toString()),
  signingConfig: (bytes) => servicesOf(parsedJson(bytes.toString()), undefined, NOW),
  signingKey: (bytes) => readPrivateKey(new Secret(bytes.toString()), new Secret("word")),
  identityToken: (bytes) => readClaims(new Secret(bytes.toString())),
  sbom: (bytes) => readSbom(bytes.toString()),
  statement: (bytes) => readStatement(bytes),
  manifest: (bytes) => Manifest.safeParse(parsedJson(bytes.toString())),
  checksums: (bytes) => parseChecksums(bytes.toString(), "checksums.txt"),
  configuration: (bytes) => readFile(bytes.toString(), ".go-release.yaml"),
  goreleaser: async (bytes) => {
    const file = await readGoReleaser(bytes.toString(), ".goreleaser.yaml", async () => undefined);
    const known = new Set(Object.keys(inputs) as InputName[]);
    return migrate({
      file,
      module: "example.com/tool",
      modules: new Set(["./b"]),
      folders: new Set(["docs"]),
      platforms: ["linux/amd64", "darwin/arm64"],
      known,
    });
  },
  shardDigests: (bytes) => readShardDigests(bytes.toString()),
  notes: (bytes) => {
    const text = bytes.toString();
    const entry = { version: "1.2.3", names: ["tool"], named: false };
    return [changelogSection(text, entry), cut(text, 200), closed(text)];
  },
  addresses: (bytes) => {
    const text = bytes.toString();
    return [readRemote(text), readReleaseUrl(text, {}), readChallenge(text)];
  },
  refusal: (bytes) => {
    const server = { name: "a server", code: "server", again: "try again", secrets: [] };
    return plainWords(wordsIn(bytes.toString()), server);
  },
};

/** Runs one target over bytes. Throws what is a bug of ours: an error that is no `Problem`. */
export async function meet(name: string, bytes: Buffer): Promise<void> {
  try {
    await targets[name]?.(bytes);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

async function unpack(format: keyof typeof formats, bytes: Buffer): Promise<void> {
  const archive = {
    size: bytes.length,
    open: ({ start = 0, end = bytes.length - 1 } = {}) =>
      Readable.from(bytes.length === 0 ? [] : [bytes.subarray(start, end + 1)]),
  };
  let unpacked = 0;
  for await (const { content } of formats[format].read(archive)) {
    for await (const chunk of content) {
      unpacked += chunk.length;
      // A bomb is bounded by whoever reads; here it would only be slow.
      if (unpacked > 16 * 2 ** 20) return;
    }
  }
}

function fileOf(bytes: Buffer) {
  return {
    size: bytes.length,
    read: async (position: number, length: number) =>
      await Promise.resolve(bytes.subarray(position, position + length)),
    close: async () => await Promise.resolve(),
  };
}
