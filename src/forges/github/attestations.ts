import { buffer } from "node:stream/consumers";
import type { Asset } from "../forge.ts";
import type { ReleaseDesk } from "./desk.ts";
import { isRefusal } from "./errors.ts";
import type { Bundle } from "./repository.ts";

/**
 * Gives the provenance to the repository's attestations too, where `gh attestation verify` looks.
 * The release is complete without them: what goes wrong here is a notice, which is what it returns.
 */
export async function attest(
  { repository }: Pick<ReleaseDesk, "repository">,
  assets: readonly Asset[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const provenance = assets.find(({ kind }) => kind === "provenance");
  const subject = assets.find(({ kind }) => kind === "archive" || kind === "binary");
  if (provenance === undefined || subject === undefined) return [];
  try {
    const bundle = JSON.parse((await buffer(provenance.open())).toString("utf8")) as Bundle;
    const kept = await repository.provenanceOf(subject.sha256, signal);
    if (kept.some((other) => isSame(other, bundle))) return [];
    await repository.attest(bundle, signal);
    return [];
  } catch (error) {
    // Octokit wraps a run's end like a network's fault.
    signal?.throwIfAborted();
    if (!isRefusal(error)) throw error;
    return [
      `${provenance.name} is not in the repository's attestations: ${reason(error.status, error.message)}`,
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
    return "the token may not write them; add `attestations: write` to the job's permissions";
  if (status === 404) return "this server or plan keeps none";
  return message;
}
