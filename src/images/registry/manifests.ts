import { createHash } from "node:crypto";
import * as z from "zod/mini";
import type { Answer } from "../../net/exchange.ts";
import { oddAnswer } from "../../net/server.ts";
import { type Descriptor, mediaTypes } from "../documents.ts";
import type { Registry, RegistryRequest } from "./registry.ts";

const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/** Everything that a tag or a digest of an image may name. */
const ACCEPTED = [mediaTypes.index, mediaTypes.manifest, DOCKER_LIST, DOCKER_MANIFEST].join(", ");

/** Puts a document under its digest. */
export async function putManifest(
  registry: Registry,
  { digest, mediaType }: Descriptor,
  text: string,
  signal?: AbortSignal,
): Promise<Answer> {
  return await registry.call({
    doing: "pushing a manifest",
    method: "PUT",
    path: `manifests/${digest}`,
    headers: { "content-type": mediaType },
    body: text,
    signal,
  });
}

/** Lets a tag name a document that is there. */
export async function putTag(
  registry: Registry,
  tag: string,
  { mediaType }: Pick<Descriptor, "mediaType">,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  await registry.call({
    doing: `moving the tag ${tag}`,
    method: "PUT",
    path: `manifests/${tag}`,
    headers: { "content-type": mediaType },
    body: text,
    tag,
    signal,
  });
}

/** A document by its digest or a tag, with the digest of what came; undefined where there is none. */
export async function manifestAt(
  registry: Registry,
  reference: string,
  signal?: AbortSignal,
): Promise<
  { readonly text: string; readonly digest: string; readonly mediaType: string } | undefined
> {
  const call: RegistryRequest = {
    doing: `reading ${reference}`,
    method: "GET",
    path: `manifests/${reference}`,
    headers: { accept: ACCEPTED },
    accept: [404],
    signal,
  };
  const answer = await registry.call(call);
  if (answer.status === 404) return undefined;
  const digest = `sha256:${createHash("sha256").update(answer.bytes).digest("hex")}`;
  if (reference.startsWith("sha256:") && digest !== reference)
    throw oddAnswer(registry.request(call), "another document than the one that was asked for");
  const [mediaType = ""] = (answer.headers["content-type"] ?? "").split(";");
  return { text: answer.bytes.toString("utf8"), digest, mediaType: mediaType.trim() };
}

const Tags = z.object({ tags: z.nullish(z.array(z.string())) });
const MOST_PAGES = 100;

/** The tags of a repository; none where it is not there yet. */
export async function tagsOf(registry: Registry, signal?: AbortSignal): Promise<readonly string[]> {
  const all: string[] = [];
  let path: string | undefined = "tags/list?n=1000";
  for (let page = 0; path !== undefined && page < MOST_PAGES; page += 1) {
    const call: RegistryRequest = {
      doing: "reading the tags",
      method: "GET",
      path,
      headers: { accept: "application/json" },
      accept: [404],
      signal,
    };
    const answer = await registry.call(call);
    if (answer.status === 404) return all;
    all.push(...(answer.as(Tags).tags ?? []));
    path = nextPage(answer, registry.request(call).url);
  }
  return all;
}

/** RFC 8288, of the same registry alone. */
function nextPage({ headers }: Answer, url: string): string | undefined {
  const [, next] = /<([^>]+)>\s*;\s*rel="?next"?/u.exec(headers["link"] ?? "") ?? [];
  const target = next !== undefined && URL.canParse(next, url) ? new URL(next, url) : undefined;
  return target !== undefined && target.origin === new URL(url).origin ? target.href : undefined;
}
