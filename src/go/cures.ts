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
      `go.mod replaces ${module || other} by the folder ${folder || elsewhere}, which is not in this checkout: commit it, or fetch it in an earlier step`,
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
      `\`${directive}\` comes from Go ${SINCE[directive]}: install that or newer, or set \`go-version\``,
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
  "give git credentials for this module's server: a line in ~/.netrc, `git config --global url.….insteadOf`, or a credential helper";

/** Proxies, the checksum database, and git where a module is fetched from its own repository. */
const fetching: Cures = [
  [/no space left on device/u, "free some disk space, or move GOMODCACHE to a larger disk"],
  [
    /module lookup disabled by GOPROXY=off/u,
    "GOPROXY is off and the module is not in GOMODCACHE: set GOPROXY, or fill the cache first",
  ],
  [
    /checksum mismatch[\s\S]*(?:sum\.golang\.org|checksum database)/u,
    "the module differs from what the checksum database recorded for that version: its tag was moved, or something altered it in transit; find out which before you release",
  ],
  [
    /checksum mismatch/u,
    "the module differs from what go.sum says: its tag was moved, or something altered it in transit; if the change is intended, run `go clean -modcache && go mod tidy` and commit go.sum",
  ],
  [
    /reading https?:\/\/\S+\/lookup\/(\S+?): (?:404|410)/u,
    (module) =>
      `the checksum database does not know ${module}: if it is private, set GOPRIVATE (or GONOSUMDB) to its path; otherwise commit its line in go.sum`,
  ],
  [
    /(?:Get "|reading )(https?:\/\/[^/\s"]+)\S*\/lookup\//u,
    (server) =>
      `the checksum database ${server} cannot be reached, and go.sum lacks a line: ${TIDY}, or set GOSUMDB to a reachable one`,
  ],
  [
    /reading (https?:\/\/[^/\s]+)\S*: (?:404|410)[\s\S]*server response:[\s\S]*terminal prompts disabled/u,
    (proxy) =>
      `${proxy} cannot access that repository: if it is private, set GOPRIVATE to the module's path, and ${CREDENTIAL}`,
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
        ? `${proxy} refuses that version: its policy blocks it, or it requires credentials (NETRC, GOAUTH, or a name and password in GOPROXY)`
        : `${proxy} requires credentials: provide them with NETRC, GOAUTH, or a name and password in GOPROXY`,
  ],
  [
    /reading (https?:\/\/[^/\s]+)\S*: (?:404|410)/u,
    (proxy) =>
      `${proxy} has no such version: check that its tag exists and was pushed, add \`,direct\` to GOPROXY, and set GOPRIVATE if it is private`,
  ],
  [
    /reading (https?:\/\/[^/\s]+)\S*: 5\d\d/u,
    (proxy) => `${proxy} is failing: run again later, or set GOPROXY to another proxy`,
  ],
  [
    /unknown revision (\S+)/u,
    (revision) =>
      `${revision} is not in that repository: its tag or commit was deleted, never pushed, or is in another one`,
  ],
  [
    /exec: "git": executable file not found/u,
    "install git, which is needed to fetch modules that no proxy has",
  ],
  [
    /GOVCS disallows using (\S+)|exec: "(hg|svn|bzr|fossil)"/u,
    (one, other) =>
      `that module is fetched with ${one || other}: install it and allow it in GOVCS, or use a proxy that has the module`,
  ],
  [
    /x509:|certificate|tls: failed to verify/u,
    "the server's certificate is from an unknown authority: set SSL_CERT_FILE to that authority's certificate (for git in GIT_SSL_CAINFO)",
  ],
  [
    /(?:Get "|unable to access ')(https?:\/\/[^/"'\s]+)|dial tcp|no such host|Could not resolve host|i\/o timeout|connection refused/u,
    (server) =>
      `${server === "" ? "a server" : server} cannot be reached from here: check the network and HTTPS_PROXY, or set GOPROXY to a reachable mirror`,
  ],
];

/** What goes wrong most often while packages are found, compiled and linked. */
const building: Cures = [
  [
    /no space left on device/u,
    "free some disk space, or move GOCACHE and `output` to a larger disk",
  ],
  [
    /build cache is (?:disabled|required)/u,
    "set HOME, or set GOCACHE to a folder that this user can write to",
  ],
  [
    /disabled by -mod=vendor/u,
    "run `go mod vendor` and commit the whole vendor folder; a .gitignore may exclude a part of it",
  ],
  [
    /(?:^|\n)(?:vet: )?(?:(\S+)\/)?[^\s/:]+\.go:\d+:\d+: pattern (?:all:)?(\S+): no matching files found/u,
    (folder, pattern) =>
      `there is nothing at ${folder === "" ? "" : `${folder}/`}${pattern} in this checkout: generate it in an earlier step, or commit it; a .gitignore may exclude it`,
  ],
  [
    /pattern (\S+): cannot embed/u,
    (pattern) =>
      `${pattern} contains something that is not a regular file, such as a link: embed only regular files`,
  ],
  [
    /package (\S+) is not in std/u,
    (name) =>
      `no module path looks like ${name}: fix the import, or if it is in the standard library of a newer Go, set \`go-version\``,
  ],
  [
    /build constraints exclude all Go files/u,
    "a package has no files for this target: it may need cgo (`env: CGO_ENABLED=1` on a machine of that platform), or remove the target from `targets`",
  ],
  [
    /(-race|-msan|-asan|-buildmode=\S+) (?:is )?not supported on/u,
    (name) =>
      `use ${name} only for targets that support it: an entry of \`builds\` with its own \`targets\` and \`flags\``,
  ],
  [
    /(-race|-msan|-asan) requires cgo/u,
    (name) => `set \`env: CGO_ENABLED=1\` with a C compiler, or remove ${name} from \`flags\``,
  ],
  [
    /cgo: C compiler "?([^"\s]+?)"? not found|exec: "([^"]*(?:gcc|clang|cc|g\+\+)[^"]*)": executable file not found/u,
    (one, other) =>
      `the C compiler ${one || other} was not found: install one for this target and set it with \`env: CC=…\`, or build without cgo (\`env: CGO_ENABLED=0\`)`,
  ],
  [
    /requires external \(cgo\) linking|-linkmode=external|gcc.*not found/u,
    "this target needs cgo and a C compiler for it: set `env: CGO_ENABLED=1` and CC, or remove it from `targets`",
  ],
  [
    /fatal error: '?([\w./+-]+\.h(?:pp)?)'?(?: file not found|: No such file)/u,
    (header) =>
      `the C header ${header} was not found: install the development package of its library for this target`,
  ],
  [
    /cannot find -l([\w.+-]+)|library '?(?:not found for -l)?([\w.+-]+)'? not found/u,
    (one, other) =>
      `the C library ${one || other} was not found: install it for this target, as a static library if the program should be static`,
  ],
  [
    /Error: no such instruction|unrecognized command.line option|selected processor does not support/u,
    "the C compiler targets another platform: give each target its own entry of `builds` with `env: CC=…`",
  ],
  [
    /undefined: .*(?:sqlite|C\.)|could not import C/u,
    "the package needs cgo: set `env: CGO_ENABLED=1`",
  ],
  [
    /(\S+): cannot set with -X: not a var of type string/u,
    (name) => `remove -X ${name} from \`ldflags\`, or declare it as a string`,
  ],
  [/-X flag requires argument of the form/u, "write -X PACKAGE.NAME=VALUE in `ldflags`"],
  [/flag provided but not defined/u, "fix `flags` or `ldflags`"],
  [/requires go >= |note: module requires Go /u, "set `go-version` to that version, or install it"],
];
