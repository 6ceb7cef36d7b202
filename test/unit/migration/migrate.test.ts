import { describe, expect, it } from "vitest";
import { readGoReleaser } from "../../../src/migration/goreleaser-file.ts";
import { type Migration, migrate } from "../../../src/migration/migrate.ts";

const PLATFORMS = [
  "linux/amd64",
  "linux/386",
  "linux/arm",
  "linux/arm64",
  "darwin/amd64",
  "darwin/arm64",
  "windows/amd64",
  "windows/386",
  "windows/arm64",
];

async function migrated(
  yaml: string,
  included: Readonly<Record<string, string>> = {},
  module = "example.com/tool",
): Promise<Migration> {
  const file = await readGoReleaser(yaml, ".goreleaser.yaml", async (source) => included[source]);
  const modules = new Set(["./sub", "web"]);
  return migrate({
    file,
    module,
    modules,
    folders: new Set(),
    platforms: PLATFORMS,
    known: new Set(),
  });
}

function rowsOf({ rows }: Migration): readonly string[] {
  return rows.map(
    ({ outcome, key, line }) => `${outcome} ${key}${line === undefined ? "" : `:${line}`}`,
  );
}

describe("a configuration of GoReleaser", () => {
  it("that is empty is its defaults", async () => {
    const { config } = await migrated("version: 2\n");
    expect(config).toEqual({
      name: "tool",
      builds: [
        {
          name: "tool",
          main: ["."],
          binary: "tool",
          targets: [
            "linux/386",
            "linux/amd64",
            "linux/arm64",
            "darwin/amd64",
            "darwin/arm64",
            "windows/386",
            "windows/amd64",
            "windows/arm64",
          ],
          env: {},
        },
      ],
      "archive-name": "{name}_{version}_{os}_{arch}",
      archive: ["tar.gz"],
      "checksum-name": "{name}_{version}_checksums.txt",
    });
  });

  it("keeps levels of ARM, leaves out what is ignored and what Go does not know", async () => {
    const { config } = await migrated(
      "builds:\n  - goos: [linux, darwin]\n    goarch: [arm, '386', amd64]\n    goarm: ['6', '7']\n    ignore:\n      - {goos: linux, goarch: arm, goarm: '6'}\n      - {goarch: '386'}\n",
    );
    expect((config["builds"] as { targets: string[] }[])[0]?.targets).toEqual([
      "linux/arm/7",
      "linux/amd64",
      "darwin/amd64",
    ]);
  });

  it("has formats by operating system, a wrapping folder and files in places", async () => {
    const { config } = await migrated(
      "archives:\n  - name_template: '{{ .ProjectName }}-{{ .Tag }}-{{ .Os }}-{{ .Arch }}'\n    wrap_in_directory: true\n    format_overrides: [{goos: windows, formats: [zip]}]\n    files:\n      - LICENSE\n      - {src: 'man/*.1', dst: share/man, strip_parent: true, info: {mode: 0644}}\n",
    );
    expect(config).toMatchObject({
      "archive-name": "{name}-{tag}-{os}-{arch}",
      wrap: "{name}-{tag}-{os}-{arch}",
      archive: { "*": ["tar.gz"], windows: ["zip"] },
      files: ["LICENSE", { from: "man/*.1", to: "share/man", strip: true, mode: "0644" }],
    });
  });

  it("keeps the archive of the commit's files, which has no folder unless one was named", async () => {
    const { config, names } = await migrated(
      "source:\n  enabled: true\n  name_template: '{{ .ProjectName }}-{{ .Version }}-source'\n",
    );
    expect(config).toMatchObject({
      source: true,
      "source-name": "{name}-{version}-source",
      "source-wrap": "",
    });
    const values = { name: "tool", version: "1.2.3" } as unknown as Parameters<typeof names>[0];
    expect(names(values)).toContain("tool-1.2.3-source.tar.gz");
    const zipped =
      "source: {enabled: true, format: zip, prefix_template: '{{ .Tag }}/', files: [x]}\n";
    const moved = await migrated(zipped);
    expect(moved.config).toMatchObject({ "source-format": "zip", "source-wrap": "{tag}/" });
    expect(rowsOf(moved)).toContain("left source.files:1");
  });

  it("keeps files that are released as they are, under their names", async () => {
    const moved = await migrated(
      "release:\n  extra_files:\n    - glob: ./bom.json\n    - {glob: manifest.json, name_template: '{{ .ProjectName }}_{{ .Version }}_manifest.json'}\n    - glob: 'dist/{{ .Os }}/*'\n",
    );
    expect(moved.config["extra-files"]).toEqual([
      "./bom.json",
      { from: "manifest.json", name: "{name}_{version}_manifest.json" },
    ]);
    expect(rowsOf(moved)).toContain("left release.extra_files[2]:1");
    const values = { name: "tool", version: "1.2.3" } as unknown as Parameters<
      typeof moved.names
    >[0];
    expect(moved.names(values)).toEqual(
      expect.arrayContaining(["bom.json", "tool_1.2.3_manifest.json"]),
    );
  });

  it("has every released file in the checksums, which GoReleaser had to be told", async () => {
    const same = "extra_files: [{glob: a.pub}]";
    const both = await migrated(`release: {${same}}\nchecksum: {${same}}\n`);
    expect(rowsOf(both)).not.toContain("left checksum.extra_files:2");
    const alone = await migrated(`checksum: {${same}}\n`);
    expect(rowsOf(alone)).toContain("left checksum.extra_files:1");
  });

  it("has a bill of materials for each archive where GoReleaser has", async () => {
    const { config } = await migrated("sboms: [{artifacts: archive}]\n");
    expect(config).toMatchObject({ sbom: "spdx", "sbom-each": true });
    const other = await migrated("sboms: [{artifacts: source}]\n");
    expect(other.config["sbom-each"]).toBeUndefined();
  });

  it("keeps what stands around the notes, and how commits are listed", async () => {
    const moved = await migrated(
      `release:
  header: "Release {{ .Tag }}"
  footer: {from_file: {path: docs/footer.md}}
changelog:
  use: github
  sort: asc
  abbrev: -1
  format: "{{ .SHA }}"
  filters: {exclude: ['^docs:', '(', '^(?i)x']}
  groups:
    - {title: New, regexp: '^feat(\\([[:word:]]+\\))??!?:', order: 0}
    - {title: Other, order: 999}
`,
    );
    expect(moved.config).toMatchObject({
      header: "Release {tag}",
      footer: "docs/footer.md",
      notes: "commits",
      "notes-sort": "asc",
      "notes-hash": "none",
      "notes-exclude": ["^docs:"],
      "notes-groups": [
        { title: "New", pattern: "^feat(\\([\\w]+\\))??!?:", order: 0 },
        { title: "Other", order: 999 },
      ],
    });
    expect(rowsOf(moved)).toEqual(
      expect.arrayContaining([
        "changed changelog.format:4",
        "left changelog.filters.exclude[1]:4",
        "left changelog.filters.exclude[2]:4",
      ]),
    );
    expect(rowsOf(moved)).not.toContain("changed changelog.use:4");
  });

  it.each([
    ["use: github", "handles"],
    ["use: gitlab", "names"],
    ["{use: github, format: '{{ .SHA }} (@{{ .AuthorUsername }})'}", "handles"],
    ["format: '{{ .Message }} by {{ .AuthorName }}'", "names"],
  ])("names authors where GoReleaser does: %s", async (section, authors) => {
    const block = section.startsWith("{") ? section : `{${section}}`;
    const { config } = await migrated(`changelog: ${block}\n`);
    expect(config["notes-authors"]).toBe(authors);
  });

  it("says nothing in the file that only a caller may say, and no flags that nobody knows", async () => {
    const moved = await migrated(
      "builds:\n  - flags: ['-gcflags={{ .Env.GC }}', '{{ .Env.FLAGS }}']\nrelease:\n  github: {owner: acme, name: tool}\n",
    );
    expect(moved.config["repository"]).toBeUndefined();
    expect((moved.config["builds"] as { flags: string[] }[])[0]?.flags).toEqual([
      "-trimpath",
      "-gcflags={env:GC}",
    ]);
    expect(rowsOf(moved)).toEqual(
      expect.arrayContaining(["left builds[0].flags:1", "changed release.github:3"]),
    );
  });

  it("tells of everything that it says, with its line", async () => {
    const moved = await migrated(
      "version: 2\nbefore:\n  hooks:\n    - go mod tidy\n    - make man\nbuilds:\n  - env: [CGO_ENABLED=0]\n    hooks: {post: ./sign.sh}\nbrews:\n  - name: x\nnonsense: 1\n",
    );
    expect(rowsOf(moved)).toEqual([
      "changed builds[0].ldflags:6",
      "changed builds[0].hooks.post:6",
      "kept project_name",
      "kept builds:6",
      "kept archives",
      "changed before.hooks[0]:2",
      "changed before.hooks[1]:2",
      "changed brews[0].repository:9",
      "left nonsense:11",
    ]);
  });

  it("moves taps and buckets over, but for where a token goes", async () => {
    const moved = await migrated(
      `nfpms: [{formats: [deb], license: MIT, maintainer: "Me <me@example.com>"}]
brews:
  - repository: {owner: acme, name: homebrew-tap, pull_request: {enabled: true}}
    description: Does things
    caveats: Read this
    dependencies: [{name: git}, zsh]
    test: 'system "#{bin}/x", "--version"'
    install: bin.install "x" => "y"
scoops: [{repository: {owner: acme, name: bucket}, homepage: "https://example.com"}]
`,
    );
    expect(moved.config).toMatchObject({
      "homebrew-pull-request": true,
      "homebrew-caveats": "Read this",
      "homebrew-dependencies": ["git", "zsh"],
      "homebrew-test": "--version",
      metadata: { license: "MIT", description: "Does things", homepage: "https://example.com" },
    });
    const says = moved.rows.map((row) => row.says).join("\n");
    expect(says).toContain("`homebrew: acme/homebrew-tap`");
    expect(says).toContain("`scoop: acme/bucket`");
    expect(rowsOf(moved)).toContain("left brews[0].install:2");
  });

  it.each([
    ["algorithm: sha512", { checksum: "sha512" }, "kept checksum.algorithm"],
    ["algorithm: sha1", { checksum: ["sha256", "sha1"] }, "changed checksum.algorithm"],
    ["algorithm: blake3", {}, "left checksum.algorithm"],
    ["split: true", { "checksum-split": true }, "changed checksum.split"],
  ])("takes checksums along: %s", async (section, keys, row) => {
    const moved = await migrated(`checksum: {${section}}\n`);
    expect(moved.config).toMatchObject(keys);
    expect(rowsOf(moved).join("\n")).toContain(row);
    expect("checksum-name" in moved.config).toBe(section !== "split: true");
  });

  it("closes milestones by name, or the tag's", async () => {
    const { config } = await migrated(
      "milestones:\n  - close: true\n  - {close: true, name_template: '{{ .Version }}'}\n  - name_template: x\n",
    );
    expect(config["close-milestones"]).toEqual(["{tag}", "{version}"]);
  });

  it("may include others, whose words count less", async () => {
    const { config, rows } = await migrated(
      "includes:\n  - from_url: {url: acme/meta/main/base.yaml}\n  - from_file: {path: ./gone.yaml}\nproject_name: mine\nvariables: {who: me}\n",
      {
        "https://raw.githubusercontent.com/acme/meta/main/base.yaml":
          "project_name: theirs\nvariables: {who: them, what: x}\nchecksum: {name_template: '{{ .Var.who }}-{{ .Var.what }}.txt'}\n",
      },
    );
    expect(config).toMatchObject({ name: "mine", "checksum-name": "me-x.txt" });
    expect(rows[0]).toMatchObject({ outcome: "left", key: "includes" });
  });

  it("names the variables of the environment that a job must allow", async () => {
    const { environment, config } = await migrated(
      "env: [A=b]\nbuilds:\n  - ldflags: ['-X main.a={{ .Env.A }} -X main.c={{ .Env.CHANNEL }}']\n",
    );
    expect(environment).toEqual(["CHANNEL"]);
    expect((config["builds"] as { ldflags: string }[])[0]?.ldflags).toBe(
      "-buildid= -X main.a=b -X main.c={env:CHANNEL}",
    );
  });

  it("that is no YAML is told with its place", async () => {
    await expect(migrated("a: [\n")).rejects.toThrow(".goreleaser.yaml:2:1");
  });

  it("with images of ko has them among its own", async () => {
    const yaml = `version: 2
kos:
  - repositories: [ghcr.io/octo/tool]
    bare: true
    tags: ["{{ .Version }}", latest]
    platforms: [linux/amd64, linux/arm/v7]
    base_image: cgr.dev/chainguard/static
    user: "1000"
    labels: {own: "{{ .Tag }}"}
    ldflags: [-s]
  - repositories: [ghcr.io/octo]
`;
    const result = await migrated(yaml);
    expect(result.config["images"]).toEqual([
      {
        repository: "ghcr.io/octo/tool",
        targets: ["linux/amd64", "linux/arm/7"],
        tags: ["{version}", "latest"],
        user: "1000",
        labels: { own: "{tag}" },
      },
      { repository: "ghcr.io/octo/tool" },
    ]);
    expect(rowsOf(result).filter((row) => row.includes("kos"))).toEqual([
      "left kos[0].ldflags:2",
      "changed kos[0].base_image:2",
      "kept kos[0]:2",
      "changed kos[1]:2",
    ]);
  });
});

