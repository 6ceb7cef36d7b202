import { fetchSettings, inherited } from "../go/environment.ts";
import { isLevelVariable } from "../go/levels.ts";
import { everyVariable, releaseVariables } from "../model/template.ts";
import { besideInputs } from "./beside-inputs.ts";
import { channelInputs } from "./channel-inputs.ts";
import { checksumInputs } from "./checksum-inputs.ts";
import { plans } from "./commands.ts";
import {
  faultInFlags,
  faultInLdflags,
  faultInTags,
  valuedBuildFlags,
  valuedLinkerFlags,
} from "./go-flags.ts";
import { gpgInputs } from "./gpg-inputs.ts";
import { afterBuild, hookInputs } from "./hook-inputs.ts";
import { imageInputs } from "./image-inputs.ts";
import {
  byOs,
  callersOwn,
  checked,
  choice,
  count,
  decisions,
  flag,
  type Input,
  list,
  map,
  optional,
  secret,
  text,
  words,
} from "./input-types.ts";
import { spellings } from "./name-spellings.ts";
import { notesInputs } from "./notes-inputs.ts";
import { packageInputs } from "./package-inputs.ts";
import { rows } from "./rows.ts";
import { readShardDigests } from "./shard-digests.ts";
import { shardInputs } from "./shard-inputs.ts";
import { deeperInputs, identityInputs, ofReaders, trustInputs } from "./trust-inputs.ts";
import { dateRule, goVersionRule, serviceRule, shardRule } from "./value-rules.ts";

const GO_VARIABLE =
  /^(CGO_(ENABLED|C(PP|XX)?FLAGS|FFLAGS|LDFLAGS)|GO(OS|ARCH|FLAGS|DEBUG|EXPERIMENT|FIPS140|TOOLCHAIN))$/u;

/** Variables that every build sets itself: one that was given would do nothing, or undo what is promised. */
function settledElsewhere(name: string, value: string): string | undefined {
  const upper = name.toUpperCase();
  if (name !== upper && GO_VARIABLE.test(upper))
    return `Go does not read ${name}: spell it ${upper}`;
  if (name === "CGO_ENABLED" && value !== "0" && value !== "1")
    return `CGO_ENABLED must be 0 or 1: it is ${JSON.stringify(value)}`;
  // What these say most often is what holds anyway.
  if (name === "GO111MODULE")
    return /^(on|auto|)$/u.test(value)
      ? undefined
      : "GO111MODULE must be on: a release is always built from a module";
  if (name === "GOWORK" && value === "off") return undefined;
  if (/^(GOOS|GOARCH)$/u.test(name) || isLevelVariable(name))
    return `${name} is set for each target: name it in \`targets\`, e.g. linux/arm/6`;
  if (name === "GOFLAGS") return "GOFLAGS is not used: put its flags in `flags`";
  if (name === "GOTOOLCHAIN") return "GOTOOLCHAIN is set from `go-version`";
  if (fetchSettings.some((setting) => setting === name))
    return `${name} is for downloading modules: set it in the environment of this program`;
  if (/^(GOENV|GOWORK|GOTMPDIR|GOGC|GOMEMLIMIT)$/u.test(name))
    return `${name} is set by this program`;
  if (machine.has(name.toUpperCase()))
    return `${name} decides which programs are started: set it in the environment of this program`;
  return PROGRAMS.test(name) ? `${name} decides which programs are started: remove it` : undefined;
}

const machine: ReadonlySet<string> = new Set(inherited.map((name) => name.toUpperCase()));
/** Where `go` and `git` find the tools that they start, and what is loaded into all of them. */
const PROGRAMS = /^(GIT_|GOROOT|GOTOOLDIR|GOCACHEPROG|GOBIN|LD_PRELOAD|LD_AUDIT|DYLD_INSERT_)/iu;

/** The audience that Fulcio's configuration calls the issuer's client. */
function audience(value: string): string | undefined {
  return /^[\x21-\x7e]+$/u.test(value) ? undefined : "must not contain spaces, e.g. a URL";
}

const METADATA = /^(description|homepage|license|maintainer|vendor)$/u;

/** The rule that a line of `metadata` breaks. */
function faultInMetadata(name: string, value: string): string | undefined {
  if (value.trim() === "") return `${name} must not be empty`;
  if (name !== "description" && /[\r\n]/u.test(value)) return `${name} must be one line`;
  if (name === "homepage" && !/^https?:\/\/[^\s]+$/u.test(value)) return "homepage must be a URL";
  return name === "maintainer" && !/^[^<>]+ <[^<>\s]+@[^<>\s]+>$/u.test(value)
    ? "maintainer must be `Name <address>`"
    : undefined;
}

