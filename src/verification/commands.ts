import type { Artifact } from "../model/artifact.ts";
import type { Manifest } from "../model/manifest.ts";
import { isPublicGood } from "../signers/trust/public-good.ts";
import { PROVENANCE } from "./provenance.ts";

/** One command that a reader copies. */
export interface ReaderCommand {
  /** What it shows, e.g. `the signature of checksums.txt`. */
  readonly shows: string;
  readonly command: string;
}

export interface CommandOptions {
  /** Whether the forge keeps the provenance among its attestations (github.com). */
  readonly attested: boolean;
}

/** How a reader verifies this release: nothing is said that the release cannot keep. */
export function commandsFor(
  manifest: Manifest,
  { attested }: CommandOptions,
): readonly ReaderCommand[] {
  const list = manifest.plan.checksum.name;
  const sum = `${manifest.plan.checksum.algorithm}sum`;
  // One part of a release has no list.
  if (!names(manifest).has(list)) return [];
  const commands: ReaderCommand[] = [
    { shows: "that nothing was damaged", command: shell(sum, "--ignore-missing", "-c", list) },
  ];
  const { identity } = manifest;
  if (identity === undefined || identity.kind === "throwaway") return commands;
  const trust = trustArguments(manifest, identity);
  if (names(manifest).has(`${list}.sigstore.json`)) {
    const bundle = ["--bundle", `${list}.sigstore.json`];
    commands.push({
      shows: `who signed ${list}`,
      command: shell("cosign", "verify-blob", ...bundle, ...trust, list),
    });
  }
  const example = exampleOf(manifest.artifacts);
  if (example === undefined || !names(manifest).has(PROVENANCE)) return commands;
  const bundle = ["--type", "slsaprovenance1", "--bundle", PROVENANCE];
  commands.push({
    shows: "where a file was built",
    command: shell("cosign", "verify-blob-attestation", ...bundle, ...trust, example),
  });
  if (attested) {
    commands.push({
      shows: "the same with GitHub's own tool",
      command: shell(
        "gh",
        "attestation",
        "verify",
        example,
        ...githubArguments(manifest, identity),
      ),
    });
  }
  return commands;
}

type Identity = NonNullable<Manifest["identity"]>;

const names = ({ artifacts }: Manifest): ReadonlySet<string> =>
  new Set(artifacts.map(({ name }) => name));

const exampleOf = (artifacts: readonly Artifact[]): string | undefined =>
  artifacts.find(({ kind }) => kind === "archive" || kind === "binary")?.name;

function trustArguments({ plan }: Manifest, { kind, subject, issuer = "" }: Identity): string[] {
  const { rekorUrl, fulcioUrl } = plan.signing;
  const services = [rekorUrl, fulcioUrl].filter((url) => url !== null && url !== "");
  const isOwn = services.some((url) => !isPublicGood(url as string));
  const root = isOwn ? ["--trusted-root", "trusted_root.json"] : [];
  if (kind === "key") {
    return ["--key", "cosign.pub", ...(rekorUrl === null ? ["--insecure-ignore-tlog"] : root)];
  }
  return ["--certificate-identity", subject, "--certificate-oidc-issuer", issuer, ...root];
}

/** A reusable workflow of another repository signs in its own name. */
function githubArguments({ plan }: Manifest, { subject }: Identity): string[] {
  const { repository, serverUrl } = plan.destination;
  const isOwn = subject.startsWith(`${serverUrl}/${repository}/`);
  return ["--repo", repository, ...(isOwn ? [] : ["--cert-identity", subject])];
}

/** One line for a POSIX shell. */
const shell = (...words: readonly string[]): string => words.map(quote).join(" ");

const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
