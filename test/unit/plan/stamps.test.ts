import { describe, expect, it } from "vitest";
import { stringVariables } from "../../../src/facts/string-variables.ts";
import { plan } from "../../../src/plan/plan.ts";
import { stampNotices } from "../../../src/plan/stamps.ts";
import { configOf, factsOf, TERMINAL } from "../../support/facts.ts";
import { call } from "../../support/program.ts";
import { PROGRAM, repositoryOf } from "../../support/repository.ts";

describe("what the linker can set in a Go file", () => {
  it.each([
    ['var version = "dev"\n', ["version"]],
    ["var Version string\n", ["Version"]],
    ["var commit string // by the linker\n", ["commit"]],
    ['var date string = "today"\n', ["date"]],
    [
      'var (\n\t// For people.\n\tVersion   = ""\n\tCommitSHA string\n\tcount = 1\n)\n',
      ["Version", "CommitSHA"],
    ],
    ['const version = "1"\n', []],
    ["var version = buildVersion()\n", []],
    ['func main() {\n\tversion = "x"\n\tvar other = "y"\n}\n', []],
  ])("%j", (source, names) => {
    expect(stringVariables(`package main\n\n${source}`)).toEqual(names);
  });
});

describe("what nothing sets", () => {
  const importPath = "example.com/tool";
  const [step] = plan({
    config: configOf(),
    facts: factsOf(),
    surroundings: TERMINAL,
    generator: "1",
  }).builds;
  const notices = (variables: readonly string[], ...ldflags: string[]) =>
    stampNotices(step === undefined ? [] : [{ ...step, ldflags }], [
      { importPath, package: ".", platforms: [], variables },
    ]);

  it.each([
    [["Version"], ["-X", "main.version=1.2.3"], ["Version"]],
    [["Version"], ["-X=main.version=1.2.3"], ["Version"]],
    [["Version"], ["-X", "main.Version=1.2.3"], []],
    [["Version", "version"], ["-X", "main.version=1.2.3"], []],
    [["Version"], ["-X", "example.com/x/version.version=1.2.3"], []],
    [["name"], ["-s", "-X", "main.version=1.2.3"], []],
  ])("of %j with %j is %j", (variables, ldflags, names) => {
    expect(notices(variables, ...ldflags)).toEqual(
      names.map(
        (name) =>
          `${importPath} has main.${name}, which nothing sets: \`ldflags\` has main.version, say main.${name} there`,
      ),
    );
  });
});

it("is said of a real program, whose own tests do not count", async () => {
  const { folder } = repositoryOf({
    ...PROGRAM,
    "main.go": 'package main\n\nvar Commit = ""\n\nfunc main() {}\n',
    "main_test.go": 'package main\n\nvar commit = ""\n',
  });
  const { stdout } = await call(["plan"], folder);
  expect(stdout).toMatch(/^note: \S+ has main\.Commit, which nothing sets: /mu);
});
