import type { Secret } from "../model/secret.ts";
import type { Channel, ChannelFile, ChannelMove, ChannelState } from "./channel.ts";
import {
  type InstallationScope,
  installationToken,
  revokeToken,
} from "./repositories/github-app.ts";

/** A channel that is written to with a token of a GitHub App, which is made for each use and then taken back. */
export class AppChannel implements Channel {
  readonly #scope: InstallationScope;
  readonly #open: (token: Secret) => Channel;

  /** `open` is told every token before it is used. */
  constructor(scope: InstallationScope, open: (token: Secret) => Channel) {
    this.#scope = scope;
    this.#open = open;
  }

  async check(signal?: AbortSignal): Promise<readonly string[]> {
    return await this.#use((channel) => channel.check(signal), signal);
  }

  async point(
    files: readonly ChannelFile[],
    move: ChannelMove,
    signal?: AbortSignal,
  ): Promise<ChannelState> {
    return await this.#use((channel) => channel.point(files, move, signal), signal);
  }

  /** A release may take longer than a token lasts. */
  async #use<T>(work: (channel: Channel) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const token = await installationToken(this.#scope, signal);
    try {
      return await work(this.#open(token));
    } finally {
      await revokeToken(token, this.#scope);
    }
  }
}
