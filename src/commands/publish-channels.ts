import { assertPointed, pointingFor } from "../app/channels.ts";
import { type CommandHandler, printJson } from "../app/context.ts";
import { downloaded } from "../app/download.ts";
import { prepare } from "../app/preparation.ts";
import { digest } from "../checksums/digest.ts";
import { channelName } from "../model/channel.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { channelFiles, pointChannels } from "../release/channels.ts";
import type { ReleasedFiles, ReleaseSource } from "../verification/index.ts";
import { judge, unaccepted, unsound } from "./verify.ts";

/**
 * The channels of a release that is published already. Names come from the plan, digests from the release's own
 * files, once they are found to be sound as `verify` finds it.
 */
export const publishChannels: CommandHandler = async (call) => {
  const { journal, signal, config, print } = call;
  const { plan } = await prepare(call);
  const tag = publishedTag(plan);
  const pointing = await pointingFor(plan, call);
  const digests = await downloaded(tag, call, async (files, source) => {
    const verdict = await judge(files, call, source);
    if (verdict.faults.length > 0)
      throw unsound(
        tag,
        verdict.faults.map(({ file, message }) => `${file}: ${message}`),
      );
    if (verdict.unaccepted !== undefined)
      throw unaccepted(tag, verdict.unaccepted, verdict.signatory);
    assertOwn(plan, source);
    return await digestsOf(plan, files);
  });
  const files = channelFiles(plan, digests);
  if (pointing === undefined) {
    for (const { text } of [...files.values()].flat()) print(text);
    return;
  }
  const run = { plan, journal, signal, pointing };
  const { channels = [] } = await pointChannels(files, run);
  for (const { detail, result, ...one } of channels) {
    const message = `${channelName(one)}: ${result}, ${detail}`;
    if (result !== "failed") journal.tell({ type: "notice", message });
  }
  if (config.settings.json) printJson(call, channels);
  assertPointed(channels);
};

function publishedTag({ channels, release }: Plan): string {
  if (channels.length === 0)
    throw new Problem("no-channels", "--channels: the plan has no channel", {
      hint: "name one with `homebrew` or `scoop`",
    });
  if (release.tag !== null) return release.tag;
  throw new Problem("no-tag", "--channels: there is no release tag at HEAD", {
    hint: "check out the tag of the release, or give it with `tag`",
  });
}

/** What was verified is what the plan's addresses lead to. */
function assertOwn({ destination }: Plan, { repository, serverUrl }: ReleaseSource): void {
  if (destination.repository === repository && destination.serverUrl === serverUrl) return;
  throw new Problem(
    "channel-elsewhere",
    `the release that was found is of ${repository} on ${serverUrl}, and the plan is of ${destination.repository} on ${destination.serverUrl}`,
    { hint: "name the project with `forge`, `repository` and `api-url`" },
  );
}

async function digestsOf(
  { channels }: Plan,
  files: ReleasedFiles,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(channels.flatMap(({ downloads }) => downloads.map(({ file }) => file)));
  const digests = new Map<string, string>();
  for (const name of files.names.filter((one) => wanted.has(one)))
    digests.set(name, (await digest(() => files.open(name))).sha256);
  return digests;
}
