import type { Reach } from "../../net/exchange.ts";
import { fetchAnswer } from "../../net/follow.ts";
import { type RetryPolicy, retry } from "../../net/retry.ts";
import { type Server, ServerProblem } from "../../net/server.ts";

/** Who serves a repository's files; it is trusted with nothing. */
export interface Mirror {
  /** The bytes of a file, at most so many. Throws a `Problem`. */
  file(path: string, largest: number): Promise<Buffer>;
  /** Undefined where there is none. */
  fileIfThere(path: string, largest: number): Promise<Buffer | undefined>;
}

const server: Server = {
  name: "the TUF repository",
  code: "tuf-unavailable",
  again: "run it again later",
  secrets: [],
};

/** Milliseconds without a byte. */
const TIMEOUT = 5_000;
/** Whoever waits has another root to go by. */
const POLICY: RetryPolicy = { tries: 3, first: 300, patience: 3_000, within: 6_000 };

export function mirrorAt(url: string, reach: Reach, signal: AbortSignal): Mirror {
  const base = url.replace(/\/+$/u, "");
  const again = retry(POLICY, reach);
  const file = async (path: string, largest: number) => {
    const request = {
      server,
      url: `${base}/${path}`,
      doing: "reading sigstore's trust root",
      largest,
      timeout: TIMEOUT,
      signal,
    };
    const answer = await fetchAnswer(request, reach, again);
    // A login page is no metadata, and says nothing about it.
    answer.json();
    return answer.bytes;
  };
  return {
    file,
    fileIfThere: async (path, largest) => {
      try {
        return await file(path, largest);
      } catch (error) {
        // Stores of objects say 403 of what is not there (TUF specification 1.0.34 §5.3.3).
        const status = error instanceof ServerProblem ? error.status : undefined;
        if (status === 404 || status === 403) return undefined;
        throw error;
      }
    },
  };
}
