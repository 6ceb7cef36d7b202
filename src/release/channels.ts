import { join } from "node:path";
import type {
  ChannelFile,
  ChannelMove,
  ChannelState,
  ReleasedDigests,
} from "../channels/channel.ts";
import { channelFormats } from "../channels/index.ts";
import type { Artifact } from "../model/artifact.ts";
import { type ChannelOutcome, channelName, type PlannedChannel } from "../model/channel.ts";
import { defined } from "../model/defined.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Pointing, ReleaseRun } from "./release-run.ts";

/** The files of every channel. */
export type ChannelFiles = ReadonlyMap<PlannedChannel, readonly ChannelFile[]>;

/** What channels will consist of, which shows what is wrong with it. Pure; throws a `Problem`. */
export function channelFiles({ channels }: Plan, digests: ReleasedDigests): ChannelFiles {
  return new Map(
    channels.map((planned) => [planned, channelFormats[planned.kind].files(planned, digests)]),
  );
}

/** Puts them beside the released files, to be looked at and to be tried before anybody else installs by them. */
export async function writeChannelFiles(
  archives: readonly Artifact[],
  { plan, output, world }: Pick<ReleaseRun, "plan" | "output" | "world">,
): Promise<ChannelFiles> {
  const digests = new Map(archives.map(({ name, sha256 }) => [name, sha256]));
  const all = channelFiles(plan, digests);
  for (const [{ kind }, files] of all) {
    const folder = join(output.staging, "channels", kind);
    await world.files.makeFolder(folder);
    for (const { name, text } of files) await world.files.write(join(folder, name), text);
  }
  return all;
}

/** Points every channel at the release that is visible now. What one cannot do keeps no other from it. */
export async function pointChannels(
  files: ChannelFiles,
  run: Pick<ReleaseRun, "plan" | "journal" | "signal" | "pointing">,
): Promise<Pick<Manifest, "channels">> {
  const { pointing } = run;
  if (pointing === undefined) return {};
  const channels: ChannelOutcome[] = [];
  for (const one of pointing.channels)
    channels.push(await outcomeOf(one, files.get(one.planned) ?? [], pointing, run));
  return { channels };
}

async function outcomeOf(
  { planned, channel }: Pointing["channels"][number],
  files: readonly ChannelFile[],
  { isNewest }: Pointing,
  { plan, journal, signal }: Pick<ReleaseRun, "plan" | "journal" | "signal">,
): Promise<ChannelOutcome> {
  const { kind, repository } = planned;
  const point = async (): Promise<ChannelState> =>
    await channel.point(files, await moveOf(plan, isNewest, signal), signal);
  try {
    const step = { kind: "channel", of: channelName(planned) } as const;
    const state = await journal.step(step, point, ({ detail }) => detail);
    return { kind, repository, ...state };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    const { message: detail, hint: cure } = error;
    return { kind, repository, result: "failed", ...defined({ detail, cure }) };
  }
}

/** What is not for everybody moves nothing that everybody installs from. */
async function moveOf(
  { release }: Plan,
  isNewest: Pointing["isNewest"],
  signal: AbortSignal,
): Promise<ChannelMove> {
  const { draft, prerelease, latest, tag } = release;
  if (draft) return { kind: "none", why: "the release is a draft" };
  if (prerelease) return { kind: "none", why: `${tag ?? ""} is a prerelease` };
  if (latest === true) return { kind: "asked" };
  if (latest === false) return { kind: "pinned", why: "`latest` is false" };
  if (await isNewest(signal)) return { kind: "newest" };
  return { kind: "pinned", why: `${tag ?? ""} is not the newest release` };
}
