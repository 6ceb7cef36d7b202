import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { call } from "../support/program.ts";
import { emptyRepository, PROGRAM, repositoryOf } from "../support/repository.ts";

function read(...path: readonly string[]): string {
  return readFileSync(join(...path), "utf8");
}

describe("init", () => {
  it.each([
    [
      "https://github.com/octo/tool.git",
      ".github/workflows/release.yml",
      "examples/workflows/one-job.yml",
    ],
    ["git@gitlab.com:group/tool.git", ".gitlab-ci.yml", "examples/gitlab/.gitlab-ci.yml"],
  ])("of a clone of %s writes %s", async (remote, path, example) => {
    const repository = repositoryOf(PROGRAM);
    repository.git("remote", "add", "origin", remote);
    const { status, stdout } = await call(["init"], repository.folder);
    expect(status).toBe(0);
    expect(stdout).toBe(`wrote ${join(repository.folder, path)}\n`);
    expect(read(repository.folder, path)).toBe(
      read(example).replace("go-release-action@v1", "go-release-action/node24@v1"),
    );
  });

  it("for a server of one's own names the action that old runners know too", async () => {
    const repository = repositoryOf(PROGRAM);
    repository.git("remote", "add", "origin", "https://ghe.corp.test/octo/tool.git");
    expect((await call(["init", "--forge=github"], repository.folder)).status).toBe(0);
    expect(read(repository.folder, ".github/workflows/release.yml")).toBe(
      read("examples/workflows/one-job.yml"),
    );
  });

  it.each([
    ["tools/gen", "example.com/x/tools/gen", ["tools/gen/v*"], "release-tools-gen.yml"],
    ["v2", "example.com/x/v2", ["v*"], "release-v2.yml"],
    ["tools/v3", "example.com/x/tools/v3", ["tools/v*"], "release-tools-v3.yml"],
    ["a+b", "example.com/x/a+b", ["a\\+b/v*"], "release-a+b.yml"],
  ])(
    "in the sub-folder %s writes what releases that module's tags",
    async (folder, path, tags, name) => {
      const repository = repositoryOf({
        "go.mod": "module example.com/x\n",
        [`${folder}/go.mod`]: `module ${path}\n`,
        [`${folder}/main.go`]: "package main\n\nfunc main() {}\n",
      });
      const inside = join(repository.folder, folder);
      expect((await call(["init", "--forge", "github"], inside)).stderr).toBe("");
      const workflow = parse(read(repository.folder, ".github", "workflows", name));
      expect(workflow.on.push.tags).toEqual(tags);
      const [, go, ours] = workflow.jobs.release.steps;
      expect(go.with["go-version-file"]).toBe(`${folder}/go.mod`);
      expect(ours.with).toEqual({ tag: "${{ inputs.tag }}", "working-directory": folder });

      expect((await call(["init", "--forge", "gitlab"], inside)).stderr).toBe("");
      const { include } = parse(read(repository.folder, ".gitlab-ci.yml"));
      expect(include[0].inputs).toEqual({
        "run-on": "tags-and-merge-requests",
        "working-directory": folder,
      });
    },
  );

  it("in the sub-folder of the only module also takes plain tags", async () => {
    const repository = repositoryOf({ "src/go.mod": "module example.com/x\n" });
    await call(["init", "--forge", "github"], join(repository.folder, "src"));
    const workflow = parse(read(repository.folder, ".github", "workflows", "release-src.yml"));
    expect(workflow.on.push.tags).toEqual(["v*", "src/v*"]);
  });

  it("knows the forge of a repository without a commit", async () => {
    const repository = emptyRepository(PROGRAM);
    repository.git("remote", "add", "origin", "https://gitlab.com/group/tool.git");
    expect((await call(["init"], repository.folder)).stdout).toMatch(/\.gitlab-ci\.yml\n$/u);
  });

  it("writes a configuration that changes nothing, when asked", async () => {
    const repository = repositoryOf(PROGRAM);
    const argv = ["init", "--forge", "github", "--with-config"];
    expect((await call(argv, repository.folder)).status).toBe(0);
    expect(parse(read(repository.folder, ".go-release.yaml"))).toBeNull();
    repository.commit("v1.2.4");
    expect((await call(["plan", "--tag", "v1.2.4"], repository.folder)).status).toBe(0);
  });

  it("never writes over a file, nor beside it", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".go-release.yaml": "sbom: none\n" });
    const argv = ["init", "--forge", "gitlab", "--with-config"];
    const { status, stderr } = await call(argv, repository.folder);
    expect(status).toBe(1);
    expect(stderr).toContain(".go-release.yaml already exists");
    expect(existsSync(join(repository.folder, ".gitlab-ci.yml"))).toBe(false);
  });

  it("asks which forge when nothing says", async () => {
    const { status, stderr } = await call(["init"], repositoryOf(PROGRAM).folder);
    expect(status).toBe(2);
    expect(stderr).toContain("pass `--forge github` or `--forge gitlab`");
  });

  it("moves a configuration of GoReleaser over, and proves the names of files", async () => {
    const repository = repositoryOf({
      ...PROGRAM,
      ".goreleaser.yaml":
        "project_name: tool\nbuilds:\n  - goos: [linux, windows]\n    goarch: [amd64, arm]\n    goarm: ['7']\n    ldflags: ['-X main.version={{ .Env.CHANNEL }}']\narchives:\n  - name_template: '{{ .ProjectName }}_{{ title .Os }}_{{ if eq .Arch \"amd64\" }}x64{{ else }}{{ .Arch }}{{ end }}'\n    format_overrides: [{goos: windows, formats: [zip]}]\nsnapcrafts: [{name: tool}]\n",
    });
    repository.git("remote", "add", "origin", "https://github.com/octo/tool.git");
    const { status, stdout } = await call(
      ["init", "--from", ".goreleaser.yaml"],
      repository.folder,
    );
    expect(status).toBe(0);
    expect(stdout).toContain("NOT MIGRATED");
    expect(stdout).toMatch(/line 10 +snapcrafts/u);
    expect(stdout).toContain("FILE NAMES: 4 of 4 are the same");
    expect(read(repository.folder, ".github/workflows/release.yml")).toContain(
      "template-env: CHANNEL",
    );
    const again = await call(["init", "--from", ".goreleaser.yaml"], repository.folder);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain("already exists");
    const forced = await call(["init", "--from", ".goreleaser.yaml", "--force"], repository.folder);
    expect(forced.status).toBe(0);
  });

  it("tells a folder of the module from another module", async () => {
    const build = "    goos: [linux]\n    goarch: [amd64]\n    env: [CGO_ENABLED=0]\n";
    const repository = repositoryOf({
      "go.mod": "module example.com/octo/tool/v2\n",
      "cmd/tool/main.go": "package main\n\nfunc main() {}\n",
      "plugin/go.mod": "module example.com/octo/tool/plugin\n",
      "plugin/main.go": "package main\n\nfunc main() {}\n",
      ".goreleaser.yaml": `builds:\n  - dir: cmd/tool\n    ldflags: -X main.commit={{ .ShortCommit }}\n${build}  - id: plugin\n    dir: plugin\n${build}`,
    });
    const argv = ["init", "--forge=github", "--from=.goreleaser.yaml"];
    const { status, stdout } = await call(argv, repository.folder);
    expect(status).toBe(0);
    const { name, builds } = parse(read(repository.folder, ".go-release.yaml"));
    expect({ name, builds }).toMatchObject({
      name: "v2",
      builds: [{ main: ["./cmd/tool"], ldflags: "-buildid= -X main.commit={commit|first:7}" }],
    });
    expect(stdout).toContain("plugin is of the module in plugin: release it by itself");
    expect(stdout).toContain("FILE NAMES: 2 of 2 are the same");
  });
});
