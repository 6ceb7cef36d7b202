import { Problem } from "../model/problem.ts";
import type { ReleasedDigests } from "./channel.ts";

/** The digest of a file that the plan names. Throws a `Problem` where the release has no such file. */
export function digestOf(name: string, digests: ReleasedDigests): string {
  const sha256 = digests.get(name);
  if (sha256 !== undefined) return sha256;
  throw new Problem("channel-file", `the release has no ${name}, which people would install`, {
    hint: "plan with the configuration and the inputs that the release was made with",
  });
}