describe("hooks of GoReleaser", () => {
  it("are commands of ours, with our variables and their own environment", async () => {
    const { config } = await migrated(
      `before:
  hooks:
    - go mod tidy
    - make man VERSION={{ .Version }}
    - cmd: ./gen.sh "{{ .Tag }}"
      env: [LEVEL=9, "NAME=two words"]
builds:
  - goos: [linux, windows]
    goarch: [amd64]
    hooks:
      post:
        - upx --best "{{ .Path }}"
        - cmd: ./sign.sh {{ .Os }} {{ .Path }}
`,
    );
    expect(config["before"]).toEqual([
      "make man VERSION={version}",
      "env LEVEL=9 'NAME=two words' ./gen.sh \"{tag}\"",
    ]);
    expect(config["builds"]).toMatchObject([
      {
        targets: ["linux/amd64"],
        "after-build": ['upx --best "{path}"', "./sign.sh linux {path}"],
      },
      {
        targets: ["windows/amd64"],
        "after-build": ['upx --best "{path}"', "./sign.sh windows {path}"],
      },
    ]);
  });

  it("that cannot be said are left, each with its line", async () => {
    const moved = await migrated(
      `before:
  hooks:
    - cmd: make
      dir: web
    - make {{ .Runtime.Nonsense | nofunction }}
builds:
  - hooks:
      pre: make assets
      post: ./sign.sh {{ .ArtifactID }}
`,
    );
    expect(moved.config["before"]).toBeUndefined();
    expect(rowsOf(moved)).toEqual(
      expect.arrayContaining([
        "left before.hooks[0]:1",
        "left before.hooks[1]:1",
        "left builds[0].hooks.pre:6",
        "left builds[0].hooks.post:6",
      ]),
    );
  });
});

