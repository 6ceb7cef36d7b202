import * as z from "zod/mini";
import { digestingSink } from "../../checksums/digesting-sink.ts";
import type { PlannedImage } from "../../model/image.ts";
import { parsedJson } from "../../model/parsed-json.ts";
import { Problem } from "../../model/problem.ts";
import { formatTarget, type Target } from "../../model/target.ts";
import { saveUpTo } from "../../net/body.ts";
import { fetchAnswer, fetchFile } from "../../net/follow.ts";
import { oddAnswer } from "../../net/server.ts";
import { type Descriptor, mediaTypes } from "../documents.ts";
import type { BasePlatform } from "../made.ts";
import { variantOf } from "../platforms.ts";
import type { ImageStore } from "../store.ts";
import { manifestAt } from "./manifests.ts";
import type { Registry } from "./registry.ts";

/** An image that others are built on, by its digest. */
export interface Base {
  readonly registry: Registry;
  /** By the target as it is written. */
  readonly platforms: ReadonlyMap<string, BasePlatform>;
}

const Layer = z.object({ mediaType: z.string(), digest: z.string(), size: z.number() });
const Manifest = z.object({ config: Layer, layers: z.array(Layer) });
const Platform = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.optional(z.string()),
});
type Platform = z.infer<typeof Platform>;
const Index = z.object({
  manifests: z.array(z.object({ digest: z.string(), platform: z.optional(Platform) })),
});
const Config = z.object({
  os: z.optional(z.string()),
  architecture: z.optional(z.string()),
  variant: z.optional(z.string()),
  config: z.nullish(z.record(z.string(), z.unknown())),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
  history: z.nullish(z.array(z.unknown())),
});
type Config = z.infer<typeof Config>;

/** What a base is for each of the targets. Throws a `Problem` where it is not there, or not for one of them. */
export async function baseAt(
  registry: Registry,
  { base, platforms: planned }: Pick<PlannedImage, "base" | "platforms">,
  signal?: AbortSignal,
): Promise<Base> {
  const reader = new BaseReader(registry, base, signal);
  const platforms = new Map<string, BasePlatform>();
  for (const { target } of planned)
    platforms.set(formatTarget(target), await reader.platform(target));
  return { registry, platforms };
}

class BaseReader {
  readonly #registry: Registry;
  readonly #base: string;
  readonly #signal: AbortSignal | undefined;

  constructor(registry: Registry, base: string, signal: AbortSignal | undefined) {
    this.#registry = registry;
    this.#base = base;
    this.#signal = signal;
  }

  async platform(target: Target): Promise<BasePlatform> {
    const digest = this.#base.replace(/^.*@/u, "");
    const top = await this.#document(digest);
    const index = Index.safeParse(top);
    if (!index.success) return this.#checked(await this.#image(top), target);
    const all = index.data.manifests.filter(({ platform }) => platform?.os === "linux");
    const fitting = bestOf(
      all.flatMap(({ platform, ...one }) => (platform === undefined ? [] : [{ ...one, platform }])),
      target,
    );
    if (fitting === undefined)
      throw this.#unfit(
        target,
        all.map(({ platform }) => nameOf(platform)),
      );
    return (await this.#image(await this.#document(fitting.digest))).platform;
  }

