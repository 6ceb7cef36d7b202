import { buffer } from "node:stream/consumers";
import type { Asset } from "../forge.ts";
import type { Desk } from "./desk.ts";
import { isRefusal } from "./refusals.ts";

/**
 * Gives the provenance to the repository's attestations too, where `gh attestation verify` looks.
 * The release is complete without them: what goes wrong here is a notice, which is what it returns.
 */
export async function attest(
  { repository }: Pick<Desk, "repository">,
  assets: readonly Asset[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const provenance = assets.find(({ kind }) => kind === "provenance");
  const subject = assets.find(({ kind }) => kind === "archive" || kind === "binary");
  if (provenance === undefined || subject === undefined) return [];
  try {
    if (((await repository.attestations(subject.sha256, signal)) ?? 0) > 0) return [];
    const bundle: unknown = JSON.parse((await buffer(provenance.open())).toString("utf8"));
    await repository.attest(bundle as Record<string, unknown>, signal);
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

function reason(status: number, message: string): string {
  if (status === 403)
    return "the token may not write them; add `attestations: write` to the job's permissions";
  if (status === 404) return "this server or plan keeps none";
  return message;
}
