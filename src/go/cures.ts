/** What `go` says, and what its reader does about it; of several the first that fits counts. */
type Cures = readonly (readonly [said: RegExp, cure: string | ((...found: string[]) => string)])[];

/** The cure of a failed download, or undefined where nothing more is known than what `go` said. */
export function fetchCure(said: string): string | undefined {
  return cureIn(fetching, said) ?? cureIn(modules, said);
}

/** The cure of a failed build, or undefined where it is the compiler's to say. */
export function buildCure(said: string): string | undefined {
  return cureIn(building, said) ?? cureIn(modules, said);
}

/** The cure of a go.mod that cannot be read. */
export function modCure(said: string): string | undefined {
  return cureIn(reading, said) ?? cureIn(modules, said);
}

function cureIn(cures: Cures, said: string): string | undefined {
  for (const [pattern, cure] of cures) {
    const found = pattern.exec(said);
    if (found !== null)
      return typeof cure === "string" ? cure : cure(...found.slice(1).map((one) => one ?? ""));
  }
  return undefined;
}

const TIDY = "run `go mod tidy` and commit go.mod and go.sum";

/** What is wrong with the requirements themselves, whoever meets it. */
const modules: Cures = [
  [
    /(\S+?)(?:@\S+)? \(replaced by ([^)]+)\): reading .*(?:no such file|cannot find)|(\S+?)(?:@\S+)?: replacement directory (\S+) does not exist/u,
    (module, folder, other, elsewhere) =>
      `go.mod replaces ${module || other} by the folder ${folder || elsewhere}, which is not in this checkout: commit it, or fetch it before this step`,
  ],
  [
    /module declares its path as: (\S+)\s+but was required as: (\S+)/u,
    (declared, required) =>
      `require ${declared} in go.mod and in the imports, or replace ${required} by it`,
  ],
  [
    /should be v0 or v1, not v(\d+)|module path must match major version \("(\S+)"\)/u,
    (major, path) =>
      `from version 2 on a module's path ends in its major version: require ${path || `…/v${major}`}`,
  ],
  [/inconsistent vendoring/u, "run `go mod vendor` and commit the vendor folder"],
  [
    /no required module provides|cannot find module providing|missing go\.sum entry|updates to go\.mod needed|go mod tidy/u,
    TIDY,
  ],
];

/** go.mod alone. */
const reading: Cures = [
  [
    /unknown (?:directive|block type): (toolchain|godebug|tool|ignore)\b/u,
    (directive) =>
      `\`${directive}\` is of Go ${SINCE[directive]}: install that or newer, or set \`go-version\``,
  ],
  [/invalid go version '([^']+)'/u, "write the version with numbers alone, e.g. `go 1.24.0`"],
];

/** go.dev/doc/modules/gomod-ref. */
const SINCE: Readonly<Record<string, string>> = {
  toolchain: "1.21",
  godebug: "1.23",
  tool: "1.24",
  ignore: "1.25",
};

const CREDENTIAL =
  "give git the credential of this module's server: a line in ~/.netrc, `git config --global url.….insteadOf`, or a credential helper";

