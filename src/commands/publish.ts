import { resolve } from "node:path";
import { reportRelease } from "../app/channels.ts";
import type { CommandHandler } from "../app/context.ts";
import { commitFilesFor } from "../app/git.ts";
import { openRun, prepare } from "../app/preparation.ts";
import { publishingFor } from "../app/publishing.ts";
import { readShardDigests } from "../config/shard-digests.ts";
import { findShards } from "../release/find-shards.ts";
import { matchShards } from "../release/match-shards.ts";
import { publish as story } from "../release.ts";
import { publishChannels } from "./publish-channels.ts";

/** Plans from its own checkout; of what shards hold only the bytes of archives are taken, and every one is examined. */
export const publish: CommandHandler = async (call) => {
  const { config, folder, host, world } = call;
  if (config.settings.channels) return await publishChannels(call);
  const { from, output, shardDigests } = config.settings;
  const folders = (from.length === 0 ? [output] : from).map((path) => resolve(folder, path));
  const found = await findShards(folders, world.files);
  const prepared = await prepare(call, { foreign: folders });
  const { plan, toolchain } = prepared;
  const sharded = matchShards(found, {
    plan,
    run: host.surroundings.run,
    digests: shardDigests === undefined ? undefined : readShardDigests(shardDigests),
  });
  const publishing = await publishingFor(prepared, call);
  const kept = found.map((shard) => shard.folder);
  const run = await openRun(plan, call, publishing, kept);
  const commitFiles = await commitFilesFor(call);
  const outer = { ...run, folder, commitFiles, toolchain };
  await reportRelease(await story(sharded, outer), run.output.path, call);
};
