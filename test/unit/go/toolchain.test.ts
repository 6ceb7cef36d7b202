import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { withRemovableModules } from "../../../src/go/removable-modules.ts";
import { type Toolchain, toolchain } from "../../../src/go/toolchain.ts";
import type { Command, World } from "../../../src/world/world.ts";
import { seededBytes } from "../../support/seeded.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

type Answer = Readonly<Record<string, string>>;

const RED_HAT: Answer = {
  GOVERSION: "go1.26.8 (Red Hat 1.26.8-1.el10)",
  GOROOT: "/usr/lib/golang",
};
const OFFICIAL: Answer = { GOVERSION: "go1.26.8", GOROOT: "/mod/toolchain@v0.0.1-go1.26.8" };

/** What `go` answers: the one on PATH by itself, and under the user's settings or the version that is asked for. */
interface FakeGo {
  readonly own: Answer;
  readonly selected?: Answer | ((command: Command) => Answer);
  readonly env?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly file?: string;
}

async function chosen({ own, selected = own, env = {}, version, file }: FakeGo): Promise<{
  readonly found: Toolchain;
  readonly asked: readonly Command[];
  readonly installed: readonly string[];
}> {
  const asked: Command[] = [];
  const installed: string[] = [];
  const defaults = { GOMOD: "/m/go.mod", GOCACHE: "/c", GOMODCACHE: "/p/pkg/mod", GOPATH: "/p" };
  const world = {
    capture: async (command: Command) => {
      asked.push(command);
      const { args, env: given } = command;
      if (command.file === "git") return { status: 1, stdout: "", stderr: "" };
      if (args[1] !== "-json") return { status: 0, stdout: given["GOWORK"] ?? "", stderr: "" };
      const alone = given["GOENV"] === "off" && given["GOTOOLCHAIN"] === "local";
      const other = typeof selected === "function" ? selected(command) : selected;
      const said = command.file.startsWith("/tools") ? INSTALLED : alone ? own : other;
      return { status: 0, stdout: JSON.stringify({ ...defaults, ...said }), stderr: "" };
    },
    files: { readText: async () => file ?? "", stat: async () => undefined },
    install: async ({ url }: { url: string }) => {
      installed.push(url);
      return "/tools/go";
    },
    http: async () => ({
      status: 200,
      headers: {},
      body: Readable.from([Buffer.from(JSON.stringify(RELEASES))]),
    }),
    clock: new VirtualClock(),
    random: seededBytes(1),
    machine: { platform: "linux", arch: "x64" },
  } as unknown as World;
  const found = await toolchain({ folder: "/m", env: { PATH: "/bin", ...env }, version }, world);
  return { found, asked, installed };
}

const INSTALLED: Answer = { GOVERSION: "go1.26.8", GOROOT: "/tools/go" };
const RELEASES = [
  {
    version: "go1.26.8",
    files: [{ filename: "go.tar.gz", os: "linux", arch: "amd64", kind: "archive", sha256: "00" }],
  },
];

describe("the `go` on PATH", () => {
  it.each([
    RED_HAT["GOVERSION"],
    "go1.26.8-X:nodwarf5",
    "go1.26.8-bigcorp.3",
    "go1.27rc1",
    "devel go1.27-abcdef Thu Jan  1 00:00:00 2026 +0000",
  ])("is used as it is where it calls itself %j", async (GOVERSION = "") => {
    const { found, installed } = await chosen({ own: { GOVERSION, GOROOT: "/go" } });
    expect(found).toMatchObject({ go: "go", version: GOVERSION, env: { GOTOOLCHAIN: "local" } });
    expect(found).not.toHaveProperty("replaced");
    expect(installed).toEqual([]);
  });

  it("brings its maker's own defaults along", async () => {
    const own = { ...RED_HAT, GOEXPERIMENT: "strictfipsruntime", GOFIPS140: "off" };
    const selected = { ...own, GOEXPERIMENT: "jsonv2" };
    expect((await chosen({ own, selected })).found.defaults).toEqual({
      GOEXPERIMENT: "strictfipsruntime",
    });
  });

  it("gives way to what go.mod or GOTOOLCHAIN selects, started where it lies, and that is told", async () => {
    const { found } = await chosen({ own: RED_HAT, selected: OFFICIAL });
    expect(found).toMatchObject({
      go: "/mod/toolchain@v0.0.1-go1.26.8/bin/go",
      version: "go1.26.8",
      replaced: RED_HAT["GOVERSION"],
      env: { GOTOOLCHAIN: "local" },
    });
  });

  it("gives way to `go-version`, which is Go's own release", async () => {
    const { found, asked, installed } = await chosen({
      own: RED_HAT,
      selected: OFFICIAL,
      version: "1.26.8",
    });
    expect(asked.map(({ env }) => env["GOTOOLCHAIN"])).toContain("go1.26.8");
    expect(found).toMatchObject({ go: `${OFFICIAL["GOROOT"]}/bin/go`, version: "go1.26.8" });
    expect(found).not.toHaveProperty("replaced");
    expect(installed).toEqual([]);
  });

  it.each([
    ["cannot switch", { GOVERSION: "go1.20.14", GOROOT: "/old" }],
    ["does not switch", RED_HAT],
    ["is gccgo", { GOVERSION: "go1.18 gccgo (GCC) 12.2.1", GOROOT: "/usr" }],
  ])("is not used for `go-version` where it %s", async (_, own) => {
    const { found, installed } = await chosen({ own, version: "1.26.8" });
    expect(installed).toEqual(["https://go.dev/dl/go.tar.gz"]);
    expect(found).toMatchObject({ go: "/tools/go/bin/go", version: "go1.26.8" });
  });

  it("is refused where it is gccgo", async () => {
    const own = { GOVERSION: "go1.18 gccgo (GCC) 12.2.1 20220819", GOROOT: "/usr" };
    await expect(chosen({ own })).rejects.toMatchObject({
      code: "go-gccgo",
      message: "`go` on PATH is gccgo (go1.18 gccgo (GCC) 12.2.1 20220819)",
    });
  });
});