const ofServices = { shown: "the public good instance", ...callersOwn(decisions.tokens) };
/** What shapes one `go build` for one target; `overrides` may set each of them for some. */
const targetInputs = {
  flags: words("additional flags for `go build`", ["-trimpath"], {
    commands: plans,
    variables: everyVariable,
    fault: faultInFlags,
    valued: valuedBuildFlags,
  }),
  ldflags: words(
    "linker flags; variables in braces are expanded",
    [
      "-s",
      "-w",
      "-buildid=",
      "-X",
      "main.version={version}",
      "-X",
      "main.commit={commit}",
      "-X",
      "main.date={date}",
    ],
    {
      commands: plans,
      variables: everyVariable,
      fault: faultInLdflags,
      valued: valuedLinkerFlags,
    },
  ),
  tags: list("Go build tags", [], {
    commands: plans,
    separator: /[\s,]+/u,
    fault: faultInTags,
  }),
  env: map(
    "environment of the compiler, `NAME=value`; it is published in the provenance, so no secrets",
    { CGO_ENABLED: "0" },
    { refuse: settledElsewhere, commands: plans, variables: everyVariable },
  ),
  static: choice(
    "`required` fails the release if a binary is not as static as its platform allows, `report` only reports it",
    ["auto", "required", "report"],
    "auto",
    { shown: "`required` if `CGO_ENABLED=0`", commands: plans },
  ),
  afterBuild,
} satisfies Record<string, Input<unknown>>;

/** What shapes one `go build`; a row of `builds` may set each of them for itself. */
export const buildInputs = {
  main: list("packages to build, relative to the module, e.g. `./cmd/app`", [], {
    shown:
      "the module's root when it is a program, else every program under `cmd/`, else every program outside `internal/`, tests and examples",
    commands: plans,
  }),
  targets: list(
    "`os/arch` or `os/arch/level` (`linux/arm/7`, `linux/arm/6+softfloat`), with globs and `!` exclusions, checked against `go tool dist list`",
    [
      "linux/amd64",
      "linux/arm64",
      "darwin/amd64",
      "darwin/arm64",
      "windows/amd64",
      "windows/arm64",
    ],
    { shown: "linux, darwin, windows × amd64, arm64", commands: plans },
  ),
  ...targetInputs,
  overrides: rows(
    "inputs of a build that are others for some targets; the last row that names a target counts, and `env` adds up",
    {
      targets: list("targets, as globs over `os/arch` or `os/arch/level`", []),
      flags: optional(targetInputs.flags, "those of the build"),
      ldflags: optional(targetInputs.ldflags, "those of the build"),
      tags: optional(targetInputs.tags, "those of the build"),
      env: optional(targetInputs.env, "that of the build"),
      static: optional(targetInputs.static, "that of the build"),
      afterBuild: optional(targetInputs.afterBuild, "those of the build"),
    },
    { required: ["targets"], commands: plans },
  ),
} satisfies Record<string, Input<unknown>>;

/** Names, which end up as names of files. */
const inNames = { variables: everyVariable, commands: plans };

/** What shapes archives; a row of `archives` may set each of them for itself. */
export const archiveInputs = {
  archive: byOs(
    "formats; `none` releases bare binaries, `gz` compresses each binary on its own; per operating system as `windows=zip`",
    ["auto", "tar.gz", "zip", "tar.zst", "gz", "none"],
    { shown: "`auto`: zip on Windows, tar.gz elsewhere", commands: plans },
  ),
  archiveName: text("name of an archive, without its extension", undefined, {
    shown: "`{name}_{version}_{os}_{arch}`",
    ...inNames,
  }),
  wrap: text("folder inside an archive that contains everything", undefined, inNames),
  files: rows(
    "extra files for every archive, as globs",
    {
      from: text("glob, relative to the module", ""),
      to: text(
        "folder in the archive if it ends with `/` or `from` is a glob, else the file's name in the archive",
        undefined,
        inNames,
      ),
      strip: flag("drop the folders of the matched files", false),
      mode: checked(
        "permissions, in octal",
        (value) =>
          /^0?[0-7]{3}$/u.test(value) ? undefined : 'must be three octal digits, e.g. "0644"',
        { shown: "0755 for executable files, else 0644" },
      ),
      os: list("only for these operating systems", [], { shown: "all" }),
    },
    {
      shorthand: "from",
      required: ["from"],
      shown:
        "`LICENSE* README* CHANGELOG*`, and the repository's LICENSE where the module has none",
      commands: plans,
    },
  ),
} satisfies Record<string, Input<unknown>>;

/**
 * The one input table: parser, types, help, README, action.yml, the component and the JSON schema come from it.
 * Names are camelCase here and kebab-case wherever people meet them.
 */
