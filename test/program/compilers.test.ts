import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { pathWithGo } from "../support/path.ts";
import { start } from "../support/program.ts";
import { PROGRAM, repositoryOf, temporaryFolder } from "../support/repository.ts";

const LINUX = "--targets=linux/amd64";

/** One call of `go`: its arguments and environment. */
interface Call {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Logs every call of `go` into `$LOG_FOLDER`, a file each, then lets the real one work. */
function logging(folder: string): string {
  return pathWithGo(
    `n=$(mktemp ${folder}/call.XXXXXX)\n{ printf '%s\\n' "$@"; echo ----; env -0 | tr '\\n\\0' ' \\n'; } > "$n"\nexec "$REAL" "$@"`,
  );
}

function callsIn(folder: string): readonly Call[] {
  return readdirSync(folder).map((name) => {
    const [args = "", env = ""] = readFileSync(join(folder, name), "utf8").split("----\n");
    const pairs = env.split("\n").filter((line) => line.includes("="));
    return {
      args: args.trimEnd().split("\n"),
      env: Object.fromEntries(
        pairs.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
      ),
    };
  });
}

describe("what the compiler gets to see", () => {
  const SECRETS = {
    GITHUB_TOKEN: "secret-1",
    GH_TOKEN: "secret-2",
    GITLAB_TOKEN: "secret-3",
    CI_JOB_TOKEN: "secret-4",
    GO_RELEASE_TOKEN: "secret-5",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret-6",
    ACTIONS_RUNTIME_TOKEN: "secret-7",
    SIGSTORE_ID_TOKEN: "secret-8",
    COSIGN_PASSWORD: "secret-9",
    COSIGN_PRIVATE_KEY: "secret-10",
    AWS_ACCESS_KEY_ID: "secret-11",
    AWS_SECRET_ACCESS_KEY: "secret-12",
    NPM_TOKEN: "secret-13",
    MY_PASSWORD: "secret-14",
  };
  const CHANGING = {
    GOFLAGS: "-tags=polluted",
    GOEXPERIMENT: "synctest",
    GOAMD64: "v3",
    GOROOT: "/nowhere",
    GOFIPS140: "latest",
    GODEBUG: "http2client=0",
    GOOS: "plan9",
    GOARCH: "386",
    CGO_CFLAGS: "-DPOLLUTED",
    CGO_LDFLAGS: "-lpolluted",
    CC: "false",
    CXX: "false",
    PKG_CONFIG: "false",
    GOTOOLDIR: "/nowhere",
    GCCGO: "false",
    LD_PRELOAD: "",
    SOURCE_DATE_EPOCH: "1",
  };

  it("is nothing secret and nothing that changes bytes, but all that fetching needs", async () => {
    const repository = repositoryOf(PROGRAM);
    const log = temporaryFolder();
    const fetching = {
      GOPRIVATE: "git.example.com",
      GONOSUMDB: "git.example.com/*",
      GOPROXY: execFileSync("go", ["env", "GOPROXY"], { encoding: "utf8" }).trim(),
      GOINSECURE: "git.example.org",
      GOVCS: "*:git",
      GOAUTH: "netrc",
      NETRC: join(log, "../netrc"),
      HTTPS_PROXY: process.env["HTTPS_PROXY"] ?? "",
      NO_PROXY: "localhost",
      SSH_AUTH_SOCK: "/run/agent",
    };
    const outcome = await start(inject("bundle"), [LINUX, "--sign=none"], repository.folder, {
      ...SECRETS,
      ...CHANGING,
      ...fetching,
      COSIGN_PRIVATE_KEY: "",
      PATH: logging(log),
    }).ended;
    expect(outcome.stderr).not.toContain("error:");
    expect(outcome.status).toBe(0);
    const calls = callsIn(log);
    const of = (...words: readonly string[]): Call => {
      const found = calls.find(({ args }) => words.every((word, at) => args[at] === word));
      if (found === undefined) throw new Error(`go ${words.join(" ")} was not called`);
      return found;
    };
    for (const { args, env } of calls) {
      expect(JSON.stringify(Object.values(env)), args.join(" ")).not.toContain("secret-");
      expect(args.join(" ")).not.toContain("secret-");
      expect(Object.keys(env).filter((name) => name in SECRETS)).toEqual([]);
    }
    const wanted = Object.entries(fetching).filter(([, value]) => value !== "");
    expect(of("mod", "download").env).toMatchObject(Object.fromEntries(wanted));
    const build = of("build");
    expect(build.env).toMatchObject({
      GOENV: "off",
      GOWORK: "off",
      GOPROXY: "off",
      GOOS: "linux",
      GOARCH: "amd64",
      GOAMD64: "v1",
      CGO_ENABLED: "0",
    });
    const others = Object.keys(CHANGING).filter(
      (name) => !["GOOS", "GOARCH", "GOAMD64"].includes(name),
    );
    for (const name of others) expect(build.env).not.toHaveProperty(name);
    expect(build.args.slice(0, 3)).toEqual(["build", "-trimpath", "-mod=readonly"]);
  });

  it("comes from the user's own `go env -w` file where fetching is concerned", async () => {
    const repository = repositoryOf(PROGRAM);
    const log = temporaryFolder();
    const settings = join(temporaryFolder(), "env");
    writeFileSync(settings, "GOPRIVATE=git.example.net\nGOFLAGS=-tags=polluted\n");
    const env = { GOENV: settings, PATH: logging(log) };
    expect(await start(inject("bundle"), [LINUX], repository.folder, env).ended).toMatchObject({
      status: 0,
    });
    const download = callsIn(log).find(({ args }) => args[1] === "download");
    expect(download?.env).toMatchObject({ GOENV: "off", GOPRIVATE: "git.example.net" });
    expect(download?.env).not.toHaveProperty("GOFLAGS");
  });
});

describe("a compiler that the kernel kills", () => {
  it("runs again alone, with a warning", async () => {
    const repository = repositoryOf(PROGRAM);
    const place = temporaryFolder();
    const once = pathWithGo(
      `if [ "$1" = build ]; then\n  echo "$GOGC $*" >> ${place}/calls\n  if [ "$GOOS" = linux ] && mkdir ${place}/killed 2>/dev/null; then\n    echo "internal/godebug: $REAL/compile: signal: killed" >&2\n    exit 1\n  fi\nfi\nexec "$REAL" "$@"`,
    );
    const argv = ["--targets=linux/amd64,windows/amd64", "--concurrency=2"];
    const { status, stderr } = await start(inject("bundle"), argv, repository.folder, {
      PATH: once,
    }).ended;
    expect(status).toBe(0);
    expect(existsSync(`${place}/killed`)).toBe(true);
    expect(stderr).toContain(
      "warning: a compiler was killed in build linux/amd64: it is retried alone\n",
    );
    const calls = readFileSync(`${place}/calls`, "utf8").trimEnd().split("\n");
    expect(calls).toHaveLength(3);
    expect(calls.at(-1)).toMatch(/^30 build .*-p=1 /u);
  });

  it("kills itself with a signal, and runs again too", async () => {
    const repository = repositoryOf(PROGRAM);
    const place = temporaryFolder();
    const once = pathWithGo(
      `[ "$1" = build ] && mkdir ${place}/killed 2>/dev/null && kill -9 $$\nexec "$REAL" "$@"`,
    );
    const { status, stderr } = await start(inject("bundle"), [LINUX], repository.folder, {
      PATH: once,
    }).ended;
    expect(status).toBe(0);
    expect(stderr).toContain("warning: a compiler was killed in build linux/amd64");
  });
});