it.each(["", "unknown"])("a `go` that calls itself %j is refused", async (GOVERSION) => {
  await expect(chosen({ own: { GOVERSION, GOROOT: "/usr" } })).rejects.toMatchObject({
    code: "go-unknown-version",
    hint: "put Go 1.18 or newer on PATH before it, or set `go-version`",
  });
});

describe("what surrounds it", () => {
  it("reaches servers for what fetches, and not for what compiles", async () => {
    const env = {
      HTTPS_PROXY: "http://user:secret@proxy:3128",
      NETRC: "/secret/netrc",
      SSH_AUTH_SOCK: "/secret/agent",
      GIT_SSH_COMMAND: "ssh -i secret",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "url.https://secret@a.example/.insteadOf",
      GIT_CONFIG_VALUE_0: "https://a.example/",
    };
    const { found } = await chosen({
      own: { ...RED_HAT, GOPROXY: "https://secret@proxy", GOAUTH: "git secret" },
      env,
    });
    expect(JSON.stringify(found.env)).not.toContain("secret");
    expect(found.env).toMatchObject({ GOPROXY: "off", GOENV: "off" });
    expect(found.fetching).toMatchObject({
      HTTPS_PROXY: env.HTTPS_PROXY,
      NETRC: env.NETRC,
      SSH_AUTH_SOCK: env.SSH_AUTH_SOCK,
      GIT_SSH_COMMAND: env.GIT_SSH_COMMAND,
      GIT_CONFIG_KEY_0: env.GIT_CONFIG_KEY_0,
      GOPROXY: "https://secret@proxy",
      GOAUTH: "git secret",
    });
  });

  it("is asked of the go.work that GOWORK names or switches off", async () => {
    const workspace = async (GOWORK: string) =>
      (await chosen({ own: RED_HAT, env: { GOWORK } })).found.workspace;
    expect(await workspace("/elsewhere/go.work")).toBe("/elsewhere/go.work");
    expect(await workspace("off")).toBeUndefined();
  });

  it("is set aside where it would change a program, but for the way of the module cache", async () => {
    const own = { ...RED_HAT, GOFLAGS: "-race -modcacherw", GOENV: "/home/x/env" };
    const { found } = await chosen({
      own,
      file: "GOFLAGS=-race -modcacherw\n",
      env: { GOROOT: "/usr/lib/golang", CGO_ENABLED: "1" },
    });
    expect(found.setAside).toEqual({ CGO_ENABLED: "1", GOFLAGS: "-race -modcacherw" });
    expect(found.env["GOFLAGS"]).toBe("-modcacherw");
  });

  it("lets a module cache inside the project be removed with it", async () => {
    const { found } = await chosen({ own: RED_HAT });
    expect(withRemovableModules(found, "/elsewhere")).toBe(found);
    const { env, fetching } = withRemovableModules(found, "/p");
    expect([env["GOFLAGS"], fetching["GOFLAGS"]]).toEqual(["-modcacherw", "-modcacherw"]);
  });

  it("names the folders that Go fills", async () => {
    const { found } = await chosen({ own: { ...RED_HAT, GOTELEMETRYDIR: "/home/x/telemetry" } });
    expect(found.folders).toEqual([
      "/c",
      "/p/pkg/mod",
      "/p/pkg/sumdb",
      "/p/bin",
      "/home/x/telemetry",
    ]);
  });
});