  /** An image of one platform alone. */
  #checked({ platform, config }: ReadImage, target: Target): BasePlatform {
    const { os = "", architecture = "", variant } = config;
    const own: Platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    if (os === "linux" && bestOf([{ platform: own }], target) !== undefined) return platform;
    throw this.#unfit(target, [nameOf(own)]);
  }

  async #document(digest: string): Promise<unknown> {
    const found = await manifestAt(this.#registry, digest, this.#signal);
    if (found !== undefined) return parsedJson(found.text);
    throw new Problem("image-base", `the base ${this.#base} is not there: no ${digest}`, {
      hint: "see what its registry has by now, e.g. with `crane digest`, and correct `base` in `images`",
    });
  }

  async #image(document: unknown): Promise<ReadImage> {
    const call = { doing: "reading the base", method: "GET", path: "manifests/" } as const;
    const read = Manifest.safeParse(document);
    if (!read.success) throw oddAnswer(this.#registry.request(call), "something that is no image");
    const { config, layers } = read.data;
    const path = `blobs/${config.digest}`;
    const answer = await fetchAnswer(
      fetching(this.#registry, path, this.#signal),
      this.#registry.reach,
      this.#registry.again,
    );
    const parsed = answer.as(Config);
    return {
      config: parsed,
      platform: {
        config: {
          config: parsed.config ?? {},
          diffIds: parsed.rootfs.diff_ids,
          history: parsed.history ?? [],
        },
        layers: layers.map((layer) => ({ ...layer, mediaType: ociType(layer.mediaType) })),
      },
    };
  }

  #unfit(target: Target, known: readonly string[]): Problem {
    const written = formatTarget(target);
    return new Problem("image-base-platform", `the base ${this.#base} is not for ${written}`, {
      hint: `it is for ${known.join(", ") || "nothing that is named"}: choose among them with \`targets\` of the image, or take another base`,
    });
  }
}

interface ReadImage {
  readonly config: Config;
  readonly platform: BasePlatform;
}

function fetching(registry: Registry, path: string, signal: AbortSignal | undefined) {
  const call = { doing: "reading the base", method: "GET", path, signal } as const;
  const { headers: _, ...request } = registry.request(call);
  return {
    ...request,
    headers: { "user-agent": "go-release" },
    credentials: registry.credentialHeaders,
  };
}

/** The bytes of Docker's layers are those of OCI's; an image has them under one kind of name. */
function ociType(mediaType: string): string {
  return mediaType === "application/vnd.docker.image.rootfs.diff.tar.gzip"
    ? mediaTypes.layer
    : mediaType;
}

function nameOf(platform: Platform | undefined): string {
  const { os = "", architecture = "", variant } = platform ?? {};
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}

/** The platform of the highest level that the target's own is not below. */
function bestOf<T extends { readonly platform: Platform }>(
  all: readonly T[],
  target: Target,
): T | undefined {
  const wanted = levelOf(target.arch, variantOf(target));
  const [best] = all
    .filter(({ platform }) => platform.architecture === target.arch)
    .map((one) => ({ one, level: levelOf(target.arch, one.platform.variant) }))
    .filter(({ level }) => level <= wanted)
    .sort((a, b) => b.level - a.level);
  return best?.one;
}

/** Where none is named, the usual level: of ARM 7, of ARM64 8, elsewhere the lowest. */
function levelOf(arch: string, variant: string | undefined): number {
  const usual = arch === "arm" ? 7 : arch === "arm64" ? 8 : 1;
  return variant === undefined ? usual : Number.parseFloat(variant.replace(/^v/u, ""));
}

/** Bytes. */
const LARGEST_LAYER = 8 * 2 ** 30;

/** Brings a layer of a base into the store. Throws a `Problem` where it is not what its digest says. */
export async function fetchLayer(
  { registry }: Base,
  { digest, size }: Descriptor,
  store: ImageStore,
  signal?: AbortSignal,
): Promise<void> {
  if (store.has(digest)) return;
  const request = fetching(registry, `blobs/${digest}`, signal);
  await store.keep(
    async (out) => {
      const sink = digestingSink(out);
      const bounds = { most: Math.min(size, LARGEST_LAYER), clock: registry.reach.clock };
      await fetchFile(
        request,
        ({ body }) => saveUpTo(body, sink.out, bounds),
        registry.reach,
        (attempt) => attempt(1),
      );
      const found = `sha256:${sink.digest().sha256}`;
      if (found !== digest) throw oddAnswer(request, `another layer than ${digest}`);
      return found;
    },
    (found) => found,
  );
}