describe("universal binaries of GoReleaser", () => {
  const APPLE = "builds:\n  - goos: [linux, darwin]\n    goarch: [amd64, arm64]\n";

  it("take the place of the single ones", async () => {
    const moved = await migrated(`${APPLE}universal_binaries:\n  - replace: true\n`);
    expect(moved.config["builds"]).toMatchObject([
      { targets: ["linux/amd64", "linux/arm64", "darwin/universal"] },
    ]);
    expect(moved.config["names"]).toEqual({ universal: "all" });
  });

  it("stand beside them, under their own name", async () => {
    const moved = await migrated(
      `${APPLE}    id: cli\nuniversal_binaries:\n  - id: all\n    ids: [cli]\n    name_template: tool-mac\n`,
    );
    expect(moved.config["builds"]).toMatchObject([
      { name: "cli", targets: ["linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64"] },
      { name: "all", binary: "tool-mac", targets: ["darwin/universal"] },
    ]);
    expect(rowsOf(moved)).toContain("kept universal_binaries[0]:5");
  });

  it("of no program for both are left", async () => {
    const moved = await migrated("builds:\n  - goos: [linux]\nuniversal_binaries: [{}]\n");
    expect(rowsOf(moved)).toContain("left universal_binaries[0]:3");
  });
});

