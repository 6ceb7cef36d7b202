import type { PlannedInstaller } from "../model/installer.ts";
import { shellWord } from "../model/shell-word.ts";
import { type DigestedDownload, withRelease } from "./digested.ts";
import script from "./install.sh";

/** `install.sh`, for the shell of POSIX.1-2017. */
export function shellScript(
  planned: PlannedInstaller,
  downloads: readonly DigestedDownload[],
): string {
  const { name, version, url, urlTemplate, forge, checksums, scripts } = planned;
  const [before = "", after = ""] = urlTemplate.split("{version}");
  const windows = scripts.some((one) => one.name === "install.ps1") ? "install.ps1" : "";
  return withRelease(script, [
    `# Installs ${name} ${version}. It reads nothing from where it lies: \`sh install.sh --help\` tells what it does.`,
    ...Object.entries({
      app: name,
      version,
      releases: url,
      other_before: before,
      other_after: after,
      // GitLab's addresses have no plus sign.
      plus: forge === "gitlab" ? "-" : "+",
      list: planned.signer === undefined ? "" : checksums,
      windows,
      machines_known: downloads.flatMap(({ machines }) => machines).join(" "),
    }).map(([variable, value]) => `${variable}=${value === "" ? "" : shellWord(value)}`),
    "release_file() {",
    "  case $1 in",
    ...downloads.flatMap(caseOf),
    "  *) return 1 ;;",
    "  esac",
    "}",
    "verify_list() {",
    `  ${cosign(planned).join(" \\\n    ")}`,
    "}",
  ]);
}

function caseOf({ machines, file, sha256, format, programs }: DigestedDownload): string[] {
  const words = programs.map(({ path, name }) => `${path}=${name}`).join(" ");
  return [
    `  ${machines.join(" | ")})`,
    `    file=${shellWord(file)}`,
    `    sum=${sha256}`,
    `    format=${format}`,
    `    programs=${shellWord(words)}`,
    "    ;;",
  ];
}

/** `$1` is the list, `$2` its bundle. Of GitHub's runs the repository is certified, whoever's workflow it is. */
function cosign({ forge, signer }: PlannedInstaller): string[] {
  if (signer === undefined) return ["return 1"];
  const { repository, ref } = signer;
  const start = 'cosign verify-blob --new-bundle-format --bundle "$2"';
  if (forge === "gitlab") {
    const literal = `https://gitlab.com/${repository}//`.replaceAll(/[.+()[\]]/gu, "\\$&");
    const exact = ref.replaceAll(/[.+()[\]]/gu, "\\$&");
    return [
      start,
      `--certificate-identity-regexp ${shellWord(`^${literal}.+@${exact}$`)}`,
      "--certificate-oidc-issuer https://gitlab.com",
      '"$1"',
    ];
  }
  return [
    start,
    "--certificate-identity-regexp '^https://github\\.com/'",
    "--certificate-oidc-issuer https://token.actions.githubusercontent.com",
    `--certificate-github-workflow-repository ${shellWord(repository)}`,
    `--certificate-github-workflow-ref ${shellWord(ref)}`,
    '"$1"',
  ];
}
