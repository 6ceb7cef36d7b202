import { Problem } from "../model/problem.ts";
import { cacheCure } from "./caches.ts";
import { withoutPasswords } from "./credentials.ts";

/** Why `go env` fails. */
export function envRefused(stderr: string, wanted: string | undefined): Problem {
  const lines = withoutPasswords(stderr).trim().split("\n");
  const cache = cacheCure(lines);
  if (cache !== undefined)
    return new Problem("go-cache", `\`go env\` failed: ${lines[0]?.replace(/^go: /u, "")}`, {
      hint: cache,
    });
  const said = (lines.at(-1) ?? "").replace(/^go: /u, "");
  if (wanted !== undefined && said.startsWith("download go")) {
    return new Problem("go-unavailable", `go-version ${wanted} is not available: ${said}`, {
      hint: "name a release of go.dev/dl, and check the network and GOPROXY",
    });
  }
  return (
    goTooOld(stderr) ??
    new Problem("go", `\`go env\` failed: ${said}`, {
      hint: "run `go env` in the module and fix what it reports",
    })
  );
}

/** That go.mod asks for a newer Go than is here and can be had, when that is what `go` says. */
export function goTooOld(stderr: string): Problem | undefined {
  const [, needed, running] = /requires go >= (\S+) \(running go (\S+?)[;)]/u.exec(stderr) ?? [];
  if (needed === undefined) return undefined;
  return new Problem("go-too-old", `go.mod requires Go ${needed}, and this is Go ${running}`, {
    hint: `install Go ${needed} or newer, or let Go fetch it: \`GOTOOLCHAIN=auto\` and a GOPROXY that has it`,
  });
}

const CREDENTIALS =
  "give git the credential of this module's server: a line in ~/.netrc, `git config --global url.….insteadOf`, or a credential helper";

/** Why a module cannot be fetched, by what git, ssh, proxies and the checksum database say. */
const fetchCures: readonly (readonly [RegExp, string])[] = [
  [
    /could not read (Username|Password)|terminal prompts disabled|Authentication failed|HTTP Basic: Access denied|returned error: 40[13]|no secure protocol found for repository/u,
    CREDENTIALS,
  ],
  [
    /Permission denied \(publickey|Host key verification failed/u,
    "give ssh the key of this module's server (SSH_AUTH_SOCK or GIT_SSH_COMMAND) and its line in known_hosts",
  ],
  [
    /verifying .*: .*(sum\.golang\.org|checksum database|sumdb)|sum\.golang\.org\S*: (404|410)/u,
    "the checksum database does not know this module: set GOPRIVATE to its path where it is private",
  ],
  [
    /proxy\.golang\.org\S*: (404|410)|: (404 Not Found|410 Gone)|reading https:\S+: (404|410)/u,
    "the proxy does not have this module: set GOPRIVATE to its path where it is private, and check the version in go.mod",
  ],
  [
    /SECURITY ERROR|checksum mismatch/u,
    "the module differs from what go.sum says: find out who changed it before you run `go mod tidy`",
  ],
  [
    /module lookup disabled by GOPROXY=off/u,
    "GOPROXY is off and the module is not in GOMODCACHE: set GOPROXY, or fill the cache before",
  ],
  [
    /certificate signed by unknown authority|server certificate verification failed|unable to get local issuer/u,
    "trust the certificate of that server: SSL_CERT_FILE for Go, GIT_SSL_CAINFO for git",
  ],
  [/exec: "git": executable file not found/u, "install git, which fetches what no proxy has"],
];

export function fetchCure(lines: readonly string[]): string | undefined {
  return fetchCures.find(([pattern]) => lines.some((line) => pattern.test(line)))?.[1];
}
