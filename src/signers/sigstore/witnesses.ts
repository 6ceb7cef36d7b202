import type { Witness } from "@sigstore/sign";
import type { Signing } from "../../model/plan.ts";
import type { Reach } from "../../net/exchange.ts";
import { rekorV1 } from "./rekor-v1.ts";
import { rekorV2 } from "./rekor-v2.ts";
import { timestampAuthority } from "./timestamps.ts";
import { serviceUrl } from "./url.ts";

/** Everybody who testifies to a signature: the log and the timestamp authority that the plan names. */
export function witnessesFor(
  { rekorUrl, rekorVersion, tsaUrl }: Pick<Signing, "rekorUrl" | "rekorVersion" | "tsaUrl">,
  reach: Reach,
  signal?: AbortSignal,
): readonly Witness[] {
  const witnesses: Witness[] = [];
  if (rekorUrl !== null) {
    const rekor = rekorVersion === 2 ? rekorV2 : rekorV1;
    witnesses.push(rekor(serviceUrl("rekor-url", rekorUrl), reach, signal));
  }
  if (tsaUrl !== null) {
    witnesses.push(timestampAuthority(serviceUrl("tsa-url", tsaUrl), reach, signal));
  }
  return witnesses;
}
