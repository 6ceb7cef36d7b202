import { resolve } from "node:path";
import type { CommandHandler } from "../app/context.ts";
import { commitFilesFor } from "../app/git.ts";
import { openRun, prepare } from "../app/preparation.ts";
import { publishingFor } from "../app/publishing.ts";
import { report } from "../app/report.ts";
import { readShardDigests } from "../config/shard-digests.ts";
import { findShards } from "../release/find-shards.ts";
import { matchShards } from "../release/match-shards.ts";
import { publish as story } from "../release.ts";

/** Plans from its own checkout; of what shards hold only the bytes of archives are taken, and every one is examined. */
export const publish: CommandHandler = async (call) => {
  const { config, folder, host, world } = call;
  const { from, output, shardDigests } = config.settings;
  const folders = (from.length === 0 ? [output] : from).map((path) => resolve(folder, path));
  const found = await findShards(folders, world.files);
  const prepared = await prepare(call, { foreign: folders });
  const { plan } = prepared;
  const sharded = matchShards(found, {
    plan,
    run: host.surroundings.run,
    digests: shardDigests === undefined ? undefined : readShardDigests(shardDigests),
  });
  const publishing = await publishingFor(prepared, call);
  const kept = found.map((shard) => shard.folder);
  const run = await openRun(plan, call, publishing, kept);
  const commitFiles = await commitFilesFor(call);
  await report(await story(sharded, { ...run, folder, commitFiles }), run.output.path, call);
};
