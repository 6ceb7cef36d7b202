import type { Signing } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";
import type { CodeOrigin, IdentitySource } from "../model/surroundings.ts";
import type { Reach } from "../net/exchange.ts";
import type { KeyOptions } from "./key/key.ts";
import type { KeyServiceAccess } from "./kms/key-service.ts";
import type { KeyReference } from "./kms/reference.ts";
import type { Signer } from "./signer.ts";

/** What a signer may need besides the plan; secrets never enter the plan. */
export interface SigningMaterial {
  readonly identity?: IdentitySource;
  /** Of the code that runs, where that is known. */
  readonly code?: CodeOrigin;
  /** The text of a PEM key. */
  readonly key?: Secret;
  /** A key in a service instead, and what gives access to it. */
  readonly service?: { readonly reference: KeyReference; readonly access: KeyServiceAccess };
  /** What people know it by: its path, or where it was given. */
  readonly keyName?: string;
  readonly password?: Secret;
  /** The text of sigstore's trusted_root.json; the public good one when absent. */
  readonly trustedRoot?: string;
}

type Maker = (signing: Signing, material: SigningMaterial, reach: Reach) => Promise<Signer>;

const signers = {
  keyless: async (signing, { identity, code, trustedRoot }, reach) => {
    if (identity === undefined)
      throw new Problem("sign", "no identity token is available in this run");
    const { keylessSigner } = await import("./sigstore/keyless.ts");
    const { readTrustedRoot } = await import("./trust/trusted-root.ts");
    return keylessSigner({ signing, identity, code, root: readTrustedRoot(trustedRoot) }, reach);
  },
  key: async (signing, material, reach) => {
    const { keySigner } = await import("./key/key.ts");
    const { readTrustedRoot } = await import("./trust/trusted-root.ts");
    const open = await openerOf(material, reach);
    return keySigner({ signing, open, root: readTrustedRoot(material.trustedRoot) }, reach);
  },
  throwaway: async (_signing, _material, { clock }) => {
    const { throwawaySigner } = await import("./throwaway/throwaway.ts");
    return throwawaySigner(clock);
  },
} satisfies Record<Exclude<Signing["mode"], "none">, Maker>;

async function openerOf(
  { key, keyName, password, service }: SigningMaterial,
  reach: Reach,
): Promise<KeyOptions["open"]> {
  if (service !== undefined) {
    const { keyInService } = await import("./kms/index.ts");
    return (signal) => keyInService(service.reference, service.access, reach, signal);
  }
  if (key === undefined) throw new Problem("sign", "no signing key was given");
  const { keyInMemory } = await import("./key/held-key.ts");
  return () => keyInMemory(key, password, keyName);
}

/** The signer of a plan; undefined when nothing is signed. Throws a `Problem` when something is missing. */
export async function signerFor(
  signing: Signing,
  material: SigningMaterial,
  reach: Reach,
): Promise<Signer | undefined> {
  return signing.mode === "none" ? undefined : signers[signing.mode](signing, material, reach);
}
