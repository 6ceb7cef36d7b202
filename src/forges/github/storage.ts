import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { Http, HttpResponse } from "../../world/world.ts";
import type { RemoteAsset } from "./repository.ts";

/** The files that GitHub has stored, and what they are. */
export class Storage {
  readonly #http: Http;
  readonly #token: Secret;
  readonly #digests = new Map<number, Promise<string>>();

  constructor(http: Http, token: Secret) {
    this.#http = http;
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
    const { body } = await this.#download(asset, signal);
    const hash = createHash("sha256");
    for await (const chunk of body as AsyncIterable<Buffer>) hash.update(chunk);
    return hash.digest("hex");
  }

  async #download(asset: RemoteAsset, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const answer = await this.#open(asset, signal);
    if (answer.status === 200) return answer;
    await answer.text();
    throw new Problem(
      "github-download",
      `${asset.name} could not be read back: status ${answer.status}`,
      { hint: "Run it again: what was uploaded is kept in the draft." },
    );
  }

  /** The token goes to the API alone, not to the storage that it redirects to. */
  async #open(asset: RemoteAsset, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const common = { method: "GET", ...(signal === undefined ? {} : { signal }) };
    const accept = "application/octet-stream";
    const answer = await this.#http({
      ...common,
      url: asset.url,
      headers: {
        accept,
        authorization: `token ${this.#token.reveal()}`,
        "user-agent": "go-release-action",
      },
    });
    const location = answer.headers["location"];
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer;
    await answer.text();
    return await this.#http({ ...common, url: location, headers: { accept } });
  }
}
