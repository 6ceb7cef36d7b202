import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { archives } from "../../../src/archives/index.ts";
import type { Artifact, Binary } from "../../../src/model/artifact.ts";
import type { Manifest } from "../../../src/model/manifest.ts";
import type { Signing } from "../../../src/model/plan.ts";
import { provenanceOf } from "../../../src/provenance/provenance.ts";
import { sbomsFor } from "../../../src/sboms/index.ts";
import { type SigningMaterial, signerFor } from "../../../src/signers/index.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import { agePlan, binaryOf, linux, programOf, sha256, windows } from "./binaries.ts";

export type Folder = Readonly<Record<string, string | Buffer>>;

/** An archive as this program packs it. */
async function packed(binary: Binary, bytes: string): Promise<Buffer> {
  const entry = {
    name: binary.name,
    size: Buffer.byteLength(bytes),
    executable: true,
    open: () => Readable.from([Buffer.from(bytes)]),
  };
  const out = new PassThrough();
  const [archive] = await Promise.all([
    buffer(out),
    archives["tar.gz"].write([entry], new Date(0), out),
  ]);
  return archive;
}

/** A small release as it lies in the output folder. */
export async function release(
  signing: Signing,
  material: SigningMaterial,
  program: (binary: Binary) => string = programOf,
): Promise<Folder> {
  const plan = { ...agePlan, signing };
  const binaries = [binaryOf(linux), binaryOf(windows)];
  const folder: Record<string, string | Buffer> = {};
  for (const binary of binaries) folder[binary.artifact] = await packed(binary, program(binary));
  for (const { name, text } of sbomsFor(binaries, plan)) folder[name] = text;
  const list = Object.entries(folder).map(([name, text]) => `${sha256(text)}  ${name}\n`);
  folder["checksums.txt"] = list.join("");
  const artifacts = () =>
    Object.entries(folder).map(
      ([name, text]): Artifact => ({
        kind: "archive",
        name,
        path: name,
        size: Buffer.byteLength(text),
        sha256: sha256(text),
        from: [],
      }),
    );
  const signer = await signerFor(signing, material, { http, clock, random });
  const open = () => Readable.from([Buffer.from(folder["checksums.txt"] as string)]);
  const bundle = await signer?.sign({ kind: "file", name: "checksums.txt", open });
  folder["checksums.txt.sigstore.json"] = bundle as string;
  const statement = provenanceOf({ plan, artifacts: artifacts(), binaries, run: {} });
  const checked = { kind: "file", name: "checksums.txt", open } as const;
  const identity = await signer?.verify(checked, bundle as string);
  const attestation = await signer?.sign({ kind: "statement", name: "provenance", statement });
  folder["provenance.sigstore.json"] = attestation as string;
  const manifest: Manifest = {
    schema: 1,
    plan,
    artifacts: artifacts(),
    binaries,
    ...(identity === undefined ? {} : { identity: { ...identity } }),
    timings: [],
    url: null,
  };
  return { ...folder, "manifest.json": JSON.stringify(manifest) };
}
