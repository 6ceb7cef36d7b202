import type { KeyObject } from "node:crypto";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import type { Signing } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { Reach } from "../../net/exchange.ts";
import { assembleBundle } from "../bundles/assemble.ts";
import { keyHint } from "../bundles/key-hint.ts";
import { logFault } from "../bundles/key-type.ts";
import { verifyBundle } from "../bundles/verify.ts";
import type { Identity, ReaderTrust, Signer, Subject } from "../signer.ts";
import { LogConflict } from "../sigstore/rekor-v2.ts";
import { witnessesFor } from "../sigstore/witnesses.ts";
import { formatTrustedRoot } from "../trust/trusted-root.ts";
import type { HeldKey } from "./held-key.ts";
import { publicPem } from "./private-key.ts";

export interface KeyOptions {
  readonly signing: Signing;
  /** Reads the key, or asks the service that holds it. */
  readonly open: (signal?: AbortSignal) => HeldKey | Promise<HeldKey>;
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
  #held: HeldKey | undefined;

  constructor(options: KeyOptions, reach: Reach) {
    this.#options = options;
    this.#reach = reach;
  }

  async check(signal?: AbortSignal): Promise<void> {
    const { publicKey } = await this.#key(signal);
    assertLogged(publicKey, this.#options.signing);
    witnessesFor(this.#options.signing, this.#reach);
  }

  async sign(subject: Subject, signal?: AbortSignal): Promise<string> {
    const { publicKey, key } = await this.#key(signal);
    const pem = publicPem(publicKey);
    const credential = { key, proof: { kind: "key", pem, hint: keyHint(publicKey) } } as const;
    const witnesses = witnessesFor(this.#options.signing, this.#reach, signal);
    try {
      return await assembleBundle(subject, credential, witnesses, signal);
    } catch (error) {
      // ECDSA signs the same bytes differently each time; RSA does not, so its conflict would stay.
      if (!(error instanceof LogConflict) || publicKey.asymmetricKeyType !== "ec") throw error;
      return assembleBundle(subject, credential, witnesses, signal);
    }
  }

  async verify(subject: Subject, bundle: string): Promise<Identity> {
    const { signing, root } = this.#options;
    const { publicKey } = await this.#key();
    const log = signing.rekorUrl !== null;
    const trust = { kind: "key", publicKey, root, log } as const;
    const { subject: hint } = await verifyBundle(subject, bundle, trust);
    return { kind: "key", subject: hint };
  }

  async trust(): Promise<ReaderTrust> {
    const { publicKey } = await this.#key();
    return {
      publicKey: publicPem(publicKey),
      trustedRoot: formatTrustedRoot(this.#options.root),
    };
  }

  async #key(signal?: AbortSignal): Promise<HeldKey> {
    this.#held ??= await this.#options.open(signal);
    return this.#held;
  }
}

/** Told before anything is built, since the log would only say it once everything is. */
function assertLogged(key: KeyObject, { rekorUrl, rekorVersion }: Signing): void {
  const fault = rekorUrl === null ? undefined : logFault(key, rekorVersion);
  if (fault === undefined) return;
  throw new Problem("sign-key", fault, {
    hint: "use no log (`rekor-url: none`), or a key of ECDSA P-256 or of RSA with 2048, 3072 or 4096 bits",
  });
}
