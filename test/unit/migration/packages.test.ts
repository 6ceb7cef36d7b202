import { describe, expect, it } from "vitest";
import { fileMode } from "../../../src/migration/file-mode.ts";
import { readGoReleaser } from "../../../src/migration/goreleaser-file.ts";
import { type Migration, migrate } from "../../../src/migration/migrate.ts";

async function migrated(yaml: string, module = "example.com/tool"): Promise<Migration> {
  const file = await readGoReleaser(yaml, ".goreleaser.yaml", async () => undefined);
  return migrate({
    file,
    module,
    modules: new Set(),
    folders: new Set(),
    platforms: ["linux/amd64"],
    known: new Set(),
  });
}

function leftOf({ rows }: Migration): readonly string[] {
  return rows.filter(({ outcome }) => outcome === "left").map(({ key }) => key);
}

const NFPMS = `version: 2
nfpms:
  - package_name: tool
    file_name_template: "{{ .ConventionalFileName }}"
    formats: [deb, rpm, termux.deb]
    maintainer: Tool <tool@example.com>
    description: answers
    license: MIT
    dependencies: [git]
    overrides:
      rpm:
        dependencies: ["git >= 2"]
    contents:
      - src: etc/tool.yaml
        dst: /etc/tool.yaml
        type: config|noreplace
        file_info: {mode: 0640, owner: tool}
      - {dst: /var/lib/tool, type: dir}
      - {src: only.deb, dst: /usr/share/only.deb, packager: deb}
      - {src: ghost, dst: /run/tool, type: ghost}
    scripts:
      postinstall: post.sh
    rpm: {summary: x}
`;

describe("nfpms of GoReleaser", () => {
  it("become packages and metadata", async () => {
    const { config } = await migrated(NFPMS);
    const file = {
      from: "etc/tool.yaml",
      to: "/etc/tool.yaml",
      type: "config-noreplace",
      owner: "tool",
      mode: "0640",
    };
    const dir = { to: "/var/lib/tool", type: "dir" };
    const shared = { name: "tool", scripts: { postinstall: "post.sh" } };
    expect(config["packages"]).toEqual([
      {
        formats: ["deb"],
        "file-name": "{binary}_{version}_{arch}",
        ...shared,
        depends: ["git"],
        files: [file, dir, { from: "only.deb", to: "/usr/share/only.deb" }],
      },
      {
        formats: ["rpm"],
        "file-name": "{binary}-{version}-1.{arch}",
        names: { amd64: "x86_64" },
        ...shared,
        depends: ["git >= 2"],
        files: [file, dir],
      },
    ]);
    expect(config["metadata"]).toEqual({
      description: "answers",
      license: "MIT",
      maintainer: "Tool <tool@example.com>",
    });
  });

  it("leave nothing out in silence", async () => {
    expect(leftOf(await migrated(NFPMS))).toEqual([
      "nfpms[0].rpm",
      "nfpms[0].formats",
      "nfpms[0].contents[3]",
      "nfpms[0].contents[3]",
    ]);
  });

  it("keep GoReleaser's names where none was given", async () => {
    const { config } = await migrated("version: 2\nnfpms:\n  - formats: [apk]\n");
    expect(config["packages"]).toEqual([
      { formats: ["apk"], "file-name": "{binary}_{version}_{os}_{arch}" },
    ]);
  });
});

describe("permissions", () => {
  it.each([
    [644, "0644"],
    [0o644, "0644"],
    [0o640, "0640"],
    [750, "0750"],
    [0o755, "0755"],
    [0o600, "0600"],
  ])("%d are %s", (mode, digits) => {
    expect(fileMode(mode)).toBe(digits);
  });
});

describe("signs of GoReleaser", () => {
  it.each([
    ["signs:\n  - artifacts: checksum\n", "binary"],
    ["signs:\n  - {artifacts: checksum, cmd: gpg2, args: [--armor, --detach-sign]}\n", "armored"],
  ])("with GnuPG %j become sign-gpg", async (yaml, wanted) => {
    expect((await migrated(`version: 2\n${yaml}`)).config["sign-gpg"]).toBe(wanted);
  });
});

describe("a provider of Terraform's", () => {
  const yaml =
    "version: 2\nchecksum:\n  extra_files:\n    - glob: terraform-registry-manifest.json\n      name_template: '{{ .ProjectName }}_{{ .Version }}_manifest.json'\n";

  it("has a preset", async () => {
    expect((await migrated(yaml, "terraform-provider-tool")).config["preset"]).toBe(
      "terraform-provider",
    );
    expect((await migrated(yaml)).config).not.toHaveProperty("preset");
  });
});

it("paths of files name the project and nothing that changes from release to release", async () => {
  const migration = await migrated(`version: 2
archives:
  - files: ["{{ .ProjectName }}.1", "notes-{{ .Version }}.md"]
nfpms:
  - formats: [deb]
    contents:
      - {src: "completions/{{ .ProjectName }}.bash", dst: "/etc/bash_completion.d/{{ .PackageName }}"}
      - {src: "{{ .Tag }}.txt", dst: /usr/share/x}
`);
  expect(migration.config).toMatchObject({
    files: ["tool.1"],
    packages: [{ files: [{ from: "completions/tool.bash", to: "/etc/bash_completion.d/tool" }] }],
  });
  expect(leftOf(migration)).toEqual(["archives[0].files[1]", "nfpms[0].contents[1].src"]);
});

it("`metadata` describes the project, by its first maintainer with an address", async () => {
  const { config, rows } = await migrated(`version: 2
metadata:
  description: About {{ .ProjectName }}
  license: MIT
  maintainers: ["Acme <dev@example.com>", "Other <other@example.com>"]
  mod_timestamp: "{{ .CommitTimestamp }}"
`);
  expect(config).toMatchObject({
    metadata: {
      description: "About tool",
      license: "MIT",
      maintainer: "Acme <dev@example.com>",
    },
  });
  expect(rows.map(({ outcome, key }) => `${outcome} ${key}`)).toContain(
    "left metadata.maintainers",
  );
  const odd = await migrated('metadata: {maintainers: ["Acme <dev at example dot com>"]}');
  expect(odd.config).not.toHaveProperty("metadata");
  expect(odd.rows.find(({ outcome }) => outcome === "left")?.says).toContain(
    "write `Acme <dev at example dot com>` as `Name <address>`",
  );
});

it("a footer may name the previous tag", async () => {
  const { config } = await migrated(
    'release: {footer: "https://example.com/compare/{{ .PreviousTag }}...{{ .Tag }}"}',
  );
  expect(config["footer"]).toBe("https://example.com/compare/{previous-tag}...{tag}");
});
