import type { TrustedRoot } from "@sigstore/protobuf-specs";
import { defined } from "../../model/defined.ts";
import type { Signing } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { CodeOrigin, IdentitySource } from "../../model/surroundings.ts";
import type { Reach } from "../../net/exchange.ts";
import { assembleBundle } from "../bundles/assemble.ts";
import { verifyBundle } from "../bundles/verify.ts";
import type { Identity, ReaderTrust, Signer, Subject } from "../signer.ts";
import { formatTrustedRoot } from "../trust/trusted-root.ts";
import type { Claims } from "./claims.ts";
import { type Certified, certify, checkIssuer } from "./fulcio.ts";
import { type IdentityToken, obtainIdentityToken } from "./identity-token.ts";
import { LogConflict } from "./rekor-v2.ts";
import { assertSameCode } from "./same-code.ts";
import { serviceUrl } from "./url.ts";
import { witnessesFor } from "./witnesses.ts";

export interface KeylessOptions {
  readonly signing: Signing;
  readonly identity: IdentitySource;
  /** Of the code that runs, where that is known. */
  readonly code: CodeOrigin | undefined;
  readonly root: TrustedRoot;
}

/** Signs with a key that Fulcio certified for the run's own identity: one certificate for all files. */
export function keylessSigner(options: KeylessOptions, reach: Reach): Signer {
  return new KeylessSigner(options, reach);
}

/** Milliseconds of a certificate's life that are kept in reserve for the log and the timestamp authority. */
const RESERVE = 60_000;

class KeylessSigner implements Signer {
  readonly #options: KeylessOptions;
  readonly #reach: Reach;
  #claims: Claims | undefined;
  /** Whom our certificate names, once there is one. */
  #subject: string | undefined;
  #certificate: Promise<Certified> | undefined;
  #freshUntil = 0;

  constructor(options: KeylessOptions, reach: Reach) {
    this.#options = options;
    this.#reach = reach;
  }

  async check(signal?: AbortSignal): Promise<void> {
    const { fulcioUrl } = this.#options.signing;
    witnessesFor(this.#options.signing, this.#reach);
    const { claims } = await this.#identify(signal);
    await checkIssuer(serviceUrl("fulcio-url", fulcioUrl), claims, this.#reach, signal);
  }

  async sign(subject: Subject, signal?: AbortSignal): Promise<string> {
    const witnesses = witnessesFor(this.#options.signing, this.#reach, signal);
    const attempt = async () => assembleBundle(subject, await this.#certified(signal), witnesses);
    try {
      return await attempt();
    } catch (error) {
      // A try that timed out was written after all; another signature over the same bytes is a new entry.
      if (error instanceof LogConflict) return attempt();
      throw error;
    }
  }

  async verify(subject: Subject, bundle: string): Promise<Identity> {
    const { root } = this.#options;
    const by = await verifyBundle(subject, bundle, { kind: "certificate", root });
    const { issuer, names: likely } = this.#claims ?? (await this.#identify()).claims;
    const names = this.#subject === undefined ? likely : [this.#subject];
    if (by.issuer !== issuer || !names.includes(by.subject)) {
      const us = `${names.join(" or ")} (${issuer})`;
      throw new Problem(
        "verify",
        `${subject.name} was signed by ${by.subject} (${by.issuer ?? "no issuer"}), not by this run: ${us}`,
      );
    }
    return defined({ kind: "keyless", subject: by.subject, issuer, commit: by.source?.commit });
  }

  async trust(): Promise<ReaderTrust> {
    return { trustedRoot: formatTrustedRoot(this.#options.root) };
  }

  async #identify(signal?: AbortSignal): Promise<IdentityToken> {
    const { identity, signing } = this.#options;
    const token = await obtainIdentityToken(identity, signing.audience, this.#reach, signal);
    assertSameCode(token.claims, this.#options.code);
    this.#claims = token.claims;
    return token;
  }

  /** The run's certificate, made once however many files ask at a time, and again when its life is spent. */
  #certified(signal?: AbortSignal): Promise<Certified> {
    if (this.#certificate === undefined || this.#reach.clock.now() >= this.#freshUntil) {
      this.#freshUntil = Number.POSITIVE_INFINITY;
      this.#certificate = this.#request(signal);
    }
    return this.#certificate;
  }

  async #request(signal?: AbortSignal): Promise<Certified> {
    try {
      const token = await this.#identify(signal);
      const asked = this.#reach.clock.now();
      const url = serviceUrl("fulcio-url", this.#options.signing.fulcioUrl);
      const certified = await certify(url, token, this.#reach, signal);
      this.#subject = certified.subject;
      this.#freshUntil = asked + certified.lifetime - Math.min(RESERVE, certified.lifetime / 2);
      return certified;
    } catch (error) {
      this.#certificate = undefined;
      throw error;
    }
  }
}
