import { defined } from "../model/defined.ts";
import { patternOf } from "../model/pattern.ts";
import type { CertifiedSource } from "../signers/bundles/certified-source.ts";
import type { Signatory } from "../signers/bundles/verify.ts";
import type { InstanceName } from "../signers/trust/obtain.ts";

/** Whom the reader expects to have signed. */
export interface ExpectedSigner {
  /** The certificate's subject alternative name, to the letter. */
  readonly identity?: string;
  readonly issuer?: string;
  /** The same as regular expressions, which have to fit the whole of it. */
  readonly identityPattern?: string;
  readonly issuerPattern?: string;
  /** PEM (SPKI), as in cosign.pub. */
  readonly publicKey?: string;
  /** The run that has to have signed, where nobody said another identity. */
  readonly workflow?: ExpectedWorkflow;
  /** Whether anybody may have signed, or nobody: then only damage is found. */
  readonly anySigner?: boolean;
  /** The text of sigstore's trusted_root.json, where the reader brought one. */
  readonly trustedRoot?: string;
  /** Where nobody did, who says it; asked only for what depends on it. The root that came with us when absent. */
  readonly trust?: (instance?: InstanceName) => Promise<ReaderRoot>;
  /** Whether a reader may have fetched some of the files only: what is not here is told, and is no fault. */
  readonly partial?: boolean;
  /** What was asked for: provenance must speak of this tag of this repository. */
  readonly source?: ReleaseSource;
}

/** Whom to trust, and how people know it. */
export interface ReaderRoot {
  /** The text of trusted_root.json. */
  readonly trustedRoot: string;
  readonly known: string;
}

/** Which release was asked for. */
export interface ReleaseSource {
  readonly forge: "github" | "gitlab";
  readonly tag: string;
  readonly repository: string;
  readonly serverUrl: string;
}

/** A run of a repository's own workflow, for a tag. */
export interface ExpectedWorkflow {
  /** URL of the repository. */
  readonly repository: string;
  /** `refs/tags/TAG`. */
  readonly ref: string;
  /** Who says so: the forge's issuer of identity tokens. */
  readonly issuer: string;
}

/** Who signs a project's releases: its own runs for that tag. Undefined for a project that is known by number alone. */
export function expectedWorkflow(source: ReleaseSource): ExpectedWorkflow | undefined {
  const { repository, serverUrl, tag } = source;
  if (/^\d+$/u.test(repository)) return undefined;
  const server = serverUrl.replace(/\/+$/u, "");
  return {
    repository: `${server}/${repository}`,
    ref: `refs/tags/${tag}`,
    issuer: issuerOf(source.forge, server),
  };
}

/** The issuer of the tokens that a forge's jobs are given (docs.github.com and docs.gitlab.com, "OpenID Connect"). */
function issuerOf(forge: ReleaseSource["forge"], server: string): string {
  if (forge === "gitlab") return server;
  if (server === "https://github.com") return "https://token.actions.githubusercontent.com";
  return server.endsWith(".ghe.com")
    ? server.replace("https://", "https://token.actions.")
    : `${server}/_services/token`;
}

/** In which way a signature is not the expected run's; undefined when it is. */
export function workflowFault(
  { subject, issuer = "none", source }: Signatory,
  expected: ExpectedWorkflow,
): string | undefined {
  // An enterprise may have its name added to the issuer's.
  if (issuer !== expected.issuer && !issuer.startsWith(`${expected.issuer}/`))
    return `its issuer is ${issuer}, expected ${expected.issuer}`;
  const { repository, ref } = { ...sourceIn(subject), ...certifiedIn(source) };
  if (repository.toLowerCase() === expected.repository.toLowerCase() && ref === expected.ref)
    return undefined;
  return `it was made by ${subject}, a run of ${repository} for ${ref ?? "no ref"}; expected one of ${expected.repository} for ${expected.ref}`;
}

/** Whether the reader expects somebody, and not a key. */
export function isSomebody(expected: ExpectedSigner): boolean {
  const { identity, issuer, identityPattern, issuerPattern, workflow } = expected;
  return [identity, issuer, identityPattern, issuerPattern, workflow].some(
    (one) => one !== undefined,
  );
}

/** In which ways a certificate is not whom the reader named. */
export function identityFaults(
  { subject, issuer = "none" }: Signatory,
  expected: ExpectedSigner,
): readonly string[] {
  const by = (fits: string) => `it was made by ${subject}, expected ${fits}`;
  const from = (fits: string) => `its issuer is ${issuer}, expected ${fits}`;
  return [
    ...faultOf(subject, expected.identity, expected.identityPattern, by),
    ...faultOf(issuer, expected.issuer, expected.issuerPattern, from),
  ];
}

function faultOf(
  actual: string,
  text: string | undefined,
  pattern: string | undefined,
  fault: (fits: string) => string,
): readonly string[] {
  const isText = text === undefined || text === actual;
  // As a whole: what fits only a part of it is whoever can put that part into a name of their own.
  const isFit = pattern === undefined || patternOf(pattern, { whole: true }).test(actual);
  return [...(isText ? [] : [fault(text)]), ...(isFit ? [] : [fault(`what fits ${pattern}`)])];
}

/** Repository and ref belong together: where the one is certified, the other is not guessed. */
function certifiedIn(source: CertifiedSource | undefined) {
  return source?.repository === undefined ? {} : { repository: source.repository, ref: source.ref };
}

/** The same by the workflow's own name, where the authority certifies no more: `REPOSITORY/FILE@REF`. */
function sourceIn(subject: string): { readonly repository: string; readonly ref?: string } {
  const [, scheme = "", path = ""] = /^(https?:\/\/)(.*)$/su.exec(subject) ?? [];
  const [, repository, ref] =
    /^(.+?)(?:\/\.github\/workflows\/[^/@]+|\/\/[^@]+)@(refs\/.+)$/su.exec(path) ?? [];
  return repository === undefined
    ? { repository: subject }
    : defined({ repository: scheme + repository, ref });
}
