import type { Readable } from "node:stream";
import { Problem } from "../../model/problem.ts";
import type { Descriptor } from "../documents.ts";
import type { Registry, RegistryRequest } from "./registry.ts";

/** A blob on its way to a registry. */
export interface PushedBlob extends Pick<Descriptor, "digest" | "size"> {
  /** A fresh stream over its bytes, or over some of them, both ends included. */
  readonly open: (range?: { readonly start: number; readonly end: number }) => Readable;
  /** The name of another repository of this registry that has it. */
  readonly from?: string | undefined;
}

/** Bytes of a part, where a registry or a proxy takes no larger body. */
const PART = 8 * 2 ** 20;

/** Puts a blob where it is not there already: taken over from another repository, whole, or in parts. Idempotent. */
export async function putBlob(
  registry: Registry,
  blob: PushedBlob,
  signal?: AbortSignal,
): Promise<void> {
  await registry.again(async () => {
    if (await hasBlob(registry, blob.digest, signal)) return;
    const begun = await begin(registry, blob, signal);
    if (begun === undefined) return;
    try {
      await whole(registry, blob, begun, signal);
    } catch (error) {
      const isLarge = error instanceof Problem && error.code === "registry-too-large";
      if (!isLarge || blob.size <= PART) throw error;
      await inParts(registry, blob, signal);
    }
  }, signal);
}

/** A redirect to where it is stored is as good as the blob. */
const STORED = [301, 302, 303, 307, 308];

async function hasBlob(registry: Registry, digest: string, signal?: AbortSignal): Promise<boolean> {
  const { status } = await registry.once({
    doing: "looking for a layer",
    method: "HEAD",
    path: `blobs/${digest}`,
    accept: [404, ...STORED],
    signal,
  });
  return status !== 404;
}

const BEGIN = { doing: "beginning an upload", method: "POST", path: "blobs/uploads/" } as const;

/** Where it is to be sent; undefined where the registry took it over from another repository. */
async function begin(
  registry: Registry,
  { digest, from }: Pick<PushedBlob, "digest" | "from">,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const query = from === undefined ? "" : `?mount=${digest}&from=${encodeURIComponent(from)}`;
  const call: RegistryRequest = { ...BEGIN, path: `${BEGIN.path}${query}`, body: "", signal };
  const answer = await registry.once(call);
  return answer.status === 201 ? undefined : registry.locationIn(answer, call);
}

const BYTES = { "content-type": "application/octet-stream" };

async function whole(
  registry: Registry,
  { digest, size, open }: PushedBlob,
  location: string,
  signal?: AbortSignal,
): Promise<void> {
  await registry.once({
    doing: "pushing a layer",
    method: "PUT",
    path: withDigest(location, digest),
    headers: BYTES,
    body: { length: size, open: () => open() },
    signal,
  });
}

/** "Pushing a blob in chunks" of the distribution specification. */
async function inParts(
  registry: Registry,
  { digest, size, open }: PushedBlob,
  signal?: AbortSignal,
): Promise<void> {
  let location = (await begin(registry, { digest }, signal)) ?? "";
  for (let start = 0; start < size; start += PART) {
    const end = Math.min(start + PART, size) - 1;
    const call: RegistryRequest = {
      doing: "pushing a part of a layer",
      method: "PATCH",
      path: location,
      headers: { ...BYTES, "content-range": `${start}-${end}` },
      body: { length: end + 1 - start, open: () => open({ start, end }) },
      signal,
    };
    location = registry.locationIn(await registry.once(call), call);
  }
  const path = withDigest(location, digest);
  await registry.once({ doing: "pushing a layer", method: "PUT", path, body: "", signal });
}

/** What the registry put into the address is its own, and stays as it is. */
function withDigest(location: string, digest: string): string {
  return `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
}

/** Whether this user may push there: an upload is begun and given up again, of which nothing stays. */
export async function checkPush(registry: Registry, signal?: AbortSignal): Promise<void> {
  const call: RegistryRequest = {
    ...BEGIN,
    doing: "asking whether images can be pushed",
    body: "",
    signal,
  };
  const location = registry.locationIn(await registry.call(call), call);
  await registry
    .once({ doing: "giving up an upload", method: "DELETE", path: location, signal })
    .catch((error: unknown) => {
      // What nobody goes on with, a registry forgets by itself.
      if (!(error instanceof Problem)) throw error;
    });
}
