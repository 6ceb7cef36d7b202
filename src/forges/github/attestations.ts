import { buffer } from "node:stream/consumers";
import { Problem } from "../../model/problem.ts";
import type { Asset } from "../forge.ts";
import type { ReleaseDesk } from "./desk.ts";
import type { Bundle } from "./entities.ts";
import { isRefusal } from "./errors.ts";

/**
 * Gives the provenance to the repository's attestations too, where `gh attestation verify` looks.
 * The release is complete without them: what goes wrong here is a notice, which is what it returns.
 */
export async function attest(
  { repository, again }: Pick<ReleaseDesk, "repository" | "again">,
  assets: readonly Asset[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const provenance = assets.find(({ kind }) => kind === "provenance");
  const subject = assets.find(({ kind }) => kind === "archive" || kind === "binary");
  if (provenance === undefined || subject === undefined) return [];
  try {
    const bundle = JSON.parse((await buffer(provenance.open())).toString("utf8")) as Bundle;
    await again(async () => {
      const kept = await repository.provenanceOf(subject.sha256, signal);
      if (!kept.some((other) => isSame(other, bundle))) await repository.attest(bundle, signal);
    }, signal);
    return [];
  } catch (error) {
    // Octokit wraps a run's end like a network's fault.
    signal?.throwIfAborted();
    if (!isRefusal(error) && !(error instanceof Problem)) throw error;
    const status = isRefusal(error) ? error.status : 0;
    return [
      `${provenance.name} is not in the repository's attestations: ${reason(status, error.message)}`,
    ];
  }
}

/** Other steps of a workflow may attest the same file. A list without bundles is taken to hold ours. */
function isSame(kept: Bundle | null | undefined, ours: Bundle): boolean {
  return (kept ?? undefined) === undefined || signatureOf(kept) === signatureOf(ours);
}

function signatureOf(bundle: Bundle | null | undefined): string | undefined {
  return bundle?.dsseEnvelope?.signatures?.[0]?.sig;
}

function reason(status: number, message: string): string {
  // A 403 is also how a plan without attestations answers, and says so.
  if (status === 403 && /not accessible/u.test(message))
    return "the token has no permission to write them; add `attestations: write` to the job's permissions";
  if (status === 404) return "this server or plan does not support attestations";
  return message;
}