export const inputs = {
  workingDirectory: text("folder of the Go module", ".", {
    commands: [...plans, "init"],
    ...callersOwn("which module is released"),
  }),
  config: text("configuration file, relative to the module", undefined, {
    shown: "`.go-release.yaml` if it exists",
    commands: plans,
    ...callersOwn("which file is read"),
  }),
  dryRun: choice(
    "`true` does everything except publishing, signed with a throwaway key; `auto` publishes for a tag in CI",
    ["auto", "true", "false"],
    "auto",
    callersOwn("whether anything is published"),
  ),
  output: text("folder for the release; must be empty or created by an earlier run", "dist"),
  tag: text("tag to release", undefined, {
    shown: "the ref that triggered the CI run, else the tag at HEAD, else a snapshot version",
    ...callersOwn("whether anything is published"),
  }),
  name: checked(
    "project name",
    (value) =>
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/u.test(value)
        ? undefined
        : "must be letters, digits, `.`, `_`, `-`",
    { shown: "last element of the module path", commands: plans },
  ),
  ...buildInputs,
  ...hookInputs,
  goVersion: checked("Go release to install and use", goVersionRule, { shown: "the `go` on PATH" }),
  ...archiveInputs,
  archives: rows(
    "one row per kind of archive, each with its own keys, if one archive of all programs per target is not enough",
    {
      builds: optional(
        list("names of the `builds` whose programs it contains; empty for none", []),
        "all",
      ),
      name: archiveInputs.archiveName,
      targets: list("only for these targets, as globs over `os/arch/level`", [], { shown: "all" }),
      archive: archiveInputs.archive,
      wrap: archiveInputs.wrap,
      names: spellings,
      files: optional(archiveInputs.files, "as for the other archives"),
    },
    { commands: plans },
  ),
  names: spellings,
  templateEnv: list(
    "environment variables that templates may use as `{env:NAME}`; they are published, so no secrets",
    [],
    { commands: plans, ...callersOwn("which environment variables are published") },
  ),
  checksumName: text("name of the checksum file", undefined, {
    shown: "`checksums.txt`",
    variables: releaseVariables,
    commands: plans,
  }),
  ...imageInputs,
  ...besideInputs,
  metadata: map(
    "what packages and channels say of the project: `description`, `homepage`, `license` (SPDX), `maintainer` (`Name <address>`), `vendor`",
    {},
    { names: METADATA, refuse: faultInMetadata, commands: plans },
  ),
  ...packageInputs,
  generated: list(
    "files generated by an earlier step, as globs: they may differ from the commit, and the provenance lists each with its digest",
    [],
    { commands: plans },
  ),
  ...checksumInputs,
  sign: choice(
    "`auto` is keyless if an identity token is available and the project is public, or uses the key if one is given",
    ["auto", "keyless", "key", "none"],
    "auto",
  ),
  signKey: text(
    "private key: a path, a key in a service (`awskms:///…`, `gcpkms://…`, `azurekms://…`, `hashivault://…`), or PEM text from the environment",
    undefined,
    {
      shown: "`COSIGN_PRIVATE_KEY`; its password is `COSIGN_PASSWORD`",
      ...callersOwn("what signs"),
    },
  ),
  ...gpgInputs,
  kmsAudience: text(
    "audience of the identity token that the service with the key is given",
    undefined,
    { shown: "the service's usual one", ...callersOwn(decisions.tokens) },
  ),
  signEach: flag("also sign each archive separately", false),
  fulcioUrl: checked("URL of your own Fulcio certificate authority", serviceRule, ofServices),
  oidcAudience: checked("audience of the identity token, as Fulcio expects it", audience, {
    shown: "`sigstore`; required with your own Fulcio on github.com and gitlab.com",
    ...callersOwn(decisions.tokens),
  }),
  rekorUrl: checked(
    "URL of your own Rekor transparency log; `none` uses no log (only with a key)",
    (value) => (value === "none" ? undefined : serviceRule(value)),
    ofServices,
  ),
  rekorVersion: optional(
    choice("API version of the transparency log", ["1", "2"], "1", callersOwn(decisions.tokens)),
    "the signing configuration's; 1 with a `rekor-url`",
  ),
  tsaUrl: checked("URL of your own timestamp authority", serviceRule, ofServices),
  ...trustInputs,
  sbom: choice("software bill of materials", ["cyclonedx", "spdx", "none"], "cyclonedx"),
  sbomEach: flag(
    "one for each archive, named after it, instead of one for all that is built of the same",
    false,
  ),
  provenance: flag("SLSA v1 provenance over every released file", true),
  forge: choice("where the release goes", ["auto", "github", "gitlab", "directory"], "auto", {
    shown: "from the host or the `origin` remote",
    commands: [...plans, "init"],
    ...callersOwn(decisions.tokens),
  }),
  repository: text("`owner/name` on GitHub, path or number on GitLab", undefined, {
    shown: "from the host or the `origin` remote",
    commands: plans,
    ...callersOwn(decisions.tokens),
  }),
  apiUrl: checked("root of the forge's API", serviceRule, {
    shown: "from the host",
    commands: plans,
    ...callersOwn(decisions.tokens),
  }),
  token: secret("token for the forge, from the environment or the host only", {
    shown: "from the host (`GITHUB_TOKEN`, `CI_JOB_TOKEN`)",
    commands: plans,
  }),
  ...channelInputs,
  notes: text(
    "`auto`: the tag's section of CHANGELOG, else the commits since the previous tag; `commits`: those in any case; `generated`: by the forge; `tag`: the message of the annotated tag; or a file",
    "auto",
  ),
  ...notesInputs,
  title: text("title of the release", undefined, { shown: "the tag", variables: releaseVariables }),
  draft: flag("leave the release as a draft (GitHub)", false),
  prerelease: choice("mark as a prerelease", ["auto", "true", "false"], "auto", {
    shown: "`auto`, from SemVer",
  }),
  latest: choice("mark as the latest release (GitHub)", ["auto", "true", "false"], "auto", {
    shown: "`auto`: if it is the highest version of the main module",
  }),
  discussionCategory: text("open a discussion in this category (GitHub)", undefined),
  milestones: list("milestones of the release (GitLab)", []),
  closeMilestones: list("milestones to close once the release is visible", [], {
    variables: releaseVariables,
    shown: "none",
  }),
  releasedAt: checked("date of the release (GitLab)", dateRule, { shown: "now" }),
  replace: flag(
    "allow a published, mutable release to be changed",
    false,
    callersOwn("whether what was published may change"),
  ),
  concurrency: count("number of cores that compilers, compressors and uploads share", 1024, {
    shown: "from the cores and free memory of the machine",
    commands: plans,
  }),
  ...shardInputs,
  shards: count("number of shards of a CI matrix", 256, {
    commands: ["plan"],
    ...callersOwn(decisions.run),
  }),
  shard: checked("the shard to build, `INDEX/COUNT`", shardRule, {
    commands: ["build"],
    shown: "all",
    ...callersOwn(decisions.run),
  }),
  printNotes: flag("print only the release notes, as they will be published", false, {
    shown: "`true` if `--notes` has no value",
    commands: ["plan"],
    ...callersOwn(decisions.run),
  }),
  planDigest: checked(
    "expected digest of the plan (output `plan-digest` of the planning job)",
    (value) => (/^[0-9a-f]{64}$/u.test(value) ? undefined : "must be 64 hexadecimal digits"),
    {
      commands: ["build", "publish"],
      shown: "not compared",
      ...callersOwn(decisions.run),
    },
  ),
  shardDigests: checked(
    "digests of the shards (output `shard-digest`) as JSON: `toJSON(needs.build.outputs)` with an output `shard-N` for each",
    (value) =>
      readShardDigests(value) === undefined ? 'must be JSON like {"shard-1": "0a1b…"}' : undefined,
    { commands: ["publish"], shown: "not compared", ...callersOwn(decisions.run) },
  ),
  from: list(
    "`publish`: folders with the shards' outputs, searched recursively; `init`: a GoReleaser configuration to migrate",
    [],
    {
      commands: ["publish", "init"],
      shown: "the output folder; nothing",
      ...callersOwn("what is published"),
    },
  ),
  force: flag("overwrite existing files", false, {
    commands: ["init"],
    ...callersOwn(decisions.run, ["flag", "environment"]),
  }),
  ...identityInputs,
  key: text(
    "public key that must verify the signatures: a path, or a key in a service as for `sign-key`",
    undefined,
    ofReaders,
  ),
  anySigner: flag(
    "accept any signer, or none: this detects corruption but not forgery",
    false,
    ofReaders,
  ),
  ...deeperInputs,
  withConfig: flag("also write a commented `.go-release.yaml`", false, {
    commands: ["init"],
    ...callersOwn(decisions.run, ["flag", "environment"]),
  }),
  json: flag("print only the plan or the manifest on standard output", false, {
    commands: plans,
    ...callersOwn(decisions.run, ["flag", "environment"]),
  }),
} satisfies Record<string, Input<unknown>>;

export type InputName = keyof typeof inputs;
type ValueOf<I> = I extends Input<infer T> ? T : never;

/** Every input with its value: given, or the default. */
export type Settings = { readonly [Name in InputName]: ValueOf<(typeof inputs)[Name]> };
export type BuildSettings = {
  readonly [Name in keyof typeof buildInputs]: ValueOf<(typeof buildInputs)[Name]>;
};

export { kebab } from "./kebab.ts";
