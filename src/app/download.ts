import { join } from "node:path";
import type { Download, PublishedRelease } from "../forges/download.ts";
import { downloads } from "../forges/index.ts";
import { originsOf } from "../git/remotes.ts";
import { defined } from "../model/defined.ts";
import { isPlainName, isReleased } from "../model/names.ts";
import { Problem, Usage } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";
import { type ReleaseAddress, readReleaseUrl } from "../plan/addresses/releases.ts";
import { destinationOf } from "../plan/destination.ts";
import {
  coveredBy,
  filesOfFolder,
  isEvidence,
  type ReleasedFiles,
  type ReleaseSource,
} from "../verification/index.ts";
import type { CommandContext } from "./context.ts";
import { gitFor } from "./git.ts";
import { isWithheld, tokenFor } from "./token.ts";

/**
 * Fetches a published release into a temporary folder for as long as `use` needs it: what its lists and signatures
 * speak of, and nothing else that somebody linked to it.
 */
export async function downloaded<T>(
  asked: string,
  call: CommandContext,
  use: (files: ReleasedFiles, source: ReleaseSource) => Promise<T>,
): Promise<T> {
  const { world } = call;
  const { destination, release } = await foundRelease(asked, call);
  const folder = await world.files.temporary();
  try {
    const files = await fetched(release, folder, call);
    const { forge, repository, serverUrl } = destination;
    return await use(files, { forge, tag: release.tag, repository, serverUrl });
  } finally {
    await world.files.remove(folder);
  }
}

interface FoundRelease {
  readonly destination: ReleaseDestination;
  readonly release: PublishedRelease;
}

/** On the first of the servers that have it. */
async function foundRelease(asked: string, call: CommandContext): Promise<FoundRelease> {
  const { signal, world } = call;
  const missing: string[] = [];
  const addresses = await addressesOf(asked, call);
  for (const { tag, ...destination } of addresses) {
    const token = tokenFor(destination, call);
    if (isWithheld(destination, call)) tellWithheld(destination, call);
    const list = downloads[destination.forge];
    const release = await list({ destination, tag, token, reach: world }, signal);
    if (!("missing" in release)) {
      if (tag !== undefined && release.tag !== tag) throw anotherTag(tag, release.tag);
      return { destination, release };
    }
    const { serverUrl, repository } = destination;
    missing.push(`${repository} on ${serverUrl}: ${release.missing}`);
  }
  throw notFound(addresses[0], missing);
}

/** Whom to expect is read from the tag that was asked for, not from what a server calls its answer. */
function anotherTag(asked: string, given: string): Problem {
  return new Problem(
    "download",
    `release ${asked} was requested, but the server returned ${given}`,
    {
      hint: "do not use it; request the release by its own tag",
    },
  );
}

function notFound(address: ReleaseAddress | undefined, places: readonly string[]): Problem {
  const what = address?.tag === undefined ? "no latest release" : `no release ${address.tag}`;
  const hint = address?.forge === "gitlab" ? GITLAB_HINT : GITHUB_HINT;
  return new Problem("download", `${what} of ${places.join("\n  nor of ")}`, { hint });
}

const GITHUB_HINT =
  "check the tag and the repository; a private one needs GO_RELEASE_TOKEN, or GITHUB_TOKEN on github.com; for other forges, download the files and verify the folder";
const GITLAB_HINT =
  "check the tag and the project; a private one needs GO_RELEASE_TOKEN, or GITLAB_TOKEN on gitlab.com; if GitLab is served under a path, also set `--api-url`; if a proxy rejects %2F, pass the project's numeric ID with `--repository`";

/** First what says which files there are, then these. */
async function fetched(
  { files }: PublishedRelease,
  folder: string,
  call: CommandContext,
): Promise<ReleasedFiles> {
  // A run's own notes are never released: what comes by their name is somebody else's claim.
  const offered = files.filter(({ name }) => isReleased(name));
  const evidence = offered.filter(({ name }) => isPlainName(name) && isEvidence(name));
  for (const file of evidence) await fetchFile(file.name, file, folder, call);
  const covered = await coveredBy(await filesOfFolder(folder, call.world.files));
  const taken = new Set(evidence);
  for (const name of covered) {
    const file =
      offered.find((one) => one.name === name) ??
      offered.find(({ aliases }) => aliases.includes(name));
    if (file === undefined || taken.has(file)) continue;
    assertPlain(name);
    taken.add(file);
    await fetchFile(name, file, folder, call);
  }
  const others = offered.filter((file) => !taken.has(file)).map(({ name }) => name);
  return { ...(await filesOfFolder(folder, call.world.files)), others };
}

async function fetchFile(
  name: string,
  file: Download,
  folder: string,
  { journal, signal, world }: CommandContext,
): Promise<void> {
  const sink = () => world.files.sink(join(folder, name));
  await journal.step({ kind: "download", of: name }, () => file.save(sink, signal));
}

/** A release that anybody may read needs no token: what it was wanted for may come without. */
function tellWithheld({ apiUrl }: ReleaseDestination, { journal }: CommandContext): void {
  const message = `the token (GO_RELEASE_TOKEN) is not sent to ${apiUrl}; if it belongs to that server, pass \`--api-url ${shellWord(apiUrl)}\``;
  journal.tell({ type: "notice", message });
}

type ReleaseDestination = Pick<ReleaseAddress, "forge" | "repository" | "serverUrl" | "apiUrl">;

/** A URL as browsers show it, or the tag of the project that the inputs or `origin` tell. */
async function addressesOf(
  asked: string,
  call: CommandContext,
): Promise<readonly ReleaseAddress[]> {
  const { config, host } = call;
  const { surroundings } = host;
  const { apiUrl } = config.settings;
  const addresses = readReleaseUrl(asked, defined({ apiUrl, home: surroundings }));
  if (addresses !== undefined) return addresses;
  const origin = await originsOf(await gitFor(call), call.env, call.folder, call.world);
  const { forge, ...destination } = destinationOf({ config, surroundings }, origin);
  if (forge === "directory") throw nowhere(asked);
  return [{ ...destination, forge, tag: asked }];
}

function nowhere(asked: string): Usage {
  return new Usage(
    `verify: ${asked} is neither a folder, nor the URL of a release, nor a tag of a known project`,
    {
      hint: "give a folder, https://github.com/OWNER/REPO/releases/tag/TAG, https://gitlab.com/GROUP/PROJECT/-/releases/TAG, or a tag with `--forge` and `--repository`",
    },
  );
}

/** A name from outside becomes a file of ours only when it is one, and no line of its own in a log. */
function assertPlain(name: string): void {
  if (isPlainName(name)) return;
  throw new Problem("download", `the release has a file named ${JSON.stringify(name)}`, {
    hint: "do not use this release",
  });
}
