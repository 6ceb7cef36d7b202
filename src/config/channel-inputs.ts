import { callersOwn, checked, decisions, flag, list, secret, text } from "./input-types.ts";

/** What a repository of formulae or manifests is called by. */
function repositoryRule(value: string): string | undefined {
  if (/^[\w.-]+(\/[\w.-]+)+$/u.test(value)) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && (url.username !== "" || url.password !== ""))
    return "must not contain credentials";
  return url !== undefined && /^https?:$/u.test(url.protocol)
    ? undefined
    : "must be OWNER/NAME, or the address of a repository as browsers show it";
}

function faultInRepositories(repositories: readonly string[]) {
  const rule = repositories.map(repositoryRule).find((one) => one !== undefined);
  if (rule !== undefined) return { rule };
  const twice = repositories.find((one, at) => repositories.indexOf(one) < at);
  return twice === undefined ? undefined : { rule: `names ${twice} twice` };
}

/** What Homebrew and Scoop both take for a name. */
function nameRule(value: string): string | undefined {
  return /^[a-z0-9][a-z0-9+._-]*$/u.test(value)
    ? undefined
    : "must be lower-case letters, digits, `.`, `_`, `-`, `+`";
}

function faultInDependencies(words: readonly string[]) {
  const wrong = words.find((word) => !/^([\w.-]+\/[\w.-]+\/)?[a-z0-9][a-z0-9+._@-]*$/u.test(word));
  return wrong === undefined
    ? undefined
    : { rule: `must be names of formulae; "${wrong}" is none` };
}

/** Words that a shell in a formula's test takes as they are. */
function testRule(value: string): string | undefined {
  return /^[\w.,:=@%+/ -]+$/u.test(value) ? undefined : "must be plain arguments, e.g. `--version`";
}

/** An App ID, or the client ID that takes its place. */
function appRule(value: string): string | undefined {
  return /^(\d+|[A-Za-z0-9.]+)$/u.test(value)
    ? undefined
    : "must be the App ID or client ID of a GitHub App";
}

const DESTINATION = { fault: faultInRepositories, shown: "none", ...callersOwn(decisions.tokens) };

/** What is written where people install from, once the release is visible. */
export const channelInputs = {
  homebrew: list(
    "taps to write a formula to: OWNER/homebrew-NAME beside the project, or a repository's address",
    [],
    DESTINATION,
  ),
  homebrewCask: list(
    "taps to write a cask to, for programs that are signed and notarised for macOS",
    [],
    DESTINATION,
  ),
  caskConflicts: list("casks that cannot be installed beside it", [], {
    fault: faultInDependencies,
  }),
  caskUnquarantine: flag(
    "let the cask take macOS's quarantine off programs that are not notarised",
    false,
  ),
  scoop: list(
    "buckets to write a manifest to: OWNER/NAME beside the project, or a repository's address",
    [],
    DESTINATION,
  ),
  tapToken: secret(
    "token that may write to the repositories of `homebrew` and `scoop`, from the environment or the host only",
    { shown: "`token`, which in a job reaches its own project alone" },
  ),
  tapAppId: checked(
    "ID of a GitHub App that writes to those repositories instead, with tokens made in this run",
    appRule,
    { shown: "none", ...callersOwn(decisions.tokens) },
  ),
  tapAppPrivateKey: secret("its private key (PEM), from the environment or the host only"),
  channelName: checked("name that people install it by", nameRule, { shown: "`name`" }),
  homebrewPullRequest: flag("propose the formula or the cask instead of committing it", false),
  homebrewVersioned: flag("also write a formula NAME@MAJOR.MINOR", false),
  homebrewDependencies: list("formulae that the program needs when it runs", [], {
    fault: faultInDependencies,
  }),
  homebrewCaveats: text("what Homebrew tells after it has installed it", undefined),
  homebrewTest: checked(
    "arguments with which the program prints its version, for the formula's test",
    testRule,
    { shown: "the test looks whether the program is there" },
  ),
  scoopPullRequest: flag("propose the manifest instead of committing it", false),
  channels: flag(
    "write to `homebrew`, `homebrew-cask` and `scoop`, and move the tags of `images`, alone, for a release that is published already",
    false,
    { commands: ["publish"], ...callersOwn(decisions.run) },
  ),
};