/** Proxies, the checksum database, and git where a module is fetched from its own repository. */
const fetching: Cures = [
  [/no space left on device/u, "free some disk, or move GOMODCACHE to a larger one"],
  [
    /module lookup disabled by GOPROXY=off/u,
    "GOPROXY is off and the module is not in GOMODCACHE: set GOPROXY, or fill the cache before",
  ],
  [
    /checksum mismatch[\s\S]*(?:sum\.golang\.org|checksum database)/u,
    "the module differs from what everybody else got of that version: its tag was moved, or something changes it on the way; do not release it before you know which",
  ],
  [
    /checksum mismatch/u,
    "the module differs from what go.sum says: its tag was moved, or something changes it on the way; when that was meant, run `go clean -modcache && go mod tidy` and commit go.sum",
  ],
  [
    /reading https?:\/\/\S+\/lookup\/(\S+?): (?:404|410)/u,
    (module) =>
      `the checksum database does not know ${module}: when it is private, set GOPRIVATE (or GONOSUMDB) to its path; else commit its line in go.sum`,
  ],
  [
    /(?:Get "|reading )(https?:\/\/[^/\s"]+)\S*\/lookup\//u,
    (server) =>
      `the checksum database ${server} cannot be reached, and go.sum lacks a line: ${TIDY}, or set GOSUMDB to one that can be reached`,
  ],
  [
    /reading (https?:\/\/[^/\s]+)\S*: (?:404|410)[\s\S]*server response:[\s\S]*terminal prompts disabled/u,
    (proxy) =>
      `${proxy} cannot see that repository: when it is private, set GOPRIVATE to the module's path, and ${CREDENTIAL}`,
  ],
  [
    /could not read (?:Username|Password)|terminal prompts disabled|no secure protocol found|Authentication failed|HTTP Basic: Access denied|Repository not found|don't have permission to view|returned error: 40[13]/iu,
    CREDENTIAL,
  ],
  [
    /Permission denied \(publickey|Host key verification failed|Could not read from remote repository/u,
    "give ssh the key of this module's server (SSH_AUTH_SOCK or GIT_SSH_COMMAND) and its line in known_hosts",
  ],
  [
    /reading (https?:\/\/[^/\s]+)\S*: (401|403|407)/u,
    (proxy, status) =>
      status === "403"
        ? `${proxy} refuses that version: its policy blocks it, or it wants credentials (NETRC, GOAUTH, or a name and password in GOPROXY)`
        : `${proxy} wants credentials: give them with NETRC, GOAUTH, or a name and password in GOPROXY`,
  ],
  [
    /reading (https?:\/\/[^/\s]+)\S*: (?:404|410)/u,
    (proxy) =>
      `${proxy} has no such version: see whether its tag exists and was pushed, add \`,direct\` to GOPROXY, and set GOPRIVATE when it is private`,
  ],
  [
    /reading (https?:\/\/[^/\s]+)\S*: 5\d\d/u,
    (proxy) => `${proxy} is in trouble: run again later, or set GOPROXY to another`,
  ],
  [
    /unknown revision (\S+)/u,
    (revision) =>
      `${revision} is not in that repository: its tag or commit was deleted, never pushed, or lies in another one`,
  ],
  [/exec: "git": executable file not found/u, "install git, which fetches what no proxy has"],
  [
    /GOVCS disallows using (\S+)|exec: "(hg|svn|bzr|fossil)"/u,
    (one, other) =>
      `that module is fetched with ${one || other}: install it and allow it in GOVCS, or use a proxy that has the module`,
  ],
  [
    /x509:|certificate|tls: failed to verify/u,
    "the server's certificate is of an authority that is not known here: name its file in SSL_CERT_FILE (for git in GIT_SSL_CAINFO)",
  ],
  [
    /(?:Get "|unable to access ')(https?:\/\/[^/"'\s]+)|dial tcp|no such host|Could not resolve host|i\/o timeout|connection refused/u,
    (server) =>
      `${server === "" ? "a server" : server} cannot be reached from here: check the network and HTTPS_PROXY, or set GOPROXY to a mirror that can be`,
  ],
];

/** What goes wrong most often while packages are found, compiled and linked. */
const building: Cures = [
  [/no space left on device/u, "free some disk, or move GOCACHE and `output` to a larger one"],
  [
    /build cache is (?:disabled|required)/u,
    "set HOME, or GOCACHE to a folder that this user may write",
  ],
  [
    /disabled by -mod=vendor/u,
    "run `go mod vendor` and commit the whole vendor folder; a .gitignore may hide a part of it",
  ],
  [
    /(?:^|\n)(?:vet: )?(?:(\S+)\/)?[^\s/:]+\.go:\d+:\d+: pattern (?:all:)?(\S+): no matching files found/u,
    (folder, pattern) =>
      `there is nothing at ${folder === "" ? "" : `${folder}/`}${pattern} in this checkout: build it in a step before, or commit it; a .gitignore may hide it`,
  ],
  [
    /pattern (\S+): cannot embed/u,
    (pattern) =>
      `${pattern} holds something that is no plain file, a link perhaps: embed files alone`,
  ],
  [
    /package (\S+) is not in std/u,
    (name) =>
      `no module has a path like ${name}: correct the import, or it is of a newer Go's library (\`go-version\`)`,
  ],
  [
    /build constraints exclude all Go files/u,
    "a package has no files for this target: it may need cgo (`env: CGO_ENABLED=1` on a machine of that platform), or leave the target out of `targets`",
  ],
  [
    /(-race|-msan|-asan|-buildmode=\S+) (?:is )?not supported on/u,
    (name) =>
      `give ${name} to the targets that have it alone: a row of \`builds\` with its own \`targets\` and \`flags\``,
  ],
  [
    /(-race|-msan|-asan) requires cgo/u,
    (name) => `set \`env: CGO_ENABLED=1\` with a C compiler, or take ${name} out of \`flags\``,
  ],
  [
    /cgo: C compiler "?([^"\s]+?)"? not found|exec: "([^"]*(?:gcc|clang|cc|g\+\+)[^"]*)": executable file not found/u,
    (one, other) =>
      `there is no C compiler ${one || other} here: install one for this target and name it in \`env: CC=…\`, or build without cgo (\`env: CGO_ENABLED=0\`)`,
  ],
  [
    /requires external \(cgo\) linking|-linkmode=external|gcc.*not found/u,
    "this target needs cgo and a C compiler for it: set `env: CGO_ENABLED=1` and CC, or leave it out of `targets`",
  ],
  [
    /fatal error: '?([\w./+-]+\.h(?:pp)?)'?(?: file not found|: No such file)/u,
    (header) =>
      `the C header ${header} is not here: install the development package of its library for this target`,
  ],
  [
    /cannot find -l([\w.+-]+)|library '?(?:not found for -l)?([\w.+-]+)'? not found/u,
    (one, other) =>
      `the C library ${one || other} is not here: install it for this target, in its static form where the program is to be static`,
  ],
  [
    /Error: no such instruction|unrecognized command.line option|selected processor does not support/u,
    "the C compiler makes code for another platform: give each target its own in a row of `builds` with `env: CC=…`",
  ],
  [
    /undefined: .*(?:sqlite|C\.)|could not import C/u,
    "the package needs cgo: set `env: CGO_ENABLED=1`",
  ],
  [
    /(\S+): cannot set with -X: not a var of type string/u,
    (name) => `take -X ${name} out of \`ldflags\`, or declare it as a string`,
  ],
  [/-X flag requires argument of the form/u, "write -X PACKAGE.NAME=VALUE in `ldflags`"],
  [/flag provided but not defined/u, "correct `flags` or `ldflags`"],
  [/requires go >= |note: module requires Go /u, "set `go-version` to that release, or install it"],
];
