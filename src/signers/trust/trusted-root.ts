import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toTrustMaterial } from "@sigstore/verify";
import { Problem } from "../../model/problem.ts";
import { publicGood } from "./public-good.ts";

/**
 * Reads sigstore's `trusted_root.json`, which people know by `name`; without text, the public good root that came with
 * this program. Throws a `Problem`.
 */
export function readTrustedRoot(text?: string, name = "`trusted-root`"): TrustedRoot {
  if (text === undefined) return TrustedRoot.fromJSON(publicGood.root);
  const root = parsed(text);
  if (root !== undefined && /trustedroot/.test(root.mediaType)) {
    assertUsable(root, name);
    return root;
  }
  throw new Problem("trusted-root", `${name} is not sigstore's trusted_root.json`, {
    hint: 'give a file whose mediaType is "application/vnd.dev.sigstore.trustedroot+json;version=0.1"',
  });
}

/** As it is read again. */
export function formatTrustedRoot(root: TrustedRoot): string {
  return JSON.stringify(TrustedRoot.toJSON(root));
}

function parsed(text: string): TrustedRoot | undefined {
  try {
    return TrustedRoot.fromJSON(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Keys and certificates are read before anything is built or a release is blamed. */
function assertUsable(root: TrustedRoot, name: string): void {
  try {
    toTrustMaterial(root);
  } catch (cause) {
    throw new Problem("trusted-root", `${name} contains a key or certificate that cannot be read`, {
      hint: "download the file again from where the services publish it",
      cause,
    });
  }
  if (root.tlogs.length + root.certificateAuthorities.length > 0) return;
  throw new Problem("trusted-root", `${name} contains no log and no certificate authority`, {
    hint: "download the file again from where the services publish it",
  });
}

/** Trusts nothing: for keys without a log. */
export function emptyRoot(): TrustedRoot {
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [],
    ctlogs: [],
    certificateAuthorities: [],
    timestampAuthorities: [],
  };
}
