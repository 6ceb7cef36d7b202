import type { Descriptor } from "../documents.ts";
import type { BuiltImage } from "../made.ts";
import type { ImageStore } from "../store.ts";
import { putBlob } from "./blobs.ts";
import { putManifest } from "./manifests.ts";
import type { Registry } from "./registry.ts";

/** How a blob gets to the registry; the caller says how many go at once. */
type Upload = <T>(work: () => Promise<T>) => Promise<T>;

export interface Pushing {
  readonly store: ImageStore;
  readonly upload: Upload;
  /** The name of another repository of the registry that holds a blob. */
  readonly holder: (digest: string) => string | undefined;
  readonly signal?: AbortSignal;
}

/** Pushes an image by digest: layers, then what names them, then the index. No tag names it yet. */
export async function pushImage(
  { index, manifests, blobs }: BuiltImage,
  registry: Registry,
  { store, upload, holder, signal }: Pushing,
): Promise<void> {
  await Promise.all(
    blobs.map(({ digest, size }) =>
      upload(() =>
        putBlob(
          registry,
          { digest, size, from: holder(digest), open: (range) => store.open(digest, range) },
          signal,
        ),
      ),
    ),
  );
  const put = async (document: Descriptor) =>
    putManifest(registry, document, await store.text(document.digest), signal);
  await Promise.all(manifests.map((document) => upload(() => put(document))));
  await put(index);
}
