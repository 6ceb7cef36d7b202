import { describe, expect, it } from "vitest";
import { readGoReleaser } from "../../../src/migration/goreleaser-file.ts";
import { type Migration, migrate } from "../../../src/migration/migrate.ts";

const PLATFORMS = ["linux/amd64", "linux/386", "linux/arm", "linux/arm64", "darwin/arm64"];
const ONE = "    goos: [linux]\n    goarch: [amd64]\n";

async function migrated(
  yaml: string,
  module = "example.com/tool",
  repository?: string,
): Promise<Migration> {
  const file = await readGoReleaser(yaml, ".goreleaser.yaml", async () => undefined);
  const modules = new Set(["./plugin"]);
  return migrate({
    file,
    module,
    repository,
    modules,
    folders: new Set(["docs", "./man"]),
    shortened: 8,
    platforms: PLATFORMS,
    known: new Set(),
  });
}

function leftOf({ rows }: Migration): readonly string[] {
  return rows.flatMap(({ outcome, says }) => (outcome === "left" ? [says] : []));
}

describe("the project's name", () => {
  it.each([
    ["version: 2\n", "example.com/octo/tool", "tool"],
    ["version: 2\n", "example.com/octo/tool/v4", "v4"],
    ["release: {github: {owner: octo, name: gadget}}\n", "example.com/octo/tool", "gadget"],
    ["project_name: own\nrelease: {github: {name: gadget}}\n", "example.com/tool", "own"],
    ["release: {disable: true}\n", "example.com/octo/tool/v4", "v4", "octo/thing"],
    ["release: {disable: true}\n", "", "thing", "octo/thing"],
    ["version: 2\n", "example.com/octo/tool/v4", "thing", "octo/thing"],
  ])("of %j in %s is %s", async (yaml, module, name, repository?: string) => {
    expect((await migrated(yaml, module, repository)).config["name"]).toBe(name);
  });
});

describe("the folder of a build", () => {
  it("in the same module is where its package lies", async () => {
    const { config } = await migrated(
      `builds:\n  - id: a\n    dir: ./cmd/a\n${ONE}  - id: b\n    dir: cmd\n    main: ./b/main.go\n${ONE}`,
    );
    expect(config["builds"]).toMatchObject([{ main: ["./cmd/a"] }, { main: ["./cmd/b"] }]);
  });

  it("of another module is left, and told, where the others are of this one", async () => {
    const moved = await migrated(`builds:\n  - id: a\n${ONE}  - id: b\n    dir: ./plugin\n${ONE}`);
    expect(moved.config["builds"]).toMatchObject([{ name: "a" }]);
    expect(leftOf(moved)).toEqual([
      "b is of the module in ./plugin: release it by itself, with `working-directory: ./plugin` and tags plugin/v1.2.3",
    ]);
  });

  it("that all builds share is that of the module", async () => {
    const moved = await migrated(`builds:\n  - dir: ./plugin\n${ONE}`);
    expect(moved.config["builds"]).toMatchObject([{ main: ["."] }]);
    expect(moved.rows).toContainEqual(
      expect.objectContaining({ outcome: "changed", key: "builds[0].dir" }),
    );
  });
});

it("merge keys of YAML bring in what they name", async () => {
  const { config } = await migrated(
    `builds:\n  - &all\n    id: a\n    main: ./cmd/tool\n${ONE}  - <<: *all\n    id: b\n    goos: [darwin]\n    goarch: [arm64]\n`,
  );
  expect(config["builds"]).toMatchObject([
    { name: "a", main: ["./cmd/tool"], targets: ["linux/amd64"] },
    { name: "b", main: ["./cmd/tool"], targets: ["darwin/arm64"] },
  ]);
});

it.each([
  ["flags: [-trimpath, -tags=nodbus]", ["nodbus"], undefined],
  ["flags: ['-tags=a b -v', '-a']", ["a", "b"], ["-trimpath", "-a"]],
  ["flags: [-tags, 'a,b']\n    tags: [c]", ["c", "a", "b"], undefined],
  ["flags: ['-tags={{ .Env.DATABASE }} netgo']", ["netgo"], undefined],
])("tags in %j are tags: %j", async (flags, tags, rest) => {
  const moved = await migrated(`builds:\n  - ${flags}\n`);
  const [build] = moved.config["builds"] as Readonly<Record<string, unknown>>[];
  expect([build?.["tags"], build?.["flags"]]).toEqual([tags, rest]);
  expect(leftOf(moved)).toHaveLength(flags.includes("DATABASE") ? 1 : 0);
});

describe("paths with templates", () => {
  it("have the project's name in them", async () => {
    const { config } = await migrated(
      "archives:\n  - files: ['man/{{ .ProjectName }}.1', {src: '{{ .ProjectName }}.{bash,zsh}', dst: x}]\nrelease: {extra_files: [{glob: '{{ .ProjectName }}.pub'}]}\nnfpms:\n  - formats: [deb]\n    scripts: {postinstall: '{{ .ProjectName }}.sh'}\n    contents: [{src: './{{ .ProjectName }}.1', dst: '/usr/share/man/man1/{{ .ProjectName }}.1'}]\n",
    );
    expect(config["files"]).toEqual(["man/tool.1", { from: "tool.{bash,zsh}", to: "x" }]);
    expect(config["extra-files"]).toEqual(["tool.pub"]);
    expect(config["packages"]).toMatchObject([
      {
        scripts: { postinstall: "tool.sh" },
        files: [{ from: "./tool.1", to: "/usr/share/man/man1/tool.1" }],
      },
    ]);
  });

  it("are left, and told, where another variable is in them", async () => {
    const moved = await migrated(
      "archives:\n  - files: ['{{ .Version }}.1']\nrelease: {extra_files: [{glob: '{{ .Tag }}/*'}]}\nnfpms:\n  - {formats: [deb], contents: [{src: '{{ .Version }}', dst: /x}]}\n",
    );
    expect(leftOf(moved)).toHaveLength(3);
  });
});

