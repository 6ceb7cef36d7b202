import { type KeyObject, X509Certificate } from "node:crypto";
import type { Bundle } from "@sigstore/bundle";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import { PROVENANCE, SIGNATURE } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import { keyHint } from "../signers/bundles/key-hint.ts";
import {
  leafOf,
  readBundle,
  type Signatory,
  type Trust,
  verifyBundle,
} from "../signers/bundles/verify.ts";
import type { Subject } from "../signers/signer.ts";
import { GITHUB_ORGANIZATION } from "../signers/trust/github.ts";
import type { InstanceName } from "../signers/trust/obtain.ts";
import { publicGood } from "../signers/trust/public-good.ts";
import { emptyRoot, readTrustedRoot } from "../signers/trust/trusted-root.ts";
import { type ExpectedSigner, identityFaults, isSomebody, workflowFault } from "./expected.ts";
import { type ReleasedFiles, readText } from "./files.ts";
import { readPublicKey } from "./public-key.ts";
import type { Findings } from "./verdict.ts";

/** Verifies every bundle of a release; they all have to be of one signatory. Returns whose they are. */
export class SignatureCheck {
  readonly #expected: ExpectedSigner;
  readonly #findings: Findings;
  readonly #roots = new Map<InstanceName | undefined, Promise<TrustedRoot>>();
  readonly #key: KeyObject | undefined;
  readonly #signatories = new Map<string, Signatory>();
  #known: string | undefined;

  constructor(expected: ExpectedSigner, findings: Findings) {
    this.#expected = expected;
    this.#findings = findings;
    this.#key = expected.publicKey === undefined ? undefined : readPublicKey(expected.publicKey);
  }

  /** Returns the payload of a statement that verified. */
  async verify(name: string, files: ReleasedFiles): Promise<Uint8Array | undefined> {
    return this.#attempt(name, async () => {
      const before = this.#findings.faults.length;
      const text = await readText(files, name);
      const bundle = readBundle(text, name);
      const payload = payloadOf(bundle);
      const subject = subjectOf(name, payload, files);
      const signatory = await verifyBundle(subject, text, await this.#trustFor(bundle));
      this.#accept(signatory, name);
      this.#findings.passed(`the signature ${name}`, before);
      return payload;
    });
  }

  /** Returns the payload of a statement without asking who signed it. */
  async read(name: string, files: ReleasedFiles): Promise<Uint8Array | undefined> {
    return this.#attempt(name, async () =>
      payloadOf(readBundle(await readText(files, name), name)),
    );
  }

  async #attempt<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#findings.fault(name, error.message);
      return undefined;
    }
  }

  /** The trust root that anything depended on, as people know it; absent where the reader brought it. */
  get known(): string | undefined {
    return this.#known;
  }

  /** Whose the signatures are, when there are any and they agree. */
  signatory(): Signatory | undefined {
    const [first, ...others] = this.#signatories.values();
    if (others.length > 0)
      this.#findings.fault("signatures", "they are not all by the same signer");
    return first;
  }

  #rootOnce(instance?: InstanceName): Promise<TrustedRoot> {
    const root = this.#roots.get(instance) ?? this.#askedRoot(instance);
    this.#roots.set(instance, root);
    return root;
  }

  async #askedRoot(instance?: InstanceName): Promise<TrustedRoot> {
    const { trustedRoot, trust } = this.#expected;
    if (trustedRoot !== undefined) return readTrustedRoot(trustedRoot);
    const { trustedRoot: text, known } = (await trust?.(instance)) ?? EMBEDDED;
    this.#known = known;
    return readTrustedRoot(text);
  }

  async #trustFor(bundle: Bundle): Promise<Trust> {
    const { content, tlogEntries } = bundle.verificationMaterial;
    if (content.$case !== "publicKey")
      return { kind: "certificate", root: await this.#rootOnce(instanceOf(bundle)) };
    if (this.#key === undefined) {
      throw new Problem(
        "verify",
        `it was made with the key ${content.publicKey.hint}: pass its public key (\`key\`)`,
      );
    }
    const hint = keyHint(this.#key);
    if (content.publicKey.hint !== "" && content.publicKey.hint !== hint) {
      throw new Problem(
        "verify",
        `it was made with the key ${content.publicKey.hint}, not ${hint}`,
      );
    }
    // What a key signed stands by itself; where a log testifies to it, the log has to be right too.
    const log = tlogEntries.length > 0;
    return {
      kind: "key",
      publicKey: this.#key,
      root: log ? await this.#rootOnce() : emptyRoot(),
      log,
    };
  }

  #accept(signatory: Signatory, name: string): void {
    const { kind, subject, issuer: by } = signatory;
    // A run that took up where another stopped may have been started for another commit.
    this.#signatories.set(JSON.stringify([kind, subject, by]), signatory);
    const { publicKey, workflow } = this.#expected;
    if (signatory.kind === "key") {
      if (isSomebody(this.#expected)) {
        this.#findings.fault(name, "it was made with a key, not by the expected identity");
      }
      return;
    }
    const strange = workflow === undefined ? undefined : workflowFault(signatory, workflow);
    if (strange !== undefined) this.#findings.fault(name, strange);
    if (publicKey !== undefined) {
      this.#findings.fault(name, `it was made by ${signatory.subject}, not with the expected key`);
    }
    for (const fault of identityFaults(signatory, this.#expected))
      this.#findings.fault(name, fault);
  }
}

/** By whom the certificate says that it was issued; whether that is so, the instance's root decides. */
function instanceOf(bundle: Bundle): InstanceName | undefined {
  const leaf = leafOf(bundle);
  const parts = leaf === undefined ? [] : issuerOf(leaf).replaceAll("\\", "").split("\n");
  return parts.includes(`O=${GITHUB_ORGANIZATION}`) ? "github" : undefined;
}

/** What is no certificate is told as such when it is verified. */
function issuerOf(leaf: Buffer): string {
  try {
    return new X509Certificate(leaf).issuer;
  } catch {
    return "";
  }
}

/** What came with this program. */
const EMBEDDED = {
  trustedRoot: undefined,
  known: `sigstore's public good root of ${publicGood.date}, which came with this program`,
};

/** The statement in an envelope; undefined where it is a file that is signed. */
export function payloadOf({ content }: Bundle): Buffer | undefined {
  return content.$case === "dsseEnvelope" ? content.dsseEnvelope.payload : undefined;
}

function subjectOf(name: string, payload: Buffer | undefined, files: ReleasedFiles): Subject {
  if (name === PROVENANCE)
    return { kind: "statement", name, statement: payload ?? Buffer.alloc(0) };
  const signed = name.slice(0, -SIGNATURE.length);
  if (files.names.includes(signed)) {
    return { kind: "file", name: signed, open: () => files.open(signed) };
  }
  throw new Problem("verify", `it signs ${signed}, which is missing`);
}
