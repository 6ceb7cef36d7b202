import type { Artifact } from "../model/artifact.ts";
import { besideName } from "../model/checksum-files.ts";
import type { Manifest } from "../model/manifest.ts";
import { PROVENANCE, SIGNATURE } from "../model/names.ts";
import { shellWord } from "../model/shell-word.ts";
import { isGithubInstance } from "../signers/trust/github.ts";
import { isPublicGood } from "../signers/trust/public-good.ts";

/** One command that a reader copies. */
export interface ReaderCommand {
  /** What it shows, e.g. `the signature of checksums.txt`. */
  readonly shows: string;
  readonly command: string;
}

/** How a reader verifies this release: nothing is said that the release cannot keep. */
export function commandsFor(manifest: Manifest): readonly ReaderCommand[] {
  return [...ownCommands(manifest), ...releaseCommands(manifest)];
}

/** GitHub itself states which files an immutable release has. */
function releaseCommands(manifest: Manifest): readonly ReaderCommand[] {
  const { immutable = false, plan, artifacts } = manifest;
  const { repository, serverUrl } = plan.destination;
  const { tag } = plan.release;
  if (!immutable || tag === null || serverUrl !== GITHUB) return [];
  const example = exampleOf(artifacts);
  const gh = ["gh", "release"];
  const where = ["--repo", repository, tag];
  return [
    {
      shows: "that GitHub keeps this release as it was published",
      command: shell(...gh, "verify", ...where),
    },
    ...(example === undefined
      ? []
      : [
          {
            shows: "that a file belongs to it",
            command: shell(...gh, "verify-asset", ...where, example),
          },
        ]),
  ];
}

/** What was made and signed by the run itself. */
function ownCommands(manifest: Manifest): readonly ReaderCommand[] {
  const { name, split, algorithm } = manifest.plan.checksum;
  const first = exampleOf(manifest.artifacts) ?? "";
  const list = split === true ? besideName(name, first) : name;
  // One part of a release has no list.
  if (!names(manifest).has(list)) return [];
  // A shell knows the files beside others by a pattern, which stays as it is.
  const lists = split === true ? besideName(name, "*") : shellWord(list);
  const compared = `${shell(`${algorithm}sum`, "--ignore-missing", "-c")} ${lists}`;
  const commands: ReaderCommand[] = [{ shows: "that no file is corrupted", command: compared }];
  const { identity } = manifest;
  if (identity === undefined || identity.kind === "throwaway") return commands;
  // cosign has no root of GitHub's own instance.
  if (isGithubInstance(manifest.plan.signing.fulcioUrl))
    return [...commands, ...githubCommands(manifest, identity)];
  const trust = trustArguments(manifest, identity);
  if (names(manifest).has(list + SIGNATURE)) {
    const bundle = ["--bundle", list + SIGNATURE];
    commands.push({
      shows: `who signed ${list}${needs(manifest)}`,
      command: shell("cosign", "verify-blob", ...NEW_FORMAT, ...bundle, ...trust, list),
    });
  }
  commands.push(...imageCommands(manifest, trust));
  const example = exampleOf(manifest.artifacts);
  if (example === undefined || !names(manifest).has(PROVENANCE)) return commands;
  const bundle = ["--type", "slsaprovenance1", "--bundle", PROVENANCE];
  commands.push({
    shows: `where a file was built${needs(manifest)}`,
    command: shell("cosign", ATTESTED, ...NEW_FORMAT, ...bundle, ...trust, example),
  });
  if (!isKnownToGithub(manifest, identity)) return commands;
  const [github] = githubCommands(manifest, identity);
  if (github === undefined) return commands;
  return [...commands, { ...github, shows: "the same with GitHub's own tool" }];
}

/** With GitHub's own tool, where there is a statement for it. */
function githubCommands(manifest: Manifest, identity: ManifestIdentity): readonly ReaderCommand[] {
  const example = exampleOf(manifest.artifacts);
  if (example === undefined || !names(manifest).has(PROVENANCE)) return [];
  const words = [...["gh", "attestation", "verify"], ...githubArguments(manifest, identity)];
  return [
    { shows: "where a file was built, and who signed it", command: shell(...words, example) },
  ];
}

/** Images lie in their registries, each under one digest; those of a dry run do not. */
function imageCommands(
  { images = [] }: Manifest,
  trust: readonly string[],
): readonly ReaderCommand[] {
  return images
    .filter(({ archive }) => archive === undefined)
    .map(({ repository, digest }) => ({
      shows: `who signed the image ${repository} (cosign 3)`,
      command: shell("cosign", "verify", ...trust, `${repository}@${digest}`),
    }));
}

const ATTESTED = "verify-blob-attestation";

/** Which cosign it takes, where not everybody's will do: 2.4 does not know the entries of Rekor v2. */
function needs({ plan }: Manifest): string {
  const { rekorUrl, rekorVersion } = plan.signing;
  return rekorUrl !== null && rekorVersion === 2 ? " (cosign 3)" : "";
}

/** What cosign 2.4 to 2.6 do not see by themselves; cosign 3 takes it too, though its help is silent about it. */
const NEW_FORMAT = ["--new-bundle-format"];

type ManifestIdentity = NonNullable<Manifest["identity"]>;

function names({ artifacts }: Manifest): ReadonlySet<string> {
  return new Set(artifacts.map(({ name }) => name));
}

function exampleOf(artifacts: readonly Artifact[]): string | undefined {
  return artifacts.find(({ kind }) => kind === "archive" || kind === "binary")?.name;
}

function trustArguments(
  manifest: Manifest,
  { kind, subject, issuer = "" }: ManifestIdentity,
): string[] {
  const { rekorUrl } = manifest.plan.signing;
  const root = hasOwnServices(manifest) ? ["--trusted-root", "trusted_root.json"] : [];
  if (kind === "key") {
    return ["--key", "cosign.pub", ...(rekorUrl === null ? ["--insecure-ignore-tlog"] : root)];
  }
  return ["--certificate-identity", subject, "--certificate-oidc-issuer", issuer, ...root];
}

function hasOwnServices({ plan }: Manifest): boolean {
  const { rekorUrl, fulcioUrl } = plan.signing;
  return [rekorUrl, fulcioUrl].some((url) => url !== null && url !== "" && !isPublicGood(url));
}

const GITHUB = "https://github.com";
/** An enterprise may have added its name. */
const GITHUB_ISSUER = /^https:\/\/token\.actions\.githubusercontent\.com(\/|$)/u;

/** `gh` trusts GitHub's workflows alone, certified by the public good instance. */
function isKnownToGithub(manifest: Manifest, { kind, issuer = "" }: ManifestIdentity): boolean {
  return (
    kind === "keyless" &&
    manifest.plan.destination.serverUrl === GITHUB &&
    GITHUB_ISSUER.test(issuer) &&
    !hasOwnServices(manifest)
  );
}

/**
 * The released statement is named, because whether GitHub keeps it among its attestations is not known yet. A
 * reusable workflow of another repository signs in its own name.
 */
function githubArguments({ plan }: Manifest, { subject, issuer = "" }: ManifestIdentity): string[] {
  const { repository } = plan.destination;
  const isOwn = subject.toLowerCase().startsWith(`${GITHUB}/${repository}/`.toLowerCase());
  const usual = issuer === "https://token.actions.githubusercontent.com";
  return [
    ...["--repo", repository, "--bundle", PROVENANCE],
    ...(isOwn ? [] : ["--cert-identity", subject]),
    ...(usual ? [] : ["--cert-oidc-issuer", issuer]),
  ];
}

/** One line for a POSIX shell. */
function shell(...words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
