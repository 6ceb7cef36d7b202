import { expect, it } from "vitest";
import { readGoReleaser } from "../../../src/migration/goreleaser-file.ts";
import { type Migration, migrate } from "../../../src/migration/migrate.ts";

async function migrated(yaml: string): Promise<Migration> {
  const file = await readGoReleaser(yaml, ".goreleaser.yaml", async () => undefined);
  return migrate({
    file,
    module: "example.com/tool",
    modules: new Set(),
    folders: new Set(),
    platforms: ["linux/amd64"],
    known: new Set(),
  });
}

function rowsOf({ rows }: Migration, key: string): readonly string[] {
  return rows
    .filter((row) => row.key.startsWith(key))
    .map(({ outcome, key: of, says }) => `${outcome} ${of}: ${says}`);
}

it("a formula keeps what its users see", async () => {
  const migration = await migrated(`
brews:
  - repository: {owner: acme, name: homebrew-tap}
    description: About {{ .ProjectName }}
    license: MIT
    install: |
      bin.install "tool"
    test: |
      system "tool version"
    dependencies: [{name: git}]
    commit_author: {name: bot}
`);
  expect(migration.config).toMatchObject({
    metadata: { description: "About tool", license: "MIT" },
    "homebrew-test": "version",
    "homebrew-dependencies": ["git"],
  });
  expect(rowsOf(migration, "brews")).toEqual([
    "changed brews[0].repository: give the job `homebrew: acme/homebrew-tap` and its token as `tap-token`: where a token goes is no word of this file's",
    "left brews[0].commit_author: a commit's author is whose token, or which App, writes it",
  ]);
});

it("an install script of its own is told", async () => {
  const migration = await migrated('brews: [{install: "bin.install \\"tool\\" => \\"t\\""}]');
  expect(rowsOf(migration, "brews[0].install")).toEqual([
    "left brews[0].install: a formula installs the programs, completions and manual pages of the archive",
  ]);
});

it("a cask stays a cask, with its conflicts and the hook that everybody has", async () => {
  const migration = await migrated(`
homebrew_casks:
  - repository: {owner: acme, name: homebrew-tap}
    conflicts: [{cask: tool-nightly}, {formula: tool}]
    hooks:
      post:
        install: |
          if system_command("/usr/bin/xattr", args: ["-h"]).exit_status == 0
            system_command "/usr/bin/xattr", args: ["-dr", "com.apple.quarantine", "#{staged_path}/tool"]
          end
    completions: {bash: completions/tool.bash}
`);
  expect(migration.config).toMatchObject({
    "cask-conflicts": ["tool-nightly"],
    "cask-unquarantine": true,
  });
  expect(rowsOf(migration, "homebrew_casks").map((row) => row.split(":")[0])).toEqual([
    "changed homebrew_casks[0].repository",
    "left homebrew_casks[0].conflicts",
  ]);
});

it("a key in a service is the job's to name", async () => {
  const migration = await migrated(
    "signs: [{cmd: cosign, artifacts: checksum, args: [sign-blob, '--key=gcpkms://projects/p/locations/global/keyRings/r/cryptoKeys/k']}]",
  );
  expect(rowsOf(migration, "signs")[0]).toBe(
    "changed signs[0]: a key in a service: give the job `sign-key: gcpkms://projects/p/locations/global/keyRings/r/cryptoKeys/k`",
  );
});
