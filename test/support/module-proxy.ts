import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { zip } from "../../src/archives/zip/zip.ts";
import { type Tree, temporaryFolder } from "./repository.ts";

/** A module proxy in a folder (go.dev/ref/mod, "GOPROXY protocol") with version v1.0.0 of each module; its URL. */
export async function moduleProxy(modules: Readonly<Record<string, Tree>>): Promise<string> {
  const folder = temporaryFolder();
  for (const [path, tree] of Object.entries(modules)) {
    const place = join(folder, path, "@v");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "list"), "v1.0.0\n");
    writeFileSync(join(place, "v1.0.0.info"), '{"Version":"v1.0.0"}');
    writeFileSync(join(place, "v1.0.0.mod"), tree["go.mod"] ?? "");
    const entries = Object.entries(tree).map(([name, text]) => ({
      name: `${path}@v1.0.0/${name}`,
      executable: false,
      size: Buffer.byteLength(text),
      open: () => Readable.from([Buffer.from(text)]),
    }));
    const out = createWriteStream(join(place, "v1.0.0.zip"));
    await zip.write(entries, new Date("2026-01-31T12:00:00Z"), out);
  }
  return `file://${folder}`;
}
