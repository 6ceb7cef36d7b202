import { createHash } from "node:crypto";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { Http, HttpResponse } from "../../world/world.ts";
import type { RemoteAsset } from "./repository.ts";

/**
 * The sha256 of stored files, in hex. GitHub tells it for most; where it does not (older servers, old
 * files) the file is downloaded once, for a size alone proves nothing.
 */
export class Digests {
  readonly #http: Http;
  readonly #token: Secret;
  readonly #known = new Map<number, Promise<string>>();

  constructor(http: Http, token: Secret) {
    this.#http = http;
    this.#token = token;
  }

  async of(asset: RemoteAsset, signal?: AbortSignal): Promise<string> {
    if (asset.digest?.startsWith("sha256:") === true) return asset.digest.slice("sha256:".length);
    const known = this.#known.get(asset.id) ?? this.#download(asset, signal);
    this.#known.set(asset.id, known);
    known.catch(() => this.#known.delete(asset.id));
    return await known;
  }

  async #download(asset: RemoteAsset, signal: AbortSignal | undefined): Promise<string> {
    const answer = await this.#open(asset, signal);
    if (answer.status !== 200) {
      await answer.text();
      throw new Problem("github-download", `${asset.name} could not be read back: status ${answer.status}`, {
        hint: "Run it again: what was uploaded is kept in the draft.",
      });
    }
    const hash = createHash("sha256");
    for await (const chunk of answer.body as AsyncIterable<Buffer>) hash.update(chunk);
    return hash.digest("hex");
  }

  /** The token goes to the API alone, not to the storage that it redirects to. */
  async #open(asset: RemoteAsset, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const common = { method: "GET", ...(signal === undefined ? {} : { signal }) };
    const accept = "application/octet-stream";
    const headers = { accept, authorization: `token ${this.#token.reveal()}`, "user-agent": "go-release-action" };
    const answer = await this.#http({ ...common, url: asset.url, headers });
    const location = answer.headers["location"];
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer;
    await answer.text();
    return await this.#http({ ...common, url: location, headers: { accept } });
  }
}
