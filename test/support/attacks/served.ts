import type { Folder } from "../releases/folder.ts";
import { json, type Listener, listen } from "./listener.ts";

/**
 * A GitHub that has one release, in which anybody put what they liked: every tag that is asked for is this one, which
 * it says or has another name for.
 */
export async function served(folder: Folder, name?: string): Promise<Listener> {
  const files = Object.entries(folder).filter(([name]) => name !== "manifest.json");
  const server: Listener = await listen((request, response) => {
    const [, tag] = /\/releases\/tags\/(.+)$/u.exec(request.url ?? "") ?? [];
    const [, index] = /\/assets\/(\d+)$/u.exec(request.url ?? "") ?? [];
    const [, bytes] = files[Number(index)] ?? [];
    if (tag !== undefined) {
      const assets = files.map(([file, data], id) => ({
        id,
        name: file,
        size: Buffer.byteLength(data),
        url: `${server.origin}/assets/${id}`,
        browser_download_url: `${server.origin}/assets/${id}`,
      }));
      json(response, { tag_name: name ?? decodeURIComponent(tag), assets });
    } else if (bytes !== undefined) response.writeHead(200).end(bytes);
    else response.writeHead(404).end();
  });
  return server;
}
