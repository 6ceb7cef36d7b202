import { dirname } from "node:path";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import { askingEnvironment, buildingEnvironment, fetchSettings } from "./environment.ts";

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

interface Answer extends Partial<Record<(typeof fetchSettings)[number], string>> {
  readonly GOVERSION: string;
  readonly GOMOD: string;
  readonly GOMODCACHE: string;
  readonly GOCACHE: string;
  readonly GOPATH: string;
}

/**
 * Asks `go env` once, under the user's own settings, and settles everything that could vary afterwards.
 * Throws a `Problem` when there is no usable `go`.
 */
export const toolchain = async (
  go: string,
  folder: string,
  userEnv: Readonly<Record<string, string | undefined>>,
  wanted: string | undefined,
  { ask }: Pick<World, "ask">,
): Promise<Toolchain> => {
  const env = askingEnvironment(
    userEnv,
    wanted === undefined ? undefined : `go${wanted.replace(/^go/u, "")}`,
  );
  const names = ["GOVERSION", "GOMOD", "GOMODCACHE", "GOCACHE", "GOPATH", ...fetchSettings];
  const { status, stdout, stderr } = await ask({
    file: go,
    args: ["env", "-json", ...names],
    cwd: folder,
    env,
  }).catch((cause: unknown) => {
    throw new Problem("no-go", "`go` cannot be started", {
      hint: "install Go and put it on PATH, or set `go-version`",
      cause,
    });
  });
  if (status !== 0) throw refused(stderr, wanted);
  const answer = JSON.parse(stdout) as Answer;
  const fetching = Object.fromEntries(
    fetchSettings.flatMap((name) => (answer[name] ? [[name, answer[name]]] : [])),
  );
  const { GOVERSION, GOMOD, GOMODCACHE, GOCACHE, GOPATH } = answer;
  const version = GOVERSION.split(" ")[0] ?? GOVERSION;
  return {
    go,
    version,
    module: GOMOD === "" || /^(\/dev\/null|NUL)$/iu.test(GOMOD) ? undefined : dirname(GOMOD),
    workspace: await workspaceOf(go, folder, userEnv, ask),
    env: { ...buildingEnvironment(userEnv, fetching, version), GOMODCACHE, GOCACHE, GOPATH },
  };
};

/** The go.work that would have been used; an explicit `GOWORK=off` of the user's means none. */
const workspaceOf = async (
  go: string,
  folder: string,
  userEnv: Readonly<Record<string, string | undefined>>,
  ask: World["ask"],
): Promise<string | undefined> => {
  const { GOWORK: _, ...env } = askingEnvironment(userEnv, undefined);
  const { stdout } = await ask({ file: go, args: ["env", "GOWORK"], cwd: folder, env });
  const path = stdout.trim();
  return path === "" || path === "off" ? undefined : path;
};

const refused = (stderr: string, wanted: string | undefined): Problem => {
  const said = (stderr.trim().split("\n").at(-1) ?? "").replace(/^go: /u, "");
  if (wanted !== undefined && /^download go/u.test(said)) {
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
};

/** That go.mod asks for a newer Go than is here and can be had, when that is what `go` says. */
export const goTooOld = (stderr: string): Problem | undefined => {
  const [, needed, running] = /requires go >= (\S+) \(running go (\S+?)[;)]/u.exec(stderr) ?? [];
  if (needed === undefined) return undefined;
  return new Problem("go-too-old", `go.mod requires Go ${needed}, and this is Go ${running}`, {
    hint: `install Go ${needed} or newer, or let Go fetch it: \`GOTOOLCHAIN=auto\` and a GOPROXY that has it`,
  });
};
