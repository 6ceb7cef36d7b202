import { Readable, type Writable } from "node:stream";
import type { Entry } from "../archives/archive.ts";
import { tar } from "../archives/tar.ts";
import { writeStream } from "../archives/write-stream.ts";
import { canonical, type Descriptor, imageIndex } from "./documents.ts";
import type { BuiltImage } from "./made.ts";
import type { ImageStore } from "./store.ts";

/** Writes an image as an `oci-archive`: a tar of its layout (OCI image specification, "Image Layout"). */
export async function writeOciArchive(
  { planned, index, manifests, blobs }: BuiltImage,
  store: ImageStore,
  date: Date,
  out: Writable,
  signal?: AbortSignal,
): Promise<void> {
  const [tag] = planned.tags;
  const named: Descriptor = {
    ...index,
    ...(tag === undefined
      ? {}
      : { annotations: { "org.opencontainers.image.ref.name": tag.name } }),
  };
  const entries: readonly Entry[] = [
    textEntry("oci-layout", canonical({ imageLayoutVersion: "1.0.0" })),
    textEntry("index.json", imageIndex([named])),
    ...[index, ...manifests, ...blobs].map(
      ({ digest, size }): Entry => ({
        name: `blobs/${digest.replace(":", "/")}`,
        size,
        sha256: digest.replace("sha256:", ""),
        executable: false,
        open: () => store.open(digest),
      }),
    ),
  ];
  await writeStream(tar(entries, date, signal), [], out, signal);
}

function textEntry(name: string, text: string): Entry {
  const bytes = Buffer.from(text);
  return { name, size: bytes.length, executable: false, open: () => Readable.from([bytes]) };
}
