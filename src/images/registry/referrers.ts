import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import * as z from "zod/mini";
import { parsedJson } from "../../model/parsed-json.ts";
import { bytesUpTo } from "../../net/body.ts";
import { fetchIfThere } from "../../net/follow.ts";
import { oddAnswer } from "../../net/server.ts";
import { canonical, type Descriptor, imageIndex, mediaTypes } from "../documents.ts";
import { putBlob } from "./blobs.ts";
import { manifestAt, putManifest, putTag } from "./manifests.ts";
import type { Registry } from "./registry.ts";

/** What bundles are called everywhere (sigstore bundle specification). */
export const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const PREDICATE = "dev.sigstore.bundle.predicateType";

const Referring = z.object({
  mediaType: z.string(),
  digest: z.string(),
  size: z.number(),
  artifactType: z.optional(z.string()),
  annotations: z.optional(z.record(z.string(), z.string())),
});
const Referrers = z.object({ manifests: z.nullable(z.array(z.looseObject(Referring.shape))) });
const Layers = z.object({ layers: z.array(z.object({ digest: z.string(), size: z.number() })) });

/** The bundles of one kind that refer to a document, as they lie in its registry. Whoever asks verifies them. */
export async function bundlesAt(
  registry: Registry,
  digest: string,
  predicateType: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const found = (await referrersOf(registry, digest, signal)).filter(
    ({ artifactType, annotations }) =>
      artifactType === BUNDLE && annotations?.[PREDICATE] === predicateType,
  );
  const texts: string[] = [];
  for (const referring of found) {
    const manifest = await manifestAt(registry, referring.digest, signal);
    const read = Layers.safeParse(parsedJson(manifest?.text ?? ""));
    const layer = read.success ? read.data.layers[0] : undefined;
    const text = layer === undefined ? undefined : await smallBlob(registry, layer.digest, signal);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** A bundle beside the document that it speaks of, as cosign 3 and `gh` look for it. */
export async function putBundle(
  registry: Registry,
  { mediaType, digest, size }: Descriptor,
  bundle: { readonly text: string; readonly predicateType: string; readonly created: string },
  signal?: AbortSignal,
): Promise<void> {
  const [empty, layer] = [blobOf("{}"), blobOf(bundle.text)];
  for (const blob of [empty, layer]) await putBlob(registry, blob, signal);
  const annotations = {
    "org.opencontainers.image.created": bundle.created,
    "dev.sigstore.bundle.content": "dsse-envelope",
    [PREDICATE]: bundle.predicateType,
  };
  const text = canonical({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: BUNDLE,
    config: { mediaType: mediaTypes.empty, digest: empty.digest, size: empty.size },
    layers: [{ mediaType: BUNDLE, digest: layer.digest, size: layer.size }],
    subject: { mediaType, digest, size },
    annotations,
  });
  const { digest: own, size: length } = blobOf(text);
  const referring = { mediaType: mediaTypes.manifest, digest: own, size: length };
  const answer = await putManifest(registry, referring, text, signal);
  if (answer.headers["oci-subject"] !== undefined) return;
  await addToTag(registry, digest, { ...referring, artifactType: BUNDLE, annotations }, signal);
}

/** "Referrers Tag Schema" of the distribution specification, for registries without an API for it. */
async function addToTag(
  registry: Registry,
  digest: string,
  referring: Descriptor,
  signal?: AbortSignal,
): Promise<void> {
  const known = await referrersOf(registry, digest, signal);
  if (known.some((one) => one.digest === referring.digest)) return;
  const text = imageIndex([...(known as readonly Descriptor[]), referring]);
  await putTag(registry, tagOf(digest), { mediaType: mediaTypes.index }, text, signal);
}

function tagOf(digest: string): string {
  return digest.replace(":", "-");
}

async function referrersOf(registry: Registry, digest: string, signal?: AbortSignal) {
  const answer = await registry.call({
    doing: "reading what refers to an image",
    method: "GET",
    path: `referrers/${digest}`,
    headers: { accept: mediaTypes.index },
    accept: [400, 404, 405],
    signal,
  });
  // A page of whatever stands before a registry is no list of its own.
  const read = Referrers.safeParse(answer.status < 300 ? parsedJson(answer.text) : undefined);
  return read.success
    ? (read.data.manifests ?? [])
    : await taggedReferrers(registry, digest, signal);
}

/** The list under the tag that stands for the API; none where there is no such tag. A list that is lost takes signatures along. */
async function taggedReferrers(registry: Registry, digest: string, signal?: AbortSignal) {
  const tag = tagOf(digest);
  const document = await manifestAt(registry, tag, signal);
  if (document === undefined) return [];
  const read = Referrers.safeParse(parsedJson(document.text));
  if (read.success) return read.data.manifests ?? [];
  const call = { doing: `reading ${tag}`, method: "GET", path: `manifests/${tag}` } as const;
  throw oddAnswer(registry.request(call), "something that is no list of signatures");
}

/** Bytes; a bundle is far smaller. */
const MOST = 4 * 2 ** 20;

async function smallBlob(
  registry: Registry,
  digest: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { reach } = registry;
  const { headers: _, ...request } = registry.request({
    doing: "reading a signature",
    method: "GET",
    path: `blobs/${digest}`,
    signal,
  });
  const bytes = await fetchIfThere(
    {
      ...request,
      headers: { "user-agent": "go-release" },
      credentials: registry.credentialHeaders,
    },
    ({ body }) => bytesUpTo(body, { most: MOST, clock: reach.clock }),
    reach,
    registry.again,
  );
  return bytes === undefined || blobOf(bytes).digest !== digest
    ? undefined
    : bytes.toString("utf8");
}

function blobOf(content: string | Buffer) {
  const bytes = Buffer.from(content as string);
  return {
    digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
    size: bytes.length,
    open: () => Readable.from([bytes]),
  };
}
