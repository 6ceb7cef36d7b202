import type { CommandHandler } from "../app/context.ts";
import { openGoRun, prepare } from "../app/preparation.ts";
import { report } from "../app/report.ts";
import type { Shard } from "../model/manifest.ts";
import { Problem } from "../model/problem.ts";
import { planDigest } from "../plan/plan-digest.ts";
import { build as story } from "../release.ts";

export const build: CommandHandler = async (call) => {
  const shard = shardOf(call.config.settings.shard);
  const prepared = await prepare(call, { inParts: true, building: true });
  const archives = prepared.plan.archives.length;
  if (shard.index > archives) {
    throw new Problem(
      "shard-empty",
      `shard ${shard.index}/${shard.count} has nothing to build: the plan has ${archives} archives`,
      { hint: `use at most ${archives} shards; \`plan --shards N\` prints a fitting matrix` },
    );
  }
  const run = await openGoRun(prepared, call);
  const claim = {
    ...shard,
    plan: planDigest(prepared.plan),
    run: call.host.surroundings.run ?? null,
  };
  await report(await story(run, claim), run.output.path, call);
};

/** `2/5`, checked where it was given. */
function shardOf(written: string | undefined): Shard {
  const [index = 1, count = 1] = (written ?? "1/1").split("/").map(Number);
  return { index, count };
}
