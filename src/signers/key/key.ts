import { createPublicKey, type KeyObject } from "node:crypto";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import type { Signing } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { Reach } from "../../net/exchange.ts";
import { assembleBundle } from "../bundles/assemble.ts";
import type { Credential } from "../bundles/credential.ts";
import { keyHint } from "../bundles/key-hint.ts";
import { logFault } from "../bundles/key-type.ts";
import { localKey } from "../bundles/signing-key.ts";
import { verifyBundle } from "../bundles/verify.ts";
import type { Identity, ReaderTrust, Signer, Subject } from "../signer.ts";
import { LogConflict } from "../sigstore/rekor-v2.ts";
import { witnessesFor } from "../sigstore/witnesses.ts";
import { formatTrustedRoot } from "../trust/trusted-root.ts";
import { publicPem, readPrivateKey } from "./private-key.ts";

export interface KeyOptions {
  readonly signing: Signing;
  readonly key: Secret;
  readonly password: Secret | undefined;
  /** What people know the key by: its path, or where it was given. */
  readonly name: string | undefined;
  /** What the log's answers are verified against. */
  readonly root: TrustedRoot;
}

/** Signs with a key of the user's, with or without a log that testifies to it. */
export function keySigner(options: KeyOptions, reach: Reach): Signer {
  return new KeySigner(options, reach);
}

class KeySigner implements Signer {
  readonly #options: KeyOptions;
  readonly #reach: Reach;
  #privateKey: KeyObject | undefined;

  constructor(options: KeyOptions, reach: Reach) {
    this.#options = options;
    this.#reach = reach;
  }

  async check(): Promise<void> {
    assertLogged(this.#key(), this.#options.signing);
    witnessesFor(this.#options.signing, this.#reach);
  }

  async sign(subject: Subject, signal?: AbortSignal): Promise<string> {
    const privateKey = this.#key();
    const credential = credentialOf(privateKey);
    const witnesses = witnessesFor(this.#options.signing, this.#reach, signal);
    try {
      return await assembleBundle(subject, credential, witnesses, signal);
    } catch (error) {
      // ECDSA signs the same bytes differently each time; RSA does not, so its conflict would stay.
      if (!(error instanceof LogConflict) || privateKey.asymmetricKeyType !== "ec") throw error;
      return assembleBundle(subject, credential, witnesses, signal);
    }
  }

  async verify(subject: Subject, bundle: string): Promise<Identity> {
    const { signing, root } = this.#options;
    const publicKey = createPublicKey(this.#key());
    const log = signing.rekorUrl !== null;
    const { subject: hint } = await verifyBundle(subject, bundle, {
      kind: "key",
      publicKey,
      root,
      log,
    });
    return { kind: "key", subject: hint };
  }

  trust(): ReaderTrust {
    return {
      publicKey: publicPem(this.#key()),
      trustedRoot: formatTrustedRoot(this.#options.root),
    };
  }

  #key(): KeyObject {
    const { key, password, name } = this.#options;
    this.#privateKey ??= readPrivateKey(key, password, name);
    return this.#privateKey;
  }
}

/** Told before anything is built, since the log would only say it once everything is. */
export function assertLogged(key: KeyObject, { rekorUrl, rekorVersion }: Signing): void {
  const fault = rekorUrl === null ? undefined : logFault(key, rekorVersion);
  if (fault === undefined) return;
  throw new Problem("sign-key", fault, {
    hint: "use no log (`rekor-url: none`), or a key of ECDSA P-256 or of RSA with 2048, 3072 or 4096 bits",
  });
}

function credentialOf(privateKey: KeyObject): Credential {
  const pem = publicPem(privateKey);
  return {
    key: localKey(privateKey),
    proof: { kind: "key", pem, hint: keyHint(createPublicKey(pem)) },
  };
}