it("an empty list of files is the default ones", async () => {
  expect((await migrated("archives: [{files: []}]\n")).config).not.toHaveProperty("files");
});

it("a folder among the files of an archive is all that is in it", async () => {
  const { config } = await migrated(
    "archives:\n  - files: [LICENSE, docs, {src: ./man, dst: share, strip_parent: true}]\n",
  );
  expect(config["files"]).toEqual([
    "LICENSE",
    "docs/**",
    { from: "man/**", to: "share/", strip: true },
  ]);
});

it("a short hash has as many digits as git gives it", async () => {
  const { config } = await migrated("builds:\n  - ldflags: -X main.commit={{ .ShortCommit }}\n");
  expect(config["builds"]).toMatchObject([
    { ldflags: "-buildid= -X main.commit={commit|first:8}" },
  ]);
});

it.each([
  ["builds:\n  - env: [CGO_ENABLED=0]\n", false],
  ["env: [CGO_ENABLED=1]\nbuilds: [{}]\n", false],
  ["builds:\n  - overrides: [{goos: linux, goarch: amd64, env: [CGO_ENABLED=1]}]\n", false],
  ["builds: [{}]\n", true],
])("that C is left out is told for %j: %s", async (yaml, told) => {
  const { rows } = await migrated(yaml);
  expect(rows.some(({ says }) => says.startsWith("without CGO_ENABLED"))).toBe(told);
});

describe("files of packages", () => {
  const BUILD = "builds:\n  - goos: [linux]\n    goarch: [amd64, '386', arm]\n";
  const ARCHIVE =
    "archives:\n  - name_template: '{{ .ProjectName }}_{{ .Os }}_{{ if eq .Arch \"amd64\" }}x86_64{{ else }}{{ .Arch }}{{ end }}'\n";

  it("are not spelled as the archives are", async () => {
    const { config } = await migrated(`${BUILD}${ARCHIVE}nfpms:\n  - formats: [deb]\n`);
    expect(config["archives"]).toMatchObject([{ names: { amd64: "x86_64", "arm/6": "arm" } }]);
    expect(config).not.toHaveProperty("names");
    expect(config["packages"]).toEqual([
      { formats: ["deb"], "file-name": "{binary}_{version}_{os}_{arch}" },
    ]);
  });

  it("have the spellings that their own template has", async () => {
    const { config } = await migrated(
      `${BUILD}nfpms:\n  - formats: [deb, rpm]\n    file_name_template: '{{ .PackageName }}-{{ .Arch }}{{ if .Arm }}hf{{ end }}{{ .ConventionalExtension }}'\n`,
    );
    expect(config["packages"]).toEqual([
      {
        formats: ["deb", "rpm"],
        "file-name": "{binary}-{arch}",
        names: { "arm/6": "armhf" },
      },
    ]);
  });

  it("are called as nfpm calls them, for each format", async () => {
    const { config } = await migrated(
      `${BUILD}nfpms:\n  - formats: [deb, apk, archlinux]\n    release: '2'\n    file_name_template: '{{ .ConventionalFileName }}'\n`,
    );
    expect(config["packages"]).toEqual([
      {
        formats: ["deb"],
        release: "2",
        "file-name": "{binary}_{version}-2_{arch}",
        names: { "386": "i386", "arm/6": "armhf" },
      },
      {
        formats: ["apk"],
        release: "2",
        "file-name": "{binary}_{version}-r2_{arch}",
        names: { "386": "x86", amd64: "x86_64", "arm/6": "armhf" },
      },
      {
        formats: ["archlinux"],
        release: "2",
        "file-name": "{binary}-{version}-2-{arch}",
        names: { "386": "i686", amd64: "x86_64", "arm/6": "armv6h" },
      },
    ]);
  });

  it("are among the names that a release would have", async () => {
    const moved = await migrated(`${BUILD}nfpms:\n  - {formats: [rpm, archlinux], ids: [tool]}\n`);
    const values = { name: "tool", version: "1.2.3" } as unknown as Parameters<
      typeof moved.names
    >[0];
    expect(moved.names(values).filter((name) => /\.(rpm|zst)$/u.test(name))).toEqual([
      "tool_1.2.3_linux_amd64.rpm",
      "tool_1.2.3_linux_386.rpm",
      "tool_1.2.3_linux_armv6.rpm",
      "tool_1.2.3_linux_amd64.pkg.tar.zst",
      "tool_1.2.3_linux_386.pkg.tar.zst",
    ]);
  });

  it("hold the builds by our names, which are several where their flags differ", async () => {
    const moved = await migrated(
      `builds:\n  - id: a\n    goos: [linux]\n    goarch: [amd64, arm64]\n    ldflags: -X main.arch={{ .Arch }}{{ .Amd64 }}\n  - id: b\n${ONE}nfpms:\n  - {formats: [deb], ids: [a]}\n`,
    );
    expect(moved.config["packages"]).toMatchObject([{ builds: ["a-1", "a-2"] }]);
  });

  it("of programs that are in no archive are left, and told", async () => {
    const moved = await migrated(
      `builds:\n  - id: a\n${ONE}  - id: b\n${ONE}archives:\n  - ids: [a]\nnfpms:\n  - {formats: [deb], ids: [b]}\n`,
    );
    expect(moved.config).not.toHaveProperty("packages");
    expect(leftOf(moved)).toEqual([
      "packages contain what the archives contain, and no archive has its programs",
    ]);
  });
});
