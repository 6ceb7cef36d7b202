import type { ChannelKind } from "../model/channel.ts";
import type { Channel, ChannelFormat, ChannelOptions } from "./channel.ts";
import { cask } from "./homebrew/cask.ts";
import { formula } from "./homebrew/homebrew.ts";
import { repositoryOf } from "./repositories/index.ts";
import { RepositoryChannel } from "./repository-channel.ts";
import { manifest } from "./scoop/scoop.ts";

/** Every channel. */
export const channelFormats = {
  homebrew: formula,
  "homebrew-cask": cask,
  scoop: manifest,
} satisfies Record<ChannelKind, ChannelFormat>;

/** A channel that can be written to. Throws a `Problem` for a token that never may. */
export function channelFor(options: ChannelOptions): Channel {
  const { planned } = options;
  return new RepositoryChannel(planned, channelFormats[planned.kind], repositoryOf(options));
}
