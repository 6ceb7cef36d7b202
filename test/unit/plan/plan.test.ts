import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { configure } from "../../../src/config/config.ts";
import { noFile } from "../../../src/config/file.ts";
import { type InputName, inputs } from "../../../src/config/inputs.ts";
import type { Facts } from "../../../src/facts/facts.ts";
import { Plan } from "../../../src/model/plan.ts";
import type { Surroundings } from "../../../src/model/surroundings.ts";
import { plan } from "../../../src/plan/plan.ts";
import { configOf, factsOf, gitWith, PLATFORMS, TERMINAL } from "../../support/facts.ts";

function planOf(
  flags: Partial<Record<InputName, unknown>> = {},
  facts: Facts = factsOf(),
  surroundings: Surroundings = TERMINAL,
): Plan {
  return plan({ config: configOf(flags), facts, surroundings, generator: "1.0.0" });
}

/** Makes every part of a value refuse to be changed. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !(value instanceof Set)) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

describe("the plan of a program at the module's root", () => {
  it("with nothing configured has six archives", () => {
    expect(planOf().archives.map(({ name }) => name)).toEqual([
      "tool_1.2.3_linux_amd64.tar.gz",
      "tool_1.2.3_linux_arm64.tar.gz",
      "tool_1.2.3_darwin_amd64.tar.gz",
      "tool_1.2.3_darwin_arm64.tar.gz",
      "tool_1.2.3_windows_amd64.zip",
      "tool_1.2.3_windows_arm64.zip",
    ]);
  });

  it("says how each target is built", () => {
    expect(planOf({ targets: "windows/amd64/v3" }).builds).toEqual([
      {
        id: "windows/amd64/v3",
        target: { os: "windows", arch: "amd64", level: "v3" },
        programs: [{ importPath: "example.com/tool", package: ".", binary: "tool.exe" }],
        flags: ["-trimpath"],
        ldflags: [
          "-s",
          "-w",
          "-buildid=",
          "-X",
          "main.version=1.2.3",
          "-X",
          "main.commit=0123456789abcdef0123456789abcdef01234567",
          "-X",
          "main.date=2026-01-31T12:34:56Z",
        ],
        tags: [],
        env: { CGO_ENABLED: "0" },
        static: "required",
      },
    ]);
  });

  it("is what its schema says, and survives JSON", () => {
    const planned = planOf();
    expect(z.parse(Plan, JSON.parse(JSON.stringify(planned)))).toEqual(planned);
  });

  it("is pure: the same from the same, and nothing is changed", () => {
    const known = frozen({
      config: configOf({ targets: "linux/*,!linux/mips" }),
      facts: factsOf(),
      surroundings: TERMINAL,
      generator: "1.0.0",
    });
    expect(JSON.stringify(plan(known))).toBe(JSON.stringify(plan(known)));
  });
});

describe("names", () => {
  it.each([
    [{ targets: "linux/amd64/v3" }, "tool_1.2.3_linux_amd64v3.tar.gz"],
    [{ targets: "linux/amd64/v1" }, "tool_1.2.3_linux_amd64v1.tar.gz"],
    [{ targets: "linux/arm/7" }, "tool_1.2.3_linux_armv7.tar.gz"],
    [{ targets: "linux/arm" }, "tool_1.2.3_linux_arm.tar.gz"],
    [
      { targets: "darwin/amd64", names: "darwin=macOS\namd64=x86_64" },
      "tool_1.2.3_macOS_x86_64.tar.gz",
    ],
    [{ targets: "linux/arm/6", names: "arm/6=armv6hf" }, "tool_1.2.3_linux_armv6hf.tar.gz"],
    [{ targets: "linux/arm", names: "arm/7=armhf" }, "tool_1.2.3_linux_armhf.tar.gz"],
    [{ targets: "linux/amd64/v3", names: "amd64=x64" }, "tool_1.2.3_linux_x64v3.tar.gz"],
    [
      { targets: "windows/amd64", names: "windows/amd64=win64\namd64=x64" },
      "tool_1.2.3_windows_win64.zip",
    ],
    [
      { targets: "linux/386", names: "windows/386=win32\n386=i386" },
      "tool_1.2.3_linux_i386.tar.gz",
    ],
    [{ targets: "linux/arm/7", archiveName: "{name}-{target}" }, "tool-linux_armv7.tar.gz"],
    [
      { targets: "linux/arm/7", archiveName: "{name}-{target}", names: "linux/arm/7=pi" },
      "tool-pi.tar.gz",
    ],
    [
      { targets: "linux/amd64", archiveName: "{name|upper}-v{major}.{minor}.{patch}-{os|title}" },
      "TOOL-v1.2.3-Linux.tar.gz",
    ],
    [
      { targets: "linux/amd64", archiveName: "{name}-{prerelease|default:stable}-{day}" },
      "tool-stable-2026-01-31.tar.gz",
    ],
    [{ targets: "linux/amd64", archiveName: "{name}-{timestamp}" }, "tool-1769862896.tar.gz"],
    [{ targets: "linux/amd64", archive: "gz" }, "tool_1.2.3_linux_amd64.gz"],
    [
      { targets: "windows/amd64", archive: "*=tar.gz\nwindows=none" },
      "tool_1.2.3_windows_amd64.exe",
    ],
    [{ targets: "linux/arm/6" }, "tool_1.2.3_linux_armv6.tar.gz"],
    [{ targets: "linux/mips/softfloat" }, "tool_1.2.3_linux_mips_softfloat.tar.gz"],
    [{ targets: "linux/riscv64/rva22u64" }, "tool_1.2.3_linux_riscv64_rva22u64.tar.gz"],
    [
      { targets: "linux/amd64", archiveName: "{name}_{os-title}_{arch-uname}" },
      "tool_Linux_x86_64.tar.gz",
    ],
    [
      { targets: "darwin/arm64", archiveName: "{name}_{os-title}_{arch-uname}" },
      "tool_Darwin_arm64.tar.gz",
    ],
    [{ targets: "linux/arm/6", archiveName: "{name}-{arch-uname}" }, "tool-armv6l.tar.gz"],
    [{ targets: "linux/386", archiveName: "{name}-{arch-uname}-{level}" }, "tool-i686-sse2.tar.gz"],
    [{ targets: "linux/amd64", archiveName: "{tag}-{short-commit}" }, "v1.2.3-0123456789ab.tar.gz"],
    [{ targets: "windows/amd64", archive: "none" }, "tool_1.2.3_windows_amd64.exe"],
    [{ targets: "wasip1/wasm", archive: "none" }, "tool_1.2.3_wasip1_wasm.wasm"],
    [{ targets: "linux/amd64", archive: "none", archiveName: "{binary}" }, "tool"],
    [{ targets: "linux/amd64", name: "other" }, "other_1.2.3_linux_amd64.tar.gz"],
  ] as const)("of %j is %s", (flags, name) => {
    expect(planOf(flags).archives.map((archive) => archive.name)).toEqual([name]);
  });

  it("of several formats are one each", () => {
    const { archives } = planOf({ targets: "linux/amd64,windows/amd64", archive: "tar.gz,zip" });
    expect(archives.map(({ name }) => name)).toEqual([
      "tool_1.2.3_linux_amd64.tar.gz",
      "tool_1.2.3_linux_amd64.zip",
      "tool_1.2.3_windows_amd64.tar.gz",
      "tool_1.2.3_windows_amd64.zip",
    ]);
  });

  it("inside an archive lie in the folder that wraps them", () => {
    const { archives } = planOf({ targets: "linux/amd64", wrap: "{name}-{version}" });
    expect(archives[0]?.binaries).toEqual([
      { build: "linux/amd64", name: "tool", path: "tool-1.2.3/tool" },
    ]);
    expect(archives[0]?.files.map(({ name }) => name)).toEqual(["tool-1.2.3/LICENSE"]);
  });

  it("take of the environment what is allowed and set", () => {
    const archiveName = "{name}-{env:CHANNEL}";
    const facts = factsOf({ env: { CHANNEL: "beta" } });
    expect(planOf({ targets: "linux/amd64", archiveName }, facts).archives[0]?.name).toBe(
      "tool-beta.tar.gz",
    );
    expect(() => planOf({ targets: "linux/amd64", archiveName })).toThrow(
      "the variable CHANNEL is not set or not allowed",
    );
    const fallback = "{name}-{env:CHANNEL|default:stable}";
    expect(planOf({ targets: "linux/amd64", archiveName: fallback }).archives[0]?.name).toBe(
      "tool-stable.tar.gz",
    );
  });

  it("of the list of checksums may be another", () => {
    expect(planOf({ checksumName: "{name}_{version}_SHA256SUMS" }).checksum.name).toBe(
      "tool_1.2.3_SHA256SUMS",
    );
  });

  it("of several levels of one target differ", () => {
    const { archives } = planOf({ targets: "linux/amd64,linux/amd64/v3,linux/arm/6,linux/arm/7" });
    expect(new Set(archives.map(({ name }) => name)).size).toBe(4);
  });

  it.each([
    ["linux/amd64", {}, "tool"],
    ["windows/amd64", {}, "tool.exe"],
    ["wasip1/wasm", {}, "tool.wasm"],
  ])("of a program that was given with a suffix: on %s", (targets, _flags, name) => {
    const config = configOf({ targets });
    for (const binary of ["tool.exe", "tool.EXE", "tool.wasm", "tool"]) {
      const builds = config.builds.map((build) => ({ ...build, binary }));
      const ldflags = ["-X", "main.name={binary}"];
      const [build] = builds.map((one) => ({ ...one, settings: { ...one.settings, ldflags } }));
      const planned = plan({
        config: { ...config, builds: build === undefined ? [] : [build] },
        facts: factsOf(),
        surroundings: TERMINAL,
        generator: "1.0.0",
      });
      expect(planned.builds[0]?.programs[0]?.binary).toBe(name);
      expect(planned.builds[0]?.ldflags).toEqual(["-X", "main.name=tool"]);
    }
  });

  it.each([
    [{ targets: "linux/amd64", archiveName: "{name}.tar.gz" }, "tool.tar.gz"],
    [{ targets: "windows/amd64", archiveName: "{name}_{os}.zip" }, "tool_windows.zip"],
    [{ targets: "windows/amd64", archive: "none", archiveName: "{binary}.exe" }, "tool.exe"],
    [{ targets: "windows/amd64", archive: "gz", archiveName: "{binary}_{os}" }, "tool_windows.gz"],
    [{ targets: "linux/amd64", archiveName: "{name}.{os}" }, "tool.linux.tar.gz"],
  ])("with the extension written twice have it once: %j", (flags, name) => {
    expect(planOf(flags).archives[0]?.name).toBe(name);
  });

  it("with the extension of another format are refused", () => {
    expect(() => planOf({ archiveName: "{name}_{os}_{arch}.zip" })).toThrow(
      "archive-name: {name}_{os}_{arch}.zip ends in .zip, but the archive for linux/amd64 is a tar.gz",
    );
    expect(() => planOf({ archiveName: "{name}_{os}_{arch}.tgz" })).toThrow("ends in .tgz");
  });

  it("that are one are refused, and so are those of letters' case alone", () => {
    expect(() => planOf({ archiveName: "{name}" })).toThrow(
      "two artifacts would be named tool.tar.gz",
    );
    expect(() =>
      planOf({ targets: "linux/amd64", archive: "none", archiveName: "CHECKSUMS.txt" }),
    ).toThrow("two artifacts would be named");
  });
});

describe("the name of a program among flags", () => {
  const inCmd = (...names: readonly string[]) =>
    factsOf({
      programs: [
        names.map((name) => ({
          importPath: `example.com/tool/cmd/${name}`,
          package: `./cmd/${name}`,
          platforms: PLATFORMS,
        })),
      ],
    });
  const flags = { targets: "windows/amd64", ldflags: "-X main.name={binary}" };

  it("is the program's own, not the project's", () => {
    expect(planOf(flags, inCmd("age")).builds[0]?.ldflags).toEqual(["-X", "main.name=age"]);
  });

  it("is refused where several programs share them", () => {
    expect(() => planOf(flags, inCmd("age", "age-keygen"))).toThrow(
      "main.name={binary}: {binary} names a single program, but `main` has 2",
    );
  });
});

describe("-mod among flags", () => {
  const vendored = factsOf({ module: { path: "example.com/tool", folder: ".", vendored: true } });
  it.each([
    ["-mod=vendor", factsOf(), "flags: -mod=vendor, but there is no vendor/modules.txt"],
    ["-mod vendor", factsOf(), "flags: -mod=vendor, but there is no vendor/modules.txt"],
    ["-mod=readonly", vendored, "flags: -mod=readonly, but the module has a vendor folder"],
  ])("%s is refused where it is not what is built", (flags, facts, says) => {
    expect(() => planOf({ flags }, facts)).toThrow(says);
  });

  it("is taken where it is", () => {
    expect(planOf({ flags: "-mod=readonly" }).builds).not.toEqual([]);
    expect(planOf({ flags: "-mod=vendor" }, vendored).builds).not.toEqual([]);
  });
});

it("a linker flag with both kinds of quotes is refused, for Go would split it", () => {
  expect(() => planOf({ ldflags: String.raw`-X "main.name=it's \"q\""` })).toThrow(
    `ldflags: main.name=it's "q" has both kinds of quotes`,
  );
});

describe("what is released", () => {
  it.each([
    ["v1.2.3", false],
    ["v1.2.3-rc.1", true],
    ["v0.1.0", false],
  ])("as %s is a prerelease: %s", (tag, expected) => {
    const facts = factsOf({ git: gitWith([tag]) });
    expect(planOf({}, facts).release.prerelease).toBe(expected);
    expect(planOf({ prerelease: "true" }, facts).release.prerelease).toBe(true);
  });

  it("is published on a tag in CI only", () => {
    const ci: Surroundings = { ...TERMINAL, ci: true, ref: { kind: "tag", name: "v1.2.3" } };
    expect(planOf().dryRun).toBe(true);
    expect(planOf({}, factsOf(), ci).dryRun).toBe(false);
    expect(planOf({ dryRun: "true" }, factsOf(), ci).dryRun).toBe(true);
    expect(planOf({}, factsOf({ git: gitWith([]) }), { ...TERMINAL, ci: true }).dryRun).toBe(true);
  });

  it("is never published for a pull request, whatever was asked for", () => {
    const ref = { kind: "pull-request", name: "12" } as const;
    const ci: Surroundings = { ...TERMINAL, ci: true, ref };
    expect(planOf({}, factsOf(), ci).dryRun).toBe(true);
    expect(planOf({ tag: "v1.2.3" }, factsOf(), ci).dryRun).toBe(true);
    expect(() => planOf({ dryRun: "false" }, factsOf(), ci)).toThrow(
      "dry-run: false, but this run was triggered by the pull or merge request 12",
    );
  });

  it("from a dirty tree is a snapshot, a dry run that says so, or nothing", () => {
    const dirty = { dirty: ["main.go"] };
    const tagged = factsOf({ git: gitWith(["v1.2.3"], dirty) });
    expect(planOf({}, tagged)).toMatchObject({
      dryRun: true,
      modified: true,
      release: { tag: "v1.2.3" },
      notices: expect.arrayContaining([
        "the work tree is dirty, and a release of v1.2.3 would be refused: main.go",
      ]),
    });
    expect(() => planOf({ dryRun: "false" }, tagged)).toThrow("the work tree is dirty: main.go");
    expect(planOf({}, factsOf({ git: gitWith([], dirty) })).release.snapshot).toBe(true);
  });

  it("without a repository has the date of SOURCE_DATE_EPOCH, or the earliest that ZIP knows", () => {
    const { git: _, ...bare } = factsOf();
    expect(planOf({}, { ...bare, epoch: 1_700_000_000 }).release.date).toBe("2023-11-14T22:13:20Z");
    expect(planOf({}, bare).release).toMatchObject({ date: "1980-01-01T00:00:00Z", commit: null });
  });

  it("has no secret among its parameters, whichever inputs there are", () => {
    const secrets = Object.entries(inputs)
      .filter(([, { kind }]) => kind === "secret")
      .map(([name]) => name as InputName);
    const environment = secrets.map((name) => ({
      name,
      raw: "a-secret-of-a-test",
      where: name,
      from: "environment" as const,
    }));
    const { parameters } = configure("release", { flags: [], host: [], environment, file: noFile });
    expect(secrets.length).toBeGreaterThan(4);
    expect(parameters).toEqual({});
  });

  it("tells nothing secret in its parameters", () => {
    const planned = planOf({ targets: "linux/amd64", token: "secret", signKey: "secret.pem" });
    expect(JSON.stringify(planned)).not.toContain("secret");
    expect(planned.parameters).toEqual({ targets: "linux/amd64" });
  });
});

describe("the programs", () => {
  const program = (path: string, platforms: readonly string[] = PLATFORMS) => ({
    importPath: path === "." ? "example.com/tool" : `example.com/tool${path.slice(1)}`,
    package: path,
    platforms,
  });
  const builtOf = (...paths: readonly string[]): readonly string[] | undefined =>
    planOf(
      { targets: "linux/amd64" },
      factsOf({ programs: [paths.map((path) => program(path))] }),
    ).builds[0]?.programs.map(({ binary }) => binary);

  it.each([
    [["."], ["tool"]],
    [[".", "./cmd/other"], ["tool"]],
    [
      ["./cmd/a", "./cmd/b", "./examples/c"],
      ["a", "b"],
    ],
    [["./cmd/a", "./cmd/internal/gen"], ["a"]],
    [["./cmd/tools"], ["tools"]],
    [["./server", "./internal/gen", "./scripts/x"], ["server"]],
    [["./cmd/app/v2"], ["app"]],
  ])("by default among %j are %j", (paths, expected) => {
    expect(builtOf(...paths)).toEqual(expected);
  });

  it("that are left out are named with the reason", () => {
    const programs = [[program("."), program("./tools/gen"), program("./play", ["js/wasm"])]];
    expect(planOf({}, factsOf({ programs })).skipped).toEqual([
      { program: "example.com/tool/tools/gen", reason: "not part of the default of `main`" },
      { program: "example.com/tool/play", reason: "not part of the default of `main`" },
    ]);
  });

  it("with files for some targets are built for those", () => {
    const programs = [[program(".", ["js/wasm"])]];
    const planned = planOf({ targets: "linux/amd64,js/wasm" }, factsOf({ programs }));
    expect(planned.builds.map(({ id }) => id)).toEqual(["js/wasm"]);
    expect(planned.skipped).toEqual([
      { program: "example.com/tool", reason: "has no files for linux/amd64" },
    ]);
  });
});

describe("where it goes", () => {
  it.each([
    ["https://github.com/owner/tool.git", "github", "owner/tool", "https://api.github.com"],
    ["git@github.com:owner/tool.git", "github", "owner/tool", "https://api.github.com"],
    ["ssh://git@github.com:22/owner/tool", "github", "owner/tool", "https://api.github.com"],
    [
      "https://gitlab.com/group/sub/tool.git",
      "gitlab",
      "group/sub/tool",
      "https://gitlab.com/api/v4",
    ],
    ["https://gitlab.example.com/g/tool", "gitlab", "g/tool", "https://gitlab.example.com/api/v4"],
    ["https://github.example.com/o/tool", "github", "o/tool", "https://github.example.com/api/v3"],
    ["git@corp.ghe.com:o/tool.git", "github", "o/tool", "https://api.corp.ghe.com"],
    [
      "https://gitlab.example.com:8443/g/tool",
      "gitlab",
      "g/tool",
      "https://gitlab.example.com:8443/api/v4",
    ],
    [
      "ssh://git@gitlab.example.com:2222/g/tool.git",
      "gitlab",
      "g/tool",
      "https://gitlab.example.com/api/v4",
    ],
    ["https://git.example.com/o/tool", "directory", "", ""],
    ["/srv/git/tool.git", "directory", "", ""],
  ])("from the remote %s is %s %s", (remote, forge, repository, apiUrl) => {
    const facts = factsOf({ git: gitWith(["v1.2.3"], { remote }) });
    expect(planOf({}, facts).destination).toMatchObject({ forge, repository, apiUrl });
  });

  it.each([
    ["github", "https://github.corp.test/api/v3/", "https://github.corp.test"],
    ["github", "https://api.github.com", "https://github.com"],
    ["github", "https://api.corp.ghe.com", "https://corp.ghe.com"],
    ["github", "https://api.corp.test", "https://api.corp.test"],
    ["gitlab", "https://corp.test/gitlab/api/v4", "https://corp.test/gitlab"],
  ] as const)("is on the server of the asked %s API %s", (forge, apiUrl, serverUrl) => {
    const remote = `https://${forge}.com/o/tool`;
    const facts = factsOf({ git: gitWith(["v1.2.3"], { remote }) });
    expect(planOf({ forge, apiUrl }, facts).destination.serverUrl).toBe(serverUrl);
  });

  it.each([
    ["gitlab", "https://gitlab.corp.test", "https://gitlab.corp.test/api/v4"],
    ["gitlab", "https://corp.test/gitlab/", "https://corp.test/gitlab/api/v4"],
    ["gitlab", "https://corp.test/api/v4/", "https://corp.test/api/v4"],
    ["github", "https://github.com/", "https://api.github.com"],
    ["github", "https://corp.ghe.com", "https://api.corp.ghe.com"],
    ["github", "http://127.0.0.1:8080", "http://127.0.0.1:8080"],
  ] as const)("asks the API of %s that %s means", (forge, apiUrl, expected) => {
    const flags = { forge, apiUrl, repository: "o/tool" };
    expect(planOf(flags).destination.apiUrl).toBe(expected);
  });

  it.each([
    ["https://code.test/scm/api/v4", "gitlab https://code.test/scm g/sub/tool"],
    ["https://code.test/api/v3", "github https://code.test undefined"],
    ["https://code.test/other", "directory  "],
  ])("is on the forge that the API %s tells", (apiUrl, expected) => {
    const remote = "https://code.test/scm/g/sub/tool.git";
    const facts = factsOf({ git: gitWith(["v1.2.3"], { remote }) });
    if (expected.includes("undefined"))
      return expect(() => planOf({ apiUrl }, facts)).toThrow("no repository is configured");
    const { forge, serverUrl, repository } = planOf({ apiUrl }, facts).destination;
    expect(`${forge} ${serverUrl} ${repository}`).toBe(expected);
  });

  it("is the project of a host whose name tells nothing, when the forge is asked for", () => {
    const remote = "git@code.test:g/sub/tool.git";
    const facts = factsOf({ git: gitWith(["v1.2.3"], { remote }) });
    expect(planOf({ forge: "gitlab" }, facts).destination).toMatchObject({
      repository: "g/sub/tool",
      serverUrl: "https://code.test",
    });
    expect(planOf({ forge: "gitlab", repository: "7" }, facts).destination.serverUrl).toBe(
      "https://gitlab.com",
    );
  });

  it.each([
    ["https://github.com/o/tool.git", "o/tool"],
    ["git@github.com:o/tool", "o/tool"],
    ["/o/tool/", "o/tool"],
    ["o/tool", "o/tool"],
  ])("takes the repository %s for %s", (repository, expected) => {
    expect(planOf({ forge: "github", repository }).destination.repository).toBe(expected);
  });

  it("is not decided by the address of a repository", () => {
    const repository = "https://gitlab.example.com/g/tool";
    expect(() => planOf({ forge: "gitlab", repository })).toThrow(
      "repository: g/tool is on https://gitlab.example.com, but the release goes to https://gitlab.com",
    );
  });

  it("is on the job's own server when its own API is asked for", () => {
    const home = {
      ...TERMINAL,
      forge: "gitlab",
      repository: "g/tool",
      apiUrl: "https://in.test/api/v4",
      serverUrl: "https://out.test",
    } as const;
    const flags = { apiUrl: "https://in.test/api/v4/" };
    expect(planOf(flags, factsOf(), home).destination.serverUrl).toBe("https://out.test");
  });
});
