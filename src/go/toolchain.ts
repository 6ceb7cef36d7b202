import { dirname, join } from "node:path";
import { goMinor, isSameGo, readGoVersion } from "../model/go-version.ts";
import { Problem } from "../model/problem.ts";
import type { Reach } from "../net/exchange.ts";
import type { World } from "../world/world.ts";
import { assertCaches, type GoFolders, ownFolders } from "./caches.ts";
import { gitCredentials } from "./credentials.ts";
import {
  askingEnvironment,
  buildingEnvironment,
  fetchingEnvironment,
  fetchSettings,
} from "./environment.ts";
import { envRefused } from "./go-problems.ts";
import { installGo } from "./install.ts";
import { modeOfModules } from "./removable-modules.ts";
import { setAside } from "./set-aside.ts";

/** The `go` that will build, and the environment that every later call of it gets. */
export interface Toolchain {
  /** Program to start. */
  readonly go: string;
  /** As it calls itself, e.g. `go1.26.8`, `go1.26.8 (Red Hat 1.26.8-1.el10)`, `go1.26.8-X:nodwarf5`. */
  readonly version: string;
  /** What it builds with where nobody says otherwise, as far as that is not Go's own: GOEXPERIMENT, GOFIPS140. */
  readonly defaults: Readonly<Record<string, string>>;
  /** The one on PATH, where go.mod or GOTOOLCHAIN selects another. */
  readonly replaced?: string;
  /** Absolute folder of go.mod, or undefined outside a module. */
  readonly module: string | undefined;
  /** A go.work that Go would use by itself. */
  readonly workspace: string | undefined;
  /** For all that compiles. */
  readonly env: Readonly<Record<string, string>>;
  /** For all that fetches modules: the user's proxies, git settings and credentials too. */
  readonly fetching: Readonly<Record<string, string>>;
  /** Folders that `go` makes and fills by itself. */
  readonly folders: readonly string[];
  /** Settings of the user's that count for a plain `go build` and for nothing here. */
  readonly setAside: Readonly<Record<string, string>>;
}

type GoEnvironment = GoFolders &
  Partial<Record<(typeof fetchSettings)[number] | "GOENV" | "GOFLAGS", string>> & {
    readonly GOVERSION: string;
    readonly GOROOT: string;
    readonly GOMOD: string;
  };

/** What is asked for. */
export interface ToolchainRequest {
  /** The module's folder. */
  readonly folder: string;
  /** The user's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `go-version`, with or without `go` before it. */
  readonly version: string | undefined;
  /** Roots of repositories that are read whoever owns them. */
  readonly trusted?: readonly string[];
}

/** What finding a toolchain takes of the world. */
export type ToolchainWorld = Reach & Pick<World, "capture" | "files" | "install" | "machine">;

/**
 * Asks `go env` under the user's own settings, and settles everything that could vary afterwards. The `go` on PATH
 * is used as it is, whoever made it, unless `go-version`, GOTOOLCHAIN or go.mod select another, which `go` itself
 * fetches (go.dev/doc/toolchain), or which is installed where there is no `go` that can. Throws a `Problem` when
 * there is no usable `go`.
 */
export async function toolchain(
  request: ToolchainRequest,
  world: ToolchainWorld,
): Promise<Toolchain> {
  const { folder, env: userEnv, trusted = [] } = request;
  const wanted = request.version?.replace(/^go/u, "");
  const found = await goOnPath(wanted, request, world);
  const { program, answer } = await selected(found, wanted, request, world);
  assertCaches(answer, userEnv, folder);
  const { GOVERSION, GOROOT, GOMOD, GOMODCACHE, GOCACHE, GOPATH } = answer;
  const own =
    found.GOROOT === GOROOT ? found : await ownSettings(program, folder, userEnv, world.capture);
  const fetching = Object.fromEntries(
    fetchSettings.flatMap((name) => (answer[name] ? [[name, answer[name]]] : [])),
  );
  const [workspace, credentials, settings] = await Promise.all([
    workspaceOf(program, folder, userEnv, world.capture),
    gitCredentials(userEnv, { folder, auth: answer.GOAUTH, trusted }, world),
    goEnvFile(answer.GOENV, world.files),
  ]);
  const paths = { GOMODCACHE, GOCACHE, GOPATH, ...modeOfModules(answer.GOFLAGS) };
  return {
    go: program,
    version: GOVERSION,
    defaults: defaultsOf(own),
    ...(wanted !== undefined || isSameGo(found.GOVERSION, GOVERSION)
      ? {}
      : { replaced: found.GOVERSION }),
    module: GOMOD === "" || /^(\/dev\/null|NUL)$/iu.test(GOMOD) ? undefined : dirname(GOMOD),
    workspace,
    env: { ...buildingEnvironment(userEnv, trusted), ...paths },
    fetching: { ...fetchingEnvironment(userEnv, fetching, credentials), ...paths },
    folders: ownFolders(answer, folder),
    setAside: withoutOwn(setAside(userEnv, settings), GOROOT),
  };
}

/** What one `go` says of itself, whatever the user set. */
interface FoundGo {
  readonly program: string;
  readonly GOVERSION: string;
  readonly GOROOT: string;
  readonly GOEXPERIMENT?: string;
  readonly GOFIPS140?: string;
}

