import { dirname } from "node:path";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import { askingEnvironment, buildingEnvironment, fetchSettings } from "./environment.ts";
import { installGo } from "./install.ts";

/** The `go` that will build, and the environment that every later call of it gets. */
export interface Toolchain {
  /** Program to start. */
  readonly go: string;
  /** e.g. `go1.26.8`: the toolchain that go.mod and `go-version` select. */
  readonly version: string;
  /** Absolute folder of go.mod, or undefined outside a module. */
  readonly module: string | undefined;
  /** A go.work that Go would use by itself. */
  readonly workspace: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

interface GoEnvironment extends Partial<Record<(typeof fetchSettings)[number], string>> {
  readonly GOVERSION: string;
  readonly GOMOD: string;
  readonly GOMODCACHE: string;
  readonly GOCACHE: string;
  readonly GOPATH: string;
}

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

/**
 * Asks `go env` once, under the user's own settings, and settles everything that could vary afterwards. A version
 * that is asked for is fetched by `go` itself (go.dev/doc/toolchain), or installed where there is no `go` that
 * can. Throws a `Problem` when there is no usable `go`.
 */
export async function toolchain(
  { folder, env: userEnv, version: wished, trusted }: ToolchainRequest,
  world: Pick<World, "capture" | "install" | "http" | "machine">,
): Promise<Toolchain> {
  const wanted = wished?.replace(/^go/u, "");
  const go = await programFor(wanted, folder, userEnv, world);
  const env = askingEnvironment(userEnv, wanted === undefined ? undefined : `go${wanted}`);
  const names = ["GOVERSION", "GOMOD", "GOMODCACHE", "GOCACHE", "GOPATH", ...fetchSettings];
  const { status, stdout, stderr } = await world.capture({
    file: go,
    args: ["env", "-json", ...names],
    cwd: folder,
    env,
  });
  if (status !== 0) throw refused(stderr, wanted);
  const answer = JSON.parse(stdout) as GoEnvironment;
  const fetching = Object.fromEntries(
    fetchSettings.flatMap((name) => (answer[name] ? [[name, answer[name]]] : [])),
  );
  const { GOVERSION, GOMOD, GOMODCACHE, GOCACHE, GOPATH } = answer;
  const version = GOVERSION.split(" ")[0] ?? GOVERSION;
  return {
    go,
    version,
    module: GOMOD === "" || /^(\/dev\/null|NUL)$/iu.test(GOMOD) ? undefined : dirname(GOMOD),
    workspace: await workspaceOf(go, folder, userEnv, world.capture),
    env: {
      ...buildingEnvironment(userEnv, fetching, version, trusted),
      ...{ GOMODCACHE, GOCACHE, GOPATH },
    },
  };
}

/** The `go` on PATH; one of its own for a wanted version when that is missing or too old to switch. */
async function programFor(
  wanted: string | undefined,
  folder: string,
  userEnv: ToolchainRequest["env"],
  world: Pick<World, "capture" | "install" | "http" | "machine">,
): Promise<string> {
  const env = { ...askingEnvironment(userEnv, undefined), GOTOOLCHAIN: "local" };
  const found = await world
    .capture({ file: "go", args: ["env", "GOVERSION"], cwd: folder, env })
    .catch((cause: unknown) => ({ status: -1, stdout: "", cause }));
  const minor = Number(/^go1\.(\d+)/u.exec(found.stdout)?.[1] ?? 0);
  if (found.status === 0 && (wanted === undefined || minor >= 21)) return "go";
  if (wanted !== undefined) return await installGo(wanted, world);
  if ("stderr" in found) throw refused(found.stderr, wanted);
  throw new Problem("no-go", "`go` cannot be started", {
    hint: "install Go and put it on PATH, or set `go-version`",
    ...("cause" in found ? { cause: found.cause } : {}),
  });
}

/** The go.work that would have been used; an explicit `GOWORK=off` of the user's means none. */
async function workspaceOf(
  go: string,
  folder: string,
  userEnv: Readonly<Record<string, string | undefined>>,
  capture: World["capture"],
): Promise<string | undefined> {
  const { GOWORK: _, ...env } = askingEnvironment(userEnv, undefined);
  const { stdout } = await capture({ file: go, args: ["env", "GOWORK"], cwd: folder, env });
  const path = stdout.trim();
  return path === "" || path === "off" ? undefined : path;
}

function refused(stderr: string, wanted: string | undefined): Problem {
  const said = (stderr.trim().split("\n").at(-1) ?? "").replace(/^go: /u, "");
  if (wanted !== undefined && said.startsWith("download go")) {
    return new Problem("go-unavailable", `go-version ${wanted} cannot be had: ${said}`, {
      hint: "name a release of go.dev/dl, and check the network and GOPROXY",
    });
  }
  return (
    goTooOld(stderr) ??
    new Problem("go", `\`go env\` failed: ${said}`, {
      hint: "run `go env` in the module and mend what it says",
    })
  );
}

/** Whether it is a release of Go, which can be had again anywhere. */
export function isGoRelease(version: string): boolean {
  return /^go1\.\d+(\.\d+|(rc|beta)\d+)$/u.test(version);
}

/** That go.mod asks for a newer Go than is here and can be had, when that is what `go` says. */
export function goTooOld(stderr: string): Problem | undefined {
  const [, needed, running] = /requires go >= (\S+) \(running go (\S+?)[;)]/u.exec(stderr) ?? [];
  if (needed === undefined) return undefined;
  return new Problem("go-too-old", `go.mod requires Go ${needed}, and this is Go ${running}`, {
    hint: `install Go ${needed} or newer, or let Go fetch it: \`GOTOOLCHAIN=auto\` and a GOPROXY that has it`,
  });
}
