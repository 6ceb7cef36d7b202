import { channelFor } from "../channels/index.ts";
import { type ChannelOutcome, channelName, type PlannedChannel } from "../model/channel.ts";
import type { Manifest } from "../model/manifest.ts";
import type { MilestoneOutcome } from "../model/milestone.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";
import type { Pointing } from "../release/release-run.ts";
import type { CommandContext } from "./context.ts";
import { reachableForge } from "./forge.ts";
import { report } from "./report.ts";
import { isChosenServer, tokenFor } from "./token.ts";

/**
 * The plan's channels, each tried before anything is built: the repository, the token and what it may do. Undefined
 * where there are none, and in a dry run. Throws a `Problem`.
 */
export async function pointingFor(plan: Plan, call: CommandContext): Promise<Pointing | undefined> {
  const { journal, signal, world: reach } = call;
  if (plan.dryRun || plan.channels.length === 0) return undefined;
  const forge = await reachableForge(plan, call);
  if (forge === undefined) return undefined;
  const channels = plan.channels.map((planned) => ({
    planned,
    channel: channelFor({ planned, token: tokenOf(planned, plan, call), reach }),
  }));
  for (const { planned, channel } of channels) {
    const step = { kind: "check", of: channelName(planned) } as const;
    for (const message of await journal.step(step, () => channel.check(signal)))
      journal.tell({ type: "notice", message });
  }
  return { channels, isNewest: (during) => forge.isNewest(plan.release, during) };
}

/**
 * `tap-token` goes to the server that the caller named, the job's own or a public one; the release's token to the
 * release's own server alone.
 */
function tokenOf(planned: PlannedChannel, plan: Plan, call: CommandContext): Secret {
  const { kind, repository, apiUrl } = planned;
  const { settings } = call.config;
  if (settings.tapToken !== undefined) {
    const named = settings[kind]?.includes("://") === true;
    if (named || isChosenServer(planned, call)) return settings.tapToken;
    throw new Problem(
      "token-elsewhere",
      `\`tap-token\` is not sent to ${apiUrl}: nothing but the remote of the checkout names that server`,
      { hint: `if the token is for it, give the repository's whole address in \`${kind}\`` },
    );
  }
  const token = apiUrl === plan.destination.apiUrl ? tokenFor(plan.destination, call) : undefined;
  if (token !== undefined) return token;
  throw new Problem("channel-token", `no token for ${repository} (${kind})`, {
    hint: "set `tap-token` (the variable GO_RELEASE_TAP_TOKEN) to one that may write to it",
  });
}

/** Tells of a finished run, then of channels and milestones that failed. Throws a `Problem` where one did. */
export async function reportRelease(
  manifest: Manifest,
  output: string,
  call: CommandContext,
): Promise<void> {
  await report(manifest, output, call);
  assertPointed(manifest.channels ?? []);
  assertClosed(manifest.milestones ?? []);
}

function assertClosed(outcomes: readonly MilestoneOutcome[]): void {
  const failed = outcomes.filter(({ result }) => result === "failed");
  const [first] = failed;
  if (first === undefined) return;
  const lines = failed.map(({ title, detail = "" }) => `  ${title}: ${detail}`);
  throw new Problem(
    "milestones",
    ["the release is published, and milestones could not be closed:", ...lines].join("\n"),
    { hint: `${first.cure ?? "see why"}; then run it again: the release stays as it is` },
  );
}

export function assertPointed(outcomes: readonly ChannelOutcome[]): void {
  const failed = outcomes.filter(({ result }) => result === "failed");
  if (failed.length === 0) return;
  const lines = failed.map(
    (one) =>
      `  ${channelName(one)}: ${one.detail}${one.cure === undefined ? "" : `\n    ${one.cure}`}`,
  );
  throw new Problem(
    "channels",
    [
      `the release is published, and ${failed.length} of ${outcomes.length} channels could not be written:`,
      ...lines,
    ].join("\n"),
    { hint: "when that is fixed, run `publish --channels` with the same inputs: it does the rest" },
  );
}
