import { createPublicKey, generateKeyPairSync } from "node:crypto";
import type { Clock } from "../../world/world.ts";
import { assembleBundle } from "../bundles/assemble.ts";
import type { Credential } from "../bundles/credential.ts";
import { keyHint } from "../bundles/key-hint.ts";
import { localKey } from "../bundles/signing-key.ts";
import { verifyBundle } from "../bundles/verify.ts";
import type { Identity, ReaderTrust, Signer, Subject } from "../signer.ts";
import { formatTrustedRoot } from "../trust/trusted-root.ts";
import { LocalLog } from "./log.ts";

/**
 * Signs with a key that is forgotten when the process ends, witnessed by a log that is forgotten too: the
 * whole path runs, and the result proves nothing.
 */
export function throwawaySigner(clock: Clock): Signer {
  return new ThrowawaySigner(clock);
}

class ThrowawaySigner implements Signer {
  readonly #credential: Credential;
  readonly #log: LocalLog;

  constructor(clock: Clock) {
    this.#credential = makeCredential();
    this.#log = new LocalLog(clock);
  }

  async check(): Promise<void> {}

  sign(subject: Subject): Promise<string> {
    return assembleBundle(subject, this.#credential, [this.#log]);
  }

  async verify(subject: Subject, bundle: string): Promise<Identity> {
    const publicKey = createPublicKey(this.#credential.proof.pem);
    const { subject: hint } = await verifyBundle(subject, bundle, {
      kind: "key",
      publicKey,
      root: this.#log.root(),
      log: true,
    });
    return { kind: "throwaway", subject: hint };
  }

  async trust(): Promise<ReaderTrust> {
    return {
      publicKey: this.#credential.proof.pem,
      trustedRoot: formatTrustedRoot(this.#log.root()),
    };
  }
}

function makeCredential(): Credential {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return { key: localKey(privateKey), proof: { kind: "key", pem, hint: keyHint(publicKey) } };
}
