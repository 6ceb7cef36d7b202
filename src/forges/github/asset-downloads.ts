import { defined } from "../../model/defined.ts";
import type { Secret } from "../../model/secret.ts";
import { bytesUpTo, sha256UpTo } from "../../net/body.ts";
import { fetchFile } from "../../net/follow.ts";
import type { HttpResponse } from "../../world/world.ts";
import type { RemoteAsset } from "./entities.ts";
import type { OctokitOptions } from "./octokit.ts";
import { USER_AGENT } from "./server.ts";

/** The files that GitHub has stored, and what they are. */
export class AssetDownloads {
  readonly #options: OctokitOptions;
  readonly #digests = new Map<number, Promise<string>>();

  constructor(options: OctokitOptions) {
    this.#options = options;
  }

  /**
   * The sha256 in hex. GitHub tells it for most files; where it does not (older servers, old files) the file
   * is downloaded once, for a size alone proves nothing.
   */
  async digestOf(asset: RemoteAsset, signal?: AbortSignal): Promise<string> {
    if (asset.digest?.startsWith("sha256:") === true) return asset.digest.slice("sha256:".length);
    const { clock } = this.#options.reach;
    const hash = ({ body }: HttpResponse) => sha256UpTo(body, { most: asset.size, clock });
    const known = this.#digests.get(asset.id) ?? this.#download(asset, hash, signal);
    this.#digests.set(asset.id, known);
    known.catch(() => this.#digests.delete(asset.id));
    return await known;
  }

  /** A whole file; for small ones. */
  async read(asset: RemoteAsset, signal?: AbortSignal): Promise<Uint8Array> {
    const bounds = { most: asset.size, clock: this.#options.reach.clock };
    return await this.#download(asset, ({ body }) => bytesUpTo(body, bounds), signal);
  }

  async #download<T>(
    { url, name }: RemoteAsset,
    read: (response: HttpResponse) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { apiUrl, token, server, reach, again } = this.#options;
    const request = defined({
      server,
      doing: `reading ${name} back`,
      url,
      home: apiUrl,
      headers: { accept: "application/octet-stream", "user-agent": USER_AGENT },
      credentials: authorization(token),
      signal,
    });
    return await fetchFile(request, read, reach, again);
  }
}

export function authorization(token: Secret): Record<string, string> {
  return { authorization: `token ${token.reveal()}` };
}
