type GoCallerEnvironment = Readonly<Record<string, string | undefined>>;

/** What `go` needs to find itself and its caches; nothing here can change a byte of a binary. */
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
  // Who called sudo owns the checkout, and git asks for that.
  "SUDO_UID",
  // A version manager's `go` on PATH asks them which Go it is.
  "ASDF_DIR",
  "ASDF_DATA_DIR",
  "ASDF_GOLANG_VERSION",
  "GOENV_ROOT",
  "GOENV_VERSION",
  "MISE_DATA_DIR",
  "MISE_GO_VERSION",
  "XDG_DATA_HOME",
];

/** How servers are reached: for all that fetches, and for no compiler, since a proxy's URL may hold a password. */
const network = [
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NETRC",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
  // Settings of Go's own network code, e.g. `http2client=0`, `tlsrsakex=1`.
  "GODEBUG",
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

/** Those of the variables that are set. */
export function pick(env: GoCallerEnvironment, names: readonly string[]): Record<string, string> {
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
  return {
    ...pick(env, [...inherited, ...network, ...fetchSettings, "GOENV", "GOTOOLCHAIN"]),
    ...(toolchain === undefined ? {} : { GOTOOLCHAIN: toolchain }),
    // Switched off by a setting from before modules, it would hide go.mod.
    GO111MODULE: "on",
    GOWORK: "off",
    LC_ALL: "C",
  };
}

/**
 * For everything that compiles: an allow-list, with nothing that reaches a server. The user's `go env -w` file
 * does not count (GOENV=off). The toolchain was chosen before, and stays. `trusted`: see `gitSettings`.
 */
export function buildingEnvironment(
  env: GoCallerEnvironment,
  trusted: readonly string[] = [],
): Record<string, string> {
  return {
    ...pick(env, inherited),
    ...gitSettings(trusted),
    GOENV: "off",
    GOWORK: "off",
    GOPROXY: "off",
    GOTOOLCHAIN: "local",
    LC_ALL: "C",
  };
}

/** One setting of git. */
export type GitSetting = readonly [key: string, value: string];
/** For what fetches modules and never compiles; `fetching` is what `go env` says of it, and `git` what git needs. */
export function fetchingEnvironment(
  env: GoCallerEnvironment,
  fetching: Readonly<Record<string, string>>,
  git: Readonly<Record<string, string>>,
): Record<string, string> {
  const { GOPROXY: _, ...building } = buildingEnvironment(env);
  return { ...building, ...pick(env, network), ...git, ...fetching };
}

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