it("overrides of GoReleaser are overrides of ours", async () => {
  const moved = await migrated(
    `builds:
  - goos: [linux, darwin]
    goarch: [amd64]
    env: [CGO_ENABLED=0]
    overrides:
      - goos: darwin
        goarch: amd64
        goamd64: v1
        ldflags: -X main.os={{ .Os }}
        tags: [mac]
        env: [CGO_ENABLED=1, CC=o64-clang]
      - goos: plan9
        env: [CGO_ENABLED=1]
`,
  );
  expect(moved.config["builds"]).toMatchObject([
    {
      targets: ["linux/amd64", "darwin/amd64"],
      overrides: [
        {
          targets: ["darwin/amd64"],
          ldflags: "-buildid= -X main.os=darwin",
          tags: ["mac"],
          env: { CGO_ENABLED: "1", CC: "o64-clang" },
        },
      ],
    },
  ]);
});

describe("builds of GoReleaser", () => {
  it("may share defaults by YAML's merge keys", async () => {
    const { config } = await migrated(`version: 2
builds:
  - <<: &defaults
      main: ./cmd/flux
      env: [CGO_ENABLED=0]
    id: linux
    goos: [linux]
    goarch: [amd64]
  - <<: *defaults
    id: darwin
    goos: [darwin]
    goarch: [arm64]
`);
    expect(config["builds"]).toMatchObject([
      { name: "linux", main: ["./cmd/flux"], env: { CGO_ENABLED: "0" } },
      { name: "darwin", main: ["./cmd/flux"], targets: ["darwin/arm64"] },
    ]);
  });

  it("have tags in `tags`, wherever they were given, and no template among them", async () => {
    const migration = await migrated(`version: 2
builds:
  - binary: ./tool
    goos: [linux]
    goarch: [amd64]
    tags: [one]
    flags: [-trimpath, "-tags=two,three", -tags, four, "-tags={{ .Env.A }} {{ .Env.B }}", -race]
`);
    expect(migration.config["builds"]).toMatchObject([
      { binary: "tool", tags: ["one", "two", "three", "four"], flags: ["-trimpath", "-race"] },
    ]);
    expect(rowsOf(migration).filter((row) => row.includes("tags"))).toEqual([
      "left builds[0].tags:2",
      "left builds[0].tags:2",
    ]);
  });
});
