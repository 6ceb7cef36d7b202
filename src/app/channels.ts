import { AppChannel } from "../channels/app-channel.ts";
import type { Channel } from "../channels/channel.ts";
import { channelFor } from "../channels/index.ts";
import type { GitHubApp } from "../channels/repositories/github-app.ts";
import { channelName, type PlannedChannel } from "../model/channel.ts";
import type { MadeImage } from "../model/image.ts";
import type { Manifest } from "../model/manifest.ts";
import type { MilestoneOutcome } from "../model/milestone.ts";
import type { Plan } from "../model/plan.ts";
import { Problem, Usage } from "../model/problem.ts";
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
  const app = appOf(call);
  const channels = plan.channels.map((planned) => ({
    planned,
    channel:
      app === undefined
        ? channelFor({ planned, token: tokenOf(planned, plan, call), reach })
        : appChannel(planned, app, call),
  }));
  for (const { planned, channel } of channels) {
    const step = { kind: "check", of: channelName(planned) } as const;
    for (const message of await journal.step(step, () => channel.check(signal)))
      journal.tell({ type: "notice", message });
  }
  return { channels, isNewest: (during) => forge.isNewest(plan.release, during) };
}

function repositoriesOf(
  kind: PlannedChannel["kind"],
  { config: { settings } }: CommandContext,
): readonly string[] {
  return kind === "homebrew-cask" ? settings.homebrewCask : settings[kind];
}

function assertChosen(input: string, planned: PlannedChannel, call: CommandContext): void {
  const { kind, apiUrl } = planned;
  const named = repositoriesOf(kind, call).some((written) => isAddressOf(written, planned));
  if (named || isChosenServer(planned, call)) return;
  throw new Problem(
    "token-elsewhere",
    `\`${input}\` is not sent to ${apiUrl}: nothing but the remote of the checkout names that server`,
    { hint: `if it is for it, give the repository's whole address in \`${kind}\`` },
  );
}

/** The GitHub App that was given; undefined where none was. Throws a `Usage` for half of one, or a token beside it. */
function appOf({ config }: CommandContext): GitHubApp | undefined {
  const { tapAppId: id, tapAppPrivateKey: privateKey, tapToken } = config.settings;
  if (id === undefined && privateKey === undefined) return undefined;
  if (id === undefined || privateKey === undefined)
    throw new Usage("of tap-app-id and tap-app-private-key only one is given", {
      hint: "give both; the key in GO_RELEASE_TAP_APP_PRIVATE_KEY",
    });
  if (tapToken !== undefined)
    throw new Usage("`tap-token` and `tap-app-id` were both given: each says who writes", {
      hint: "leave one out",
    });
  return { id, privateKey };
}

function appChannel(planned: PlannedChannel, app: GitHubApp, call: CommandContext): Channel {
  const { repository, apiUrl, forge, kind, pullRequest: proposes } = planned;
  if (forge !== "github")
    throw new Problem(
      "channel-app",
      `${kind}: ${repository} is on GitLab, which knows no GitHub App`,
      {
        hint: "give `tap-token` instead",
      },
    );
  assertChosen("tap-app-private-key", planned, call);
  const { world: reach, host } = call;
  return new AppChannel({ app, repository, apiUrl, proposes, reach }, (token) => {
    host.mask(token);
    return channelFor({ planned, token, reach });
  });
}

/** Whether the caller wrote the whole address of a channel's server, e.g. `https://github.com/acme/homebrew-tap`. */
function isAddressOf(written: string, { serverUrl }: PlannedChannel): boolean {
  return URL.canParse(written) && new URL(written).origin === new URL(serverUrl).origin;
}

/**
 * `tap-token` goes to the server that the caller named, the job's own or a public one; the release's token to the
 * release's own server alone.
 */
function tokenOf(planned: PlannedChannel, plan: Plan, call: CommandContext): Secret {
  const { kind, repository, apiUrl } = planned;
  const { settings } = call.config;
  if (settings.tapToken !== undefined) {
    assertChosen("tap-token", planned, call);
    return settings.tapToken;
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
  assertPointed(manifest, isFinishable(manifest));
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

/** Whether `publish --channels` finds the digests of images: where the release is signed, on a forge. */
function isFinishable({ images = [], plan, identity }: Manifest): boolean {
  const told = plan.provenance && identity !== undefined;
  return plan.destination.forge !== "directory" && (told || images.length === 0);
}

/** Throws a `Problem` that names every channel which does not point at the release. */
export function assertPointed(
  { channels = [], images = [] }: Pick<Manifest, "channels" | "images">,
  finishable: boolean,
): void {
  const failed = [
    ...channels
      .filter(({ result }) => result === "failed")
      .map(({ detail, cure, ...one }) => ({ name: channelName(one), detail, cure })),
    ...images.filter(({ untagged }) => untagged.length > 0).map(unmoved),
  ];
  if (failed.length === 0) return;
  const lines = failed.map(
    ({ name, detail, cure }) => `  ${name}: ${detail}${cure === undefined ? "" : `\n    ${cure}`}`,
  );
  const total = channels.length + images.length;
  throw new Problem(
    "channels",
    [
      `the release is published, and ${failed.length} of ${total} channels could not be written:`,
      ...lines,
    ].join("\n"),
    {
      hint: finishable
        ? "when that is fixed, run `publish --channels` with the same inputs: it does the rest"
        : "when that is fixed, run it again: the release stays as it is, and the rest is done",
    },
  );
}

function unmoved({ repository, untagged, detail = "", cure }: MadeImage) {
  return {
    name: `image ${repository}`,
    detail: `${untagged.join(", ")} not moved: ${detail}`,
    cure,
  };
}
