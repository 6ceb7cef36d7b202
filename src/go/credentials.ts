import { delimiter, isAbsolute, join } from "node:path";
import type { World } from "../world/world.ts";
import { gitSettings, pick } from "./environment.ts";

type GitCallerEnvironment = Readonly<Record<string, string | undefined>>;

/** By which git, ssh and Mercurial are set up (git(1), "ENVIRONMENT VARIABLES"), and where their helpers keep secrets. */
const settings = [
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CONFIG_PARAMETERS",
  "GIT_ASKPASS",
  "GIT_SSH",
  "GIT_SSH_COMMAND",
  "GIT_SSH_VARIANT",
  "GIT_PROXY_COMMAND",
  "GIT_PROXY_SSL_CAINFO",
  "GIT_PROXY_SSL_CERT",
  "GIT_PROXY_SSL_KEY",
  "GIT_SSL_CAINFO",
  "GIT_SSL_CAPATH",
  "GIT_SSL_CERT",
  "GIT_SSL_CIPHER_LIST",
  "GIT_SSL_KEY",
  "GIT_SSL_NO_VERIFY",
  "GIT_SSL_VERSION",
  "GIT_HTTP_PROXY_AUTHMETHOD",
  "GIT_HTTP_USER_AGENT",
  "GIT_ALLOW_PROTOCOL",
  "GIT_PROTOCOL_FROM_USER",
  "GIT_EXEC_PATH",
  "SSH_ASKPASS",
  "SSH_ASKPASS_REQUIRE",
  "SSH_AUTH_SOCK",
  "SSH_AGENT_PID",
  "KRB5CCNAME",
  "KRB5_CONFIG",
  "GNUPGHOME",
  "PASSWORD_STORE_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
  "HGRCPATH",
];

/** Helpers that are programs, and the variables they take a credential from. */
const helpers: readonly (readonly [command: RegExp, variables: RegExp])[] = [
  [
    /\bgh(\.exe)?\s+auth\b/u,
    /^(GH_|GITHUB_|GITHUB_ENTERPRISE_)(TOKEN|HOST|CONFIG_DIR|ENTERPRISE_TOKEN)$/u,
  ],
  [
    /\bglab(\.exe)?\s+auth\b/u,
    /^(GITLAB_(ACCESS_)?TOKEN|OAUTH_TOKEN|GITLAB_HOST|GLAB_CONFIG_DIR)$/u,
  ],
  [/\bcodecommit\b|\baws\b/u, /^AWS_\w+$/u],
  [/\bgcloud\b|\bgoogle/u, /^(CLOUDSDK|GOOGLE)_\w+$/u],
  [/\bmanager(-core)?\b/u, /^GCM_\w+$/u],
];

interface CredentialRequest {
  readonly folder: string;
  /** GOAUTH. */
  readonly auth: string | undefined;
  /** See `gitSettings`. */
  readonly trusted: readonly string[];
}

/**
 * What git has to see to reach a private module as it does in the user's own shell: all of its settings, and those
 * variables that a credential helper, an askpass program or GOAUTH of the user's names. No other secret goes along.
 */
export async function gitCredentials(
  env: GitCallerEnvironment,
  { folder, auth, trusted }: CredentialRequest,
  world: Pick<World, "capture" | "files">,
): Promise<Readonly<Record<string, string>>> {
  const git = { ...pick(env, settings), ...gitSettings(trusted, commandSettings(env)) };
  const commands = [
    ...(await helpersOf(
      { ...pick(env, ["PATH", "HOME", "USERPROFILE", "XDG_CONFIG_HOME"]), ...git },
      folder,
      world,
    )),
    ...["GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND"].map((name) => env[name] ?? ""),
    auth ?? "",
  ].filter((command) => command !== "");
  const texts = await Promise.all(commands.map((command) => wordsOf(command, env, world.files)));
  const named = Object.keys(env).filter((name) => texts.some((text) => names(text, name)));
  return { ...pick(env, named), ...git };
}

/** The settings of GIT_CONFIG_COUNT (git-config(1), "ENVIRONMENT"). */
function commandSettings(env: GitCallerEnvironment): readonly (readonly [string, string])[] {
  const count = Number(/^\d{1,4}$/u.exec(env["GIT_CONFIG_COUNT"] ?? "")?.[0] ?? 0);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const key = env[`GIT_CONFIG_KEY_${index}`];
    const value = env[`GIT_CONFIG_VALUE_${index}`];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
}

/** The programs that git would ask for a credential. */
async function helpersOf(
  env: Readonly<Record<string, string>>,
  cwd: string,
  { capture }: Pick<World, "capture">,
): Promise<readonly string[]> {
  const args = [
    "config",
    "-z",
    "--get-regexp",
    "^(credential\\..*helper|core\\.(askpass|sshcommand))$",
  ];
  // Without git no module is fetched by it.
  const { stdout } = await capture({ file: "git", args, cwd, env }).catch(() => ({ stdout: "" }));
  return stdout.split("\0").map((entry) => entry.slice(entry.indexOf("\n") + 1));
}

/** More than any script that prints a password. */
const LONGEST_SCRIPT = 65_536;

/** A command, and the text of the script that it starts. */
async function wordsOf(
  command: string,
  env: GitCallerEnvironment,
  files: World["files"],
): Promise<string> {
  const [program = ""] = command.replace(/^!/u, "").trim().split(/\s+/u);
  const folders = (env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  const paths = isAbsolute(program)
    ? [program]
    : folders.flatMap((folder) => [
        join(folder, `git-credential-${program}`),
        join(folder, program),
      ]);
  for (const path of paths) {
    const found = await files.stat(path).catch(() => undefined);
    if (found?.kind !== "file") continue;
    if (found.size > LONGEST_SCRIPT) return command;
    const text = await files.readText(path).catch(() => "");
    return text.startsWith("#!") ? `${command}\n${text}` : command;
  }
  return command;
}

function names(text: string, variable: string): boolean {
  if (helpers.some(([command, variables]) => command.test(text) && variables.test(variable)))
    return true;
  if (!/^[A-Za-z_]\w*$/u.test(variable)) return false;
  return new RegExp(
    `\\$\\{?${variable}\\b|environ\\W+${variable}\\b|getenv\\W+${variable}\\b`,
    "u",
  ).test(text);
}

/** What `go` and git say of a server, without the password of its URL. */
export function withoutPasswords(text: string): string {
  return text.replace(/(?<=:\/\/)[^\s/@]+@/gu, "***@");
}
