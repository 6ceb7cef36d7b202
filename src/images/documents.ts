import type { PlannedImage, PlannedPlatform } from "../model/image.ts";

/** Media types of the OCI image specification 1.1. */
export const mediaTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  empty: "application/vnd.oci.empty.v1+json",
} as const;

/** How one document refers to another (OCI image specification, "Content descriptors"). */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:…`. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly platform?: {
    readonly os: string;
    readonly architecture: string;
    readonly variant?: string;
  };
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

/** One layer: its descriptor, what it is unpacked, and how it came to be. */
export interface Layer {
  readonly descriptor: Descriptor;
  /** `sha256:…` of the tar inside. */
  readonly diffId: string;
  /** One line for `docker history`. */
  readonly comment: string;
}

/** The part of a base's configuration that an image on it takes over. */
export interface BaseConfig {
  readonly config: Readonly<Record<string, unknown>>;
  readonly diffIds: readonly string[];
  readonly history: readonly unknown[];
}

const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The configuration of an image for one platform (OCI image specification, "Image Configuration"). */
export function imageConfig(
  image: PlannedImage,
  { architecture, variant }: PlannedPlatform,
  layers: readonly Layer[],
  created: string,
  base: BaseConfig = NOTHING,
): string {
  const { user, entrypoint, cmd, ports, labels } = image;
  const { Env, Labels, ExposedPorts, Cmd: _, Entrypoint: __, ...kept } = base.config;
  return canonical({
    architecture,
    ...(variant === undefined ? {} : { variant }),
    os: "linux",
    created,
    config: {
      ...kept,
      Env: Array.isArray(Env) && Env.length > 0 ? Env : [PATH],
      Entrypoint: entrypoint,
      ...(cmd.length === 0 ? {} : { Cmd: cmd }),
      ...(user === undefined ? {} : { User: user }),
      ...both(ExposedPorts, portsOf(ports), "ExposedPorts"),
      ...both(ownOf(Labels), labels, "Labels"),
    },
    rootfs: { type: "layers", diff_ids: [...base.diffIds, ...layers.map(({ diffId }) => diffId)] },
    history: [
      ...base.history,
      ...layers.map(({ comment }) => ({ created, created_by: "go-release", comment })),
    ],
  });
}

const NOTHING: BaseConfig = { config: {}, diffIds: [], history: [] };

function portsOf(ports: readonly string[]): Record<string, object> {
  return Object.fromEntries(ports.map((port) => [port.includes("/") ? port : `${port}/tcp`, {}]));
}

/** What a base says of itself is not true of what is built on it. */
function ownOf(labels: unknown): object {
  const all = Object.entries(Object(labels) as object);
  return Object.fromEntries(all.filter(([key]) => !key.startsWith("org.opencontainers.image.")));
}

function both(base: unknown, own: object, name: string): Record<string, object> {
  const all = { ...(typeof base === "object" ? base : {}), ...own };
  return Object.keys(all).length === 0 ? {} : { [name]: all };
}

export function imageManifest(
  config: Descriptor,
  layers: readonly Descriptor[],
  annotations: Readonly<Record<string, string>>,
): string {
  return canonical({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers,
    annotations,
  });
}

/** What a tag names: one image for each platform. */
export function imageIndex(
  manifests: readonly Descriptor[],
  annotations: Readonly<Record<string, string>> = {},
): string {
  return canonical({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  });
}

/** JSON with sorted keys and no blanks: one value has one digest. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
