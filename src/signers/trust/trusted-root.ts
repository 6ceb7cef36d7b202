import { TrustedRoot } from "@sigstore/protobuf-specs";
import { Problem } from "../../model/problem.ts";
import { publicGood } from "./public-good.ts";

/** Reads sigstore's `trusted_root.json`; without text, the public good root that came with this program. */
export function readTrustedRoot(text?: string): TrustedRoot {
  if (text === undefined) return TrustedRoot.fromJSON(publicGood.root);
  try {
    const root = TrustedRoot.fromJSON(JSON.parse(text));
    if (/trustedroot/.test(root.mediaType)) return root;
  } catch {
    // Told below.
  }
  throw new Problem("trusted-root", "`trusted-root` is not sigstore's trusted_root.json", {
    hint: 'give a file whose mediaType is "application/vnd.dev.sigstore.trustedroot+json;version=0.1"',
  });
}

/** Trusts nothing: for keys without a log. */
export const emptyRoot = (): TrustedRoot => ({
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  tlogs: [],
  ctlogs: [],
  certificateAuthorities: [],
  timestampAuthorities: [],
});
