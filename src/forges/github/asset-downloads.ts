import { buffer } from "node:stream/consumers";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { Http, HttpResponse } from "../../world/world.ts";
import { get } from "../download.ts";
import { sha256Of } from "../read-back.ts";
import type { RemoteAsset } from "./repository.ts";

/** The files that GitHub has stored, and what they are. */
export class AssetDownloads {
  readonly #http: Http;
  readonly #token: Secret;
  readonly #home: string;
  readonly #digests = new Map<number, Promise<string>>();

  constructor(http: Http, apiUrl: string, token: Secret) {
    this.#http = http;
    this.#home = new URL(apiUrl).origin;
    this.#token = token;
  }

  /**
   * The sha256 in hex. GitHub tells it for most files; where it does not (older servers, old files) the file
   * is downloaded once, for a size alone proves nothing.
   */
  async digestOf(asset: RemoteAsset, signal?: AbortSignal): Promise<string> {
    if (asset.digest?.startsWith("sha256:") === true) return asset.digest.slice("sha256:".length);
    const known = this.#digests.get(asset.id) ?? this.#hash(asset, signal);
    this.#digests.set(asset.id, known);
    known.catch(() => this.#digests.delete(asset.id));
    return await known;
  }

  /** A whole file; for small ones. */
  async read(asset: RemoteAsset, signal?: AbortSignal): Promise<Uint8Array> {
    return await buffer((await this.#download(asset, signal)).body);
  }

  async #hash(asset: RemoteAsset, signal: AbortSignal | undefined): Promise<string> {
    return await sha256Of((await this.#download(asset, signal)).body);
  }

  async #download(asset: RemoteAsset, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const ask = {
      headers: { accept: "application/octet-stream", "user-agent": "go-release-action" },
      credentials: { authorization: `token ${this.#token.reveal()}` },
      home: this.#home,
    };
    const answer = await get(this.#http, asset.url, ask, signal);
    if (answer.status === 200) return answer;
    await answer.text();
    throw new Problem(
      "github-download",
      `${asset.name} could not be read back: status ${answer.status}`,
      { hint: "run it again: what was uploaded is kept in the draft" },
    );
  }
}
