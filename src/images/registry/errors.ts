import { Problem } from "../../model/problem.ts";
import type { Answer } from "../../net/exchange.ts";
import { plainWords } from "../../net/words.ts";
import type { RegistryCredentials } from "./credentials.ts";

/** What a request to a registry was about. */
export interface Refused {
  /** For people, e.g. `pushing a layer`. */
  readonly doing: string;
  readonly host: string;
  /** Of the repository. */
  readonly name: string;
  readonly credentials: RegistryCredentials | undefined;
  /** Whether nothing is written there. */
  readonly readOnly: boolean;
  /** The tag that was to be moved. */
  readonly tag?: string | undefined;
}

interface Reason {
  readonly status: readonly number[];
  /** Of the registry's own codes and words. */
  readonly says?: RegExp;
  readonly fits?: (refused: Refused) => boolean;
  readonly code: string;
  readonly words: (refused: Refused) => string;
  readonly hint: (refused: Refused) => string;
}

const GITHUB = /^ghcr\.io$/u;

/** Read from the top: the first row that fits explains the refusal. */
const reasons: readonly Reason[] = [
  {
    status: [400, 403, 405, 409, 412],
    says: /immutable|already exists|overwrit|cannot be (changed|moved|updated)/iu,
    fits: ({ tag }) => tag !== undefined,
    code: "registry-tag-immutable",
    words: ({ tag }) =>
      `the tag ${tag} names another image, and this registry lets no tag be moved`,
    hint: () =>
      "release a new version, leave that tag out of `tags`, or let the registry's settings allow it to be moved",
  },
  {
    status: [401, 403],
    fits: ({ readOnly }) => readOnly,
    code: "registry-reading",
    words: ({ credentials, name }) =>
      `${credentials === undefined ? "who does not log in" : credentials.origin} may not read ${name}, or there is no such image`,
    hint: ({ host }) =>
      `for a private one give \`--registry ${host}\`, \`--registry-user\` and GO_RELEASE_REGISTRY_PASSWORD`,
  },
  {
    status: [401],
    fits: ({ credentials }) => credentials === undefined,
    code: "registry-credentials",
    words: ({ host }) => `it asks who pushes, and there are no credentials for ${host}`,
    hint: ({ host }) =>
      `log in before with \`docker login ${host}\`, or give \`registry: ${host}\`, \`registry-user\` and GO_RELEASE_REGISTRY_PASSWORD`,
  },
  {
    status: [401, 403],
    fits: ({ host }) => GITHUB.test(host),
    code: "registry-permission",
    words: ({ credentials, name }) => `${credentials?.origin} may not push to ${name}`,
    hint: () =>
      "add `packages: write` to the job's `permissions`; a package that is there already also needs this repository under its settings, Manage Actions access, with the role Write",
  },
  {
    status: [401],
    code: "registry-credentials",
    words: ({ credentials }) =>
      `${credentials?.origin} is not accepted: the password is wrong, expired or revoked, or its user may not push`,
    hint: ({ host }) => `log in again, or renew the password; it was found by the host ${host}`,
  },
  {
    status: [403],
    code: "registry-permission",
    words: ({ credentials, name }) =>
      `${credentials === undefined ? "who does not log in" : credentials.origin} may not push to ${name}`,
    hint: () => "give that user the right to push there, or correct `repository` in `images`",
  },
  {
    status: [400, 404],
    says: /NAME_INVALID|invalid repository name|REPOSITORY_NAME/iu,
    code: "registry-name",
    words: ({ name }) => `this registry does not take the name ${name}`,
    hint: () => "use a name of the form that it asks for, e.g. with the project or owner before it",
  },
  {
    status: [404],
    code: "registry-name",
    words: ({ name }) => `there is no ${name}, and this registry makes none by itself`,
    hint: () => "create the project or repository there first, or correct `repository` in `images`",
  },
  {
    status: [405],
    code: "registry-read-only",
    words: () => "this registry takes no pushes: it is read-only, or a mirror",
    hint: () => "name the registry itself in `repository`",
  },
  {
    status: [413],
    code: "registry-too-large",
    words: () => "it takes no body of this size",
    hint: () =>
      "raise the limit of the registry or of the proxy before it (client_max_body_size of nginx)",
  },
];

/** What a refusal means, with its cure. */
export function refusal(refused: Refused, answer: Answer): Problem {
  const said = saidBy(answer);
  const reason = reasons.find(
    ({ status, says, fits }) =>
      status.includes(answer.status) &&
      (says === undefined || says.test(said)) &&
      (fits === undefined || fits(refused)),
  );
  const words = reason?.words(refused) ?? "it was refused";
  const after = said === "" ? "" : `: ${said}`;
  return new Problem(
    reason?.code ?? "registry-refused",
    `${refused.doing} failed: ${refused.host}: ${words} (${answer.status}${after})`,
    { hint: reason?.hint(refused) ?? "see what the registry says; nothing was tagged" },
  );
}

/** Codes and messages of the registry's list of errors (OCI distribution specification, "Error Codes"). */
export function saidBy(answer: Answer): string {
  const { errors } = Object(answer.parsed?.json) as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return answer.said;
  const lines = errors.map((one) => {
    const { code = "", message = "" } = Object(one) as Readonly<Record<string, unknown>>;
    return [code, message].filter((part) => typeof part === "string" && part !== "").join(" ");
  });
  // The answer's text is without secrets already.
  return plainWords(lines.join("; "), { secrets: [] });
}
