import { assertPointed, pointingFor } from "../app/channels.ts";
import { type CommandContext, type CommandHandler, printJson } from "../app/context.ts";
import { downloaded } from "../app/download.ts";
import { judge } from "../app/judge.ts";
import { prepare } from "../app/preparation.ts";
import { registriesFor } from "../app/registries.ts";
import { digest } from "../checksums/digest.ts";
import { manifestAt } from "../images/registry/manifests.ts";
import { defined } from "../model/defined.ts";
import type { ReleasedImage } from "../model/image.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { channelFiles, pointChannels } from "../release/channels.ts";
import { type ImageFinder, tagImages } from "../release/tag-images.ts";
import { channelLines } from "../report/channel-text.ts";
import type { ReleasedFiles, ReleaseSource, Verdict } from "../verification/index.ts";
import { unaccepted, unsound } from "./verify.ts";

/**
 * The channels of a release that is published already. Names come from the plan, digests from the release's own
 * files and its provenance, once they are found to be sound as `verify` finds it.
 */
export const publishChannels: CommandHandler = async (call) => {
  const { journal, signal, config, print } = call;
  const { plan } = await prepare(call);
  const tag = publishedTag(plan);
  const pointing = await pointingFor(plan, call);
  const registries = await registriesFor(plan, call);
  const released = await downloaded(tag, call, async (files, source) => {
    const { images } = await sound(tag, files, source, call);
    assertOwn(plan, source);
    return { digests: await digestsOf(plan, files), images };
  });
  const files = channelFiles(plan, released.digests);
  if (plan.dryRun) {
    for (const { text } of [...files.values()].flat()) print(text);
    return;
  }
  const run = { plan, journal, signal, images: { registries }, ...defined({ pointing }) };
  const images = plan.release.draft ? [] : await tagImages(statedIn(released.images, signal), run);
  const { channels = [] } = await pointChannels(files, run);
  for (const line of channelLines({ plan, images, channels }))
    journal.tell({ type: "notice", message: line });
  if (config.settings.json) printJson(call, [...channels, ...images]);
  assertPointed({ channels, images }, true);
};

async function sound(
  tag: string,
  files: ReleasedFiles,
  source: ReleaseSource,
  call: CommandContext,
): Promise<Verdict> {
  const verdict = await judge(files, call, source);
  const { faults, unaccepted: why, signatory } = verdict;
  if (faults.length > 0)
    throw unsound(
      tag,
      faults.map(({ file, message }) => `${file}: ${message}`),
    );
  if (why !== undefined) throw unaccepted(tag, why, signatory);
  return verdict;
}

/** By the digests that the release's provenance says. */
function statedIn(images: readonly ReleasedImage[], signal: AbortSignal): ImageFinder {
  return async ({ repository }, registry) => {
    const stated = images.find((image) => image.repository === repository);
    if (stated === undefined)
      throw new Problem("image-unstated", `the release's provenance names no ${repository}`, {
        hint: "run the release again: it makes the image and moves its tags",
      });
    const { digest } = stated;
    const found = await manifestAt(registry, digest, signal);
    if (found !== undefined) return { digest, mediaType: found.mediaType, text: found.text };
    throw new Problem("image-gone", `${repository}@${digest} is not in its registry`, {
      hint: "run the release again: it pushes the image and moves its tags",
    });
  };
}

function publishedTag({ channels, images = [], release }: Plan): string {
  if (channels.length + images.length === 0)
    throw new Problem("no-channels", "--channels: the plan has no channel", {
      hint: "name one with `homebrew`, `homebrew-cask`, `scoop` or `images`",
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
