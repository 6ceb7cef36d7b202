import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toTrustMaterial } from "@sigstore/verify";
import { Problem } from "../../model/problem.ts";
import { publicGood } from "./public-good.ts";

/**
 * Reads sigstore's `trusted_root.json`, which people know by `name`; without text, the public good root that came with
 * this program. Throws a `Problem`.
 */
export function readTrustedRoot(text?: string, name = "`trusted-root`"): TrustedRoot {
  if (text === undefined) return begun(TrustedRoot.fromJSON(publicGood.root), name);
  const read = parsed(text);
  if (read !== undefined && /trustedroot/.test(read.mediaType)) {
    const root = begun(read, name);
    assertUsable(root, name);
    return root;
  }
  throw new Problem("trusted-root", `${name} is not sigstore's trusted_root.json`, {
    hint: 'give a file whose mediaType is "application/vnd.dev.sigstore.trustedroot+json;version=0.1"',
  });
}

/** Without logs that nobody says the beginning of: whatever time an entry names, they could vouch for it. */
function begun(root: TrustedRoot, name: string): TrustedRoot {
  const hasBegun = ({ publicKey }: TrustedRoot["tlogs"][number]) =>
    publicKey?.validFor?.start !== undefined;
  const [tlogs, ctlogs] = [root.tlogs.filter(hasBegun), root.ctlogs.filter(hasBegun)];
  // Without any log a time stamp alone would do.
  if (
    (root.tlogs.length > 0 && tlogs.length === 0) ||
    (root.ctlogs.length > 0 && ctlogs.length === 0)
  )
    throw new Problem("trusted-root", `${name} says of no log when it began`, {
      hint: "download the file again from where the services publish it",
    });
  return { ...root, tlogs, ctlogs };
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