/** The `go` on PATH; one of its own for a wanted version when that is missing or too old to switch. */
async function goOnPath(
  wanted: string | undefined,
  { folder, env }: ToolchainRequest,
  world: ToolchainWorld,
): Promise<FoundGo> {
  const found = await ownSettings("go", folder, env, world.capture).catch((cause: unknown) => {
    if (wanted !== undefined) return undefined;
    if (cause instanceof Problem) throw cause;
    throw new Problem("no-go", "`go` cannot be started", {
      hint: "install Go and put it on PATH, or set `go-version`",
      cause,
    });
  });
  if (wanted === undefined && found !== undefined) return assertCompiler(found);
  if (found !== undefined && goMinor(found.GOVERSION) >= 21) return found;
  return await installed(wanted ?? "", folder, env, world);
}

async function installed(
  wanted: string,
  folder: string,
  env: ToolchainRequest["env"],
  world: ToolchainWorld,
): Promise<FoundGo> {
  return await ownSettings(await installGo(wanted, world), folder, env, world.capture);
}

/** gccgo's programs carry no build information of the kind that is inspected here, nor do those of Go before 1.18. */
function assertCompiler(found: FoundGo): FoundGo {
  const { GOVERSION } = found;
  const hint = "put Go 1.18 or newer on PATH before it, or set `go-version`";
  if (/\bgccgo\b/u.test(GOVERSION))
    throw new Problem("go-gccgo", `\`go\` on PATH is gccgo (${GOVERSION})`, { hint });
  // So Debian's gccgo called itself, and before 1.16 there is no GOVERSION.
  if (GOVERSION === "" || GOVERSION.startsWith("unknown")) {
    throw new Problem(
      "go-unknown-version",
      `\`go\` on PATH does not report its version (GOVERSION is ${JSON.stringify(GOVERSION)})`,
      { hint },
    );
  }
  return found;
}

/** Asks one `go` about itself, with no setting of anybody's. */
async function ownSettings(
  program: string,
  folder: string,
  userEnv: ToolchainRequest["env"],
  capture: World["capture"],
): Promise<FoundGo> {
  const { GOENV: _, ...asking } = askingEnvironment(userEnv, "local");
  const { status, stdout, stderr } = await capture({
    file: program,
    args: ["env", "-json", "GOVERSION", "GOROOT", "GOEXPERIMENT", "GOFIPS140"],
    cwd: folder,
    env: { ...asking, GOENV: "off" },
  });
  if (status !== 0) throw envRefused(stderr, undefined);
  return { ...(JSON.parse(stdout) as Omit<FoundGo, "program">), program };
}

/** The `go` that is used, and what it says under the user's settings. */
async function selected(
  found: FoundGo,
  wanted: string | undefined,
  { folder, env: userEnv }: ToolchainRequest,
  world: ToolchainWorld,
): Promise<{ program: string; answer: GoEnvironment }> {
  const name = wanted === undefined ? undefined : `go${wanted}`;
  const answer = await ask(found.program, name);
  if (name !== undefined && readGoVersion(answer.GOVERSION).name !== name) {
    // It cannot switch, or its maker forbids it.
    const { program } = await installed(wanted ?? "", folder, userEnv, world);
    return { program, answer: await ask(program, "local") };
  }
  if (answer.GOROOT === found.GOROOT) return { program: found.program, answer };
  // Started directly, no name has to lead to it again.
  const file = world.machine.platform === "win32" ? "go.exe" : "go";
  return { program: join(answer.GOROOT, "bin", file), answer };

  async function ask(file: string, toolchain: string | undefined): Promise<GoEnvironment> {
    const names = ["GOVERSION", "GOROOT", "GOMOD", "GOMODCACHE", "GOCACHE", "GOPATH", "GOFLAGS"];
    const { status, stdout, stderr } = await world.capture({
      file,
      args: ["env", "-json", ...names, "GOENV", "GOTELEMETRYDIR", ...fetchSettings],
      cwd: folder,
      env: askingEnvironment(userEnv, toolchain),
    });
    if (status !== 0) throw envRefused(stderr, wanted);
    return JSON.parse(stdout) as GoEnvironment;
  }
}

function defaultsOf({ GOEXPERIMENT = "", GOFIPS140 = "" }: FoundGo): Record<string, string> {
  return {
    ...(GOEXPERIMENT === "" ? {} : { GOEXPERIMENT }),
    ...(GOFIPS140 === "" || GOFIPS140 === "off" ? {} : { GOFIPS140 }),
  };
}

/** A GOROOT that says where this `go` lies is no other setting. */
function withoutOwn(settings: Readonly<Record<string, string>>, root: string) {
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => name !== "GOROOT" || value !== root),
  );
}

async function goEnvFile(path: string | undefined, files: World["files"]): Promise<string> {
  if (path === undefined || path === "" || path === "off") return "";
  return await files.readText(path).catch(() => "");
}

/** The go.work that would have been used; an explicit `GOWORK=off` of the user's means none. */
async function workspaceOf(
  go: string,
  folder: string,
  userEnv: ToolchainRequest["env"],
  capture: World["capture"],
): Promise<string | undefined> {
  const { GOWORK: _, ...asking } = askingEnvironment(userEnv, undefined);
  const env = userEnv["GOWORK"] ? { ...asking, GOWORK: userEnv["GOWORK"] } : asking;
  const { stdout } = await capture({ file: go, args: ["env", "GOWORK"], cwd: folder, env });
  const path = stdout.trim();
  return path === "" || path === "off" ? undefined : path;
}
