import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Download } from "../forges/download.ts";
import { downloads } from "../forges/index.ts";
import { isPlainName, isReleased } from "../model/names.ts";
import type { Destination } from "../model/plan.ts";
import { Problem, Usage } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";
import { apiOf, destinationOf } from "../plan/destination.ts";
import { filesOfFolder, type ReleasedFiles, type ReleaseSource } from "../verification/index.ts";
import { systemProblem } from "../world/errors.ts";
import type { Http } from "../world/world.ts";
import type { CommandContext } from "./context.ts";
import { gitFor } from "./git.ts";
import { isWithheld, tokenFor } from "./token.ts";

/** Fetches a published release into a temporary folder for as long as `use` needs it. */
export async function downloaded<T>(
  asked: string,
  call: CommandContext,
  use: (files: ReleasedFiles, source: ReleaseSource) => Promise<T>,
): Promise<T> {
  const { journal, signal, world } = call;
  const { destination, tag } = await releaseOf(asked, call);
  if (destination.forge === "directory") throw nowhere(asked);
  const token = tokenFor(destination, call);
  if (isWithheld(destination, call)) tellWithheld(destination, call);
  const folder = await world.files.temporary();
  try {
    const http: Http = (request) => reached(request.url, () => world.http(request), signal);
    const list = await downloads[destination.forge]({ destination, tag, token, http }, signal);
    // A run's own notes are never released: what comes by their name is somebody else's claim.
    for (const file of list.filter(({ name }) => isReleased(name))) {
      const { name } = file;
      assertPlain(name);
      await journal.step({ kind: "download", of: name }, async () => {
        const bytes = await file.open(signal);
        const sink = world.files.sink(join(folder, name));
        await reached(name, () => pipeline(upTo(bytes, file), sink, { signal }), signal);
      });
    }
    return await use(await filesOfFolder(folder, world.files), {
      forge: destination.forge,
      tag,
      repository: destination.repository,
      serverUrl: destination.serverUrl,
    });
  } finally {
    await world.files.remove(folder);
  }
}

/** Bytes; more than any forge takes. */
const LARGEST = 8 * 2 ** 30;

/** A file that does not end would fill the disk. */
async function* upTo(bytes: Readable, { name, size = LARGEST }: Download): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > size) {
      throw new Problem("download", `${name} is longer than the ${size} bytes that it may have`, {
        hint: "do not use it",
      });
    }
    yield chunk;
  }
}

/** A release that anybody may read needs no token: what it was wanted for may come without. */
function tellWithheld({ apiUrl }: Destination, { journal }: CommandContext): void {
  const message = `the token (GO_RELEASE_TOKEN) is not sent to ${apiUrl}; if it is for that server, say so with \`--api-url ${shellWord(apiUrl)}\``;
  journal.tell({ type: "notice", message });
}

/** What the network refuses is no bug of ours; a query may be a secret. */
async function reached<T>(what: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof Problem || systemProblem(cause) !== undefined) throw cause;
    throw new Problem("download", `${what.replace(/\?.*$/su, "")} cannot be downloaded`, {
      hint: "see whether the server is up and reachable from here (proxy, firewall), then run again",
      cause,
    });
  }
}

/** A URL as browsers show it, or the tag of the project that the inputs or `origin` tell. */
async function releaseOf(
  asked: string,
  call: CommandContext,
): Promise<{ destination: Destination; tag: string }> {
  const { config, host } = call;
  if (!URL.canParse(asked) || !/^https?:/u.test(asked)) {
    const remote = await (await gitFor(call)).remote();
    return {
      destination: destinationOf({ config, surroundings: host.surroundings }, remote),
      tag: asked,
    };
  }
  const url = new URL(asked);
  const [, repository, written = ""] =
    /^\/(.+?)(?:\/-)?\/releases\/(?:tag\/)?(.+)$/u.exec(url.pathname) ?? [];
  const tag = decoded(written);
  if (repository === undefined || tag === undefined) throw nowhere(asked);
  const forge = url.pathname.includes("/-/releases/") ? "gitlab" : "github";
  const apiUrl = config.settings.apiUrl ?? apiOf(forge, url.origin);
  return {
    destination: { forge, repository, serverUrl: url.origin, apiUrl, replace: false },
    tag,
  };
}

function decoded(tag: string): string | undefined {
  try {
    return decodeURIComponent(tag);
  } catch {
    return undefined;
  }
}

function nowhere(asked: string): Usage {
  return new Usage(
    `verify: ${asked} is neither a folder, nor a release's URL, nor a tag of a project that is known here`,
    {
      hint: "give a folder, https://github.com/OWNER/REPO/releases/tag/TAG, https://gitlab.com/GROUP/PROJECT/-/releases/TAG, or a tag with `--forge` and `--repository`",
    },
  );
}

/** A name from outside becomes a file of ours only when it is one, and no line of its own in a log. */
function assertPlain(name: string): void {
  if (isPlainName(name)) return;
  throw new Problem("download", `the release has a file named ${JSON.stringify(name)}`, {
    hint: "do not use it",
  });
}
