import type { Channel, ReleasedDigests } from "../../src/channels/channel.ts";
import { channelFor } from "../../src/channels/index.ts";
import type { RepositoryChannel } from "../../src/channels/repository-channel.ts";
import type { InputName } from "../../src/config/inputs.ts";
import type { Facts } from "../../src/facts/facts.ts";
import type { Plan } from "../../src/model/plan.ts";
import { Secret } from "../../src/model/secret.ts";
import { plan } from "../../src/plan/plan.ts";
import { channelFiles } from "../../src/release/channels.ts";
import { http } from "../../src/world/node/http.ts";
import { random } from "../../src/world/node/random.ts";
import type { Http } from "../../src/world/world.ts";
import { configOf, factsOf, gitWith, TERMINAL } from "./facts.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface PlannedRelease {
  readonly flags?: Partial<Record<InputName, unknown>>;
  readonly facts?: Partial<Facts>;
  readonly tag?: string;
  /** Of the server, e.g. a fake's. */
  readonly server?: string;
}

const METADATA = "description=A tool that does things.\nlicense=MIT";

/** A plan of a release on GitHub with the channels that `flags` ask for. */
export function plannedRelease({
  flags = {},
  facts = {},
  tag = "v1.2.3",
  server,
}: PlannedRelease = {}): Plan {
  const config = configOf({
    tag,
    forge: "github",
    repository: "octo/tool",
    metadata: METADATA,
    ...(server === undefined ? {} : { apiUrl: server }),
    ...flags,
  });
  const seen = factsOf({ git: gitWith([tag]), ...facts });
  return plan({ config, facts: seen, surroundings: TERMINAL, generator: "1.0.0" });
}

/** A digest of 64 digits for every archive, each another one. */
export function digestsFor({ archives }: Plan): ReleasedDigests {
  return new Map(archives.map(({ name }, index) => [name, `${index + 1}`.padStart(64, "0")]));
}

/** The text of a channel's first file. */
export function textOf(planned: Plan, digests = digestsFor(planned)): string {
  return [...channelFiles(planned, digests).values()][0]?.[0]?.text ?? "";
}

export interface OpenChannel {
  readonly channel: Channel;
  readonly files: Parameters<RepositoryChannel["point"]>[0];
}

/** The plan's first channel, over the network. */
export function openChannel(
  planned: Plan,
  token: string,
  through: (way: Http) => Http = (way) => way,
  clock = new VirtualClock(),
): OpenChannel {
  const [first] = planned.channels;
  if (first === undefined) throw new Error("the plan has no channel");
  const reach = { http: through(http), clock, random };
  const files = channelFiles(planned, digestsFor(planned)).get(first) ?? [];
  return { channel: channelFor({ planned: first, token: new Secret(token), reach }), files };
}
