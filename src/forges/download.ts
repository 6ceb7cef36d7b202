import type { Writable } from "node:stream";
import { defined } from "../model/defined.ts";
import type { Destination } from "../model/plan.ts";
import type { Secret } from "../model/secret.ts";
import { saveUpTo } from "../net/body.ts";
import { type Answer, type Reach, wholeAnswer } from "../net/exchange.ts";
import { type Fetching, fetchFile, fetchIfThere } from "../net/follow.ts";
import { BRISK, retry } from "../net/retry.ts";
import { ServerProblem } from "../net/server.ts";
import type { HttpResponse } from "../world/world.ts";

/** One file of a published release, as its consumers get it. */
export interface Download {
  readonly name: string;
  /** The last parts of its addresses: a link may be named for people. */
  readonly aliases: readonly string[];
  /** Writes it away, to a fresh sink for each try. Throws a `Problem`. */
  save(sink: () => Writable, signal?: AbortSignal): Promise<void>;
}

/** A release as its forge lists it; what somebody else added to it is among the files. */
export interface PublishedRelease {
  readonly tag: string;
  readonly files: readonly Download[];
}

/** Which release of which forge. */
export interface DownloadOptions {
  readonly destination: Pick<Destination, "repository" | "apiUrl">;
  /** Undefined: the latest release. */
  readonly tag: string | undefined;
  /** Only needed where the project is not public. */
  readonly token: Secret | undefined;
  readonly reach: Reach;
}

/** What a forge has of a release, or why it has none. */
export type ListDownloads = (
  options: DownloadOptions,
  signal?: AbortSignal,
) => Promise<PublishedRelease | { readonly missing: string }>;

/** One file as a forge's answer names it. */
export interface NamedFile {
  readonly name: string;
  readonly url: string;
  /** Bytes, where the forge tells. */
  readonly size?: number;
  readonly aliases?: readonly string[];
}

/** How a forge is asked for its releases. */
export interface ReleaseListing extends Omit<Fetching, "doing" | "signal"> {
  /** Headers for a file. */
  readonly fileHeaders: Readonly<Record<string, string>>;
  /** Throws a `Problem` for what is no release. */
  readonly read: (answer: Answer) => { readonly tag: string; readonly files: readonly NamedFile[] };
}

/** Bytes; more than any forge takes, for a file that does not end would fill the disk. */
const LARGEST = 8 * 2 ** 30;

/** A release as its forge lists it; what is no release is missing. */
export async function publishedRelease(
  { read, fileHeaders, ...source }: ReleaseListing,
  { destination, tag, reach }: DownloadOptions,
  signal: AbortSignal | undefined,
): Promise<PublishedRelease | { readonly missing: string }> {
  const again = retry(BRISK, reach);
  const doing = `reading the release ${tag ?? "latest"} of ${destination.repository}`;
  const asked = defined({ ...source, doing, signal });
  const whole = (response: HttpResponse) =>
    wholeAnswer({ ...asked, method: "GET" }, response, reach);
  const answer = await fetchIfThere(asked, whole, reach, again);
  if (answer === undefined) return { missing: "the server answered 404" };
  try {
    const { tag: found, files } = read(answer);
    const download = (file: NamedFile): Download => ({
      name: file.name,
      aliases: file.aliases ?? [],
      save: async (sink, during) => {
        const { url, size: most = LARGEST } = file;
        const fetching = {
          ...source,
          url,
          headers: fileHeaders,
          doing: `downloading ${file.name}`,
        };
        const saving = ({ body }: HttpResponse) =>
          saveUpTo(body, sink(), { most, clock: reach.clock });
        await fetchFile(defined({ ...fetching, signal: during }), saving, reach, again);
      },
    });
    return { tag: found, files: files.map(download) };
  } catch (error) {
    if (!(error instanceof ServerProblem)) throw error;
    return { missing: "the server returned something that is not a release" };
  }
}

/** The last part of a URL's path, which is the name of a file where it is one. */
export function lastPart(url: string): readonly string[] {
  const part = URL.canParse(url) ? new URL(url).pathname.split("/").at(-1) : undefined;
  return part === undefined || part === "" ? [] : [part];
}
