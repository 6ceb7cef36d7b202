import { defined } from "../model/defined.ts";

type GoCallerEnvironment = Readonly<Record<string, string | undefined>>;

/** What `go` needs to find itself, its caches and the network; nothing here can change a byte of a binary. */
export const inherited: readonly string[] = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "LOCALAPPDATA",
  "APPDATA",
  "PROGRAMDATA",
  "SYSTEMROOT",
  "SystemRoot",
  "WINDIR",
  "PATHEXT",
  "COMSPEC",
  "TMPDIR",
  "TEMP",
  "TMP",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "GOPATH",
  "GOMODCACHE",
  "GOCACHE",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "SSH_AUTH_SOCK",
  "GIT_SSH",
  "GIT_SSH_COMMAND",
  "GIT_SSL_CAINFO",
  // Who called sudo owns the checkout, and git asks for that.
  "SUDO_UID",
  "NETRC",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
];

/** Go settings that only concern fetching; `go env` resolves them, the user's `go env -w` file included. */
export const fetchSettings = [
  "GOPROXY",
  "GOPRIVATE",
  "GONOPROXY",
  "GOSUMDB",
  "GONOSUMDB",
  "GOINSECURE",
  "GOVCS",
  "GOAUTH",
] as const;

function pick(env: GoCallerEnvironment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

/**
 * For the one question that resolves the toolchain and the fetch settings: the user's own `go env -w` file
 * counts here and nowhere else. `toolchain` is what `go-version` asks for.
 */
export function askingEnvironment(
  env: GoCallerEnvironment,
  toolchain: string | undefined,
): Record<string, string> {
  return defined({
    ...pick(env, [...inherited, ...fetchSettings, "GOENV", "GOTOOLCHAIN"]),
    GOTOOLCHAIN: toolchain,
    // Switched off by a setting from before modules, it would hide go.mod.
    GO111MODULE: "on",
    GOWORK: "off",
    LC_ALL: "C",
  });
}

/**
 * For everything that downloads or compiles: an allow-list. The user's `go env -w` file does not count
 * (GOENV=off); what it says of fetching arrives as `fetching`, resolved before. `trusted`: see `gitSettings`.
 */
export function buildingEnvironment(
  env: GoCallerEnvironment,
  fetching: Readonly<Record<string, string>>,
  go: string,
  trusted: readonly string[] = [],
): Record<string, string> {
  return {
    ...pick(env, inherited),
    ...fetching,
    ...gitSettings(trusted),
    GOENV: "off",
    GOWORK: "off",
    // A released toolchain is pinned by name; a development one has no name that Go could find again.
    GOTOOLCHAIN: /^go1\.\d+(\.\d+|rc\d+|beta\d+)?$/u.test(go) ? go : "local",
    LC_ALL: "C",
  };
}

/** One setting of git. */
export type GitSetting = readonly [key: string, value: string];

/**
 * What git is told wherever it is started, by us or by `go`, which stamps the commit: honoured from the command
 * scope, so no file is changed (git-config(1), safe.directory). git refuses another user's checkout, as in a
 * container's job; `trusted` roots alone are read all the same. What a checkout's own settings could start is switched
 * off, and what they would add to git's answers; `more` settings come before.
 */
export function gitSettings(
  trusted: readonly string[],
  more: readonly GitSetting[] = [],
): Readonly<Record<string, string>> {
  const settings: readonly GitSetting[] = [
    ...more,
    ...trusted.map((root) => ["safe.directory", root.replaceAll("\\", "/")] as const),
    ["core.fsmonitor", "false"],
    ["core.hooksPath", "/dev/null"],
    ["log.showSignature", "false"],
  ];
  return {
    // A `git status` that is killed with its compiler would leave the index locked (git(1)).
    GIT_OPTIONAL_LOCKS: "0",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}
