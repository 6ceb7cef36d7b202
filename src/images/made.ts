import type { PlannedImage, PlannedPlatform } from "../model/image.ts";
import {
  type BaseConfig,
  type Descriptor,
  imageConfig,
  imageIndex,
  imageManifest,
  type Layer,
  mediaTypes,
} from "./documents.ts";
import type { ImageStore } from "./store.ts";

/** What an image is built on, for one platform. */
export interface BasePlatform {
  readonly config: BaseConfig;
  readonly layers: readonly Descriptor[];
}

/** An image that is made: all its documents and its own layers are in the store. */
export interface BuiltImage {
  readonly planned: PlannedImage;
  readonly index: Descriptor;
  /** One for each platform. */
  readonly manifests: readonly Descriptor[];
  /** Configurations and layers, each once; those of the base among them. */
  readonly blobs: readonly Descriptor[];
}

/** What an image is made of, for one platform. */
export interface PlatformLayers {
  readonly platform: PlannedPlatform;
  readonly base?: BasePlatform | undefined;
  readonly layers: readonly Layer[];
}

/** Writes the documents of an image: a configuration and a manifest for each platform, and the index over them. */
export async function writeDocuments(
  planned: PlannedImage,
  parts: readonly PlatformLayers[],
  created: string,
  store: ImageStore,
): Promise<BuiltImage> {
  const annotations = Object.fromEntries(
    Object.entries(planned.labels).filter(([key]) => key.startsWith("org.opencontainers.image.")),
  );
  const blobs = new Map<string, Descriptor>();
  const manifests: Descriptor[] = [];
  for (const { platform, base, layers } of parts) {
    const text = imageConfig(planned, platform, layers, created, base?.config);
    const config = await store.put(mediaTypes.config, text);
    const all = [...(base?.layers ?? []), ...layers.map(({ descriptor }) => descriptor)];
    for (const blob of [config, ...all]) blobs.set(blob.digest, blob);
    const manifest = await store.put(mediaTypes.manifest, imageManifest(config, all, annotations));
    const { architecture, variant } = platform;
    manifests.push({
      ...manifest,
      platform: { os: "linux", architecture, ...(variant === undefined ? {} : { variant }) },
    });
  }
  const index = await store.put(mediaTypes.index, imageIndex(manifests, annotations));
  return { planned, index, manifests, blobs: [...blobs.values()] };
}
