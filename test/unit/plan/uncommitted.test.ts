import { describe, expect, it } from "vitest";
import type { SourceDifference } from "../../../src/facts/facts.ts";
import { DifferenceKind } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan/plan.ts";
import {
  assertCommitted,
  uncommittedProblem,
  uncommittedWarnings,
} from "../../../src/plan/uncommitted.ts";
import { configOf, factsOf, gitWith, TERMINAL } from "../../support/facts.ts";

function difference(path: string, more: Partial<SourceDifference> = {}): SourceDifference {
  return {
    path,
    within: undefined,
    deviation: { kind: "absent" },
    declared: false,
    programs: ["example.com/tool"],
    sha256: "ab".repeat(32),
    ...more,
  };
}

function planOf(differences: readonly SourceDifference[], modified: readonly string[] = []) {
  const facts = factsOf({ differences, modified });
  return plan({ config: configOf(), facts, surroundings: TERMINAL, generator: "1.0.0" });
}

describe("what the commit does not hold", () => {
  it("is in the plan where a planned program has it, declared or not", () => {
    const { generated, uncommitted } = planOf([
      difference("z.go"),
      difference("web/b", { declared: true }),
      difference("web/a", { declared: true }),
      difference("vendor/x", { within: "vendor/", deviation: { kind: "outside" } }),
      difference("other.go", { programs: ["example.com/tool/other"] }),
    ]);
    const sha256 = "ab".repeat(32);
    expect(generated).toEqual([
      { path: "web/a", sha256 },
      { path: "web/b", sha256 },
    ]);
    expect(uncommitted).toEqual([
      { path: "vendor/x", sha256, within: "vendor/", difference: "outside" },
      { path: "z.go", sha256, difference: "absent" },
    ]);
  });

  it("refuses a real release alone", () => {
    const { uncommitted, release } = planOf([difference("z.go")]);
    const refused = expect.objectContaining({ code: "uncommitted" });
    expect(() => assertCommitted({ uncommitted, release, dryRun: false })).toThrow(refused);
    assertCommitted({ uncommitted, release, dryRun: true });
    assertCommitted({ uncommitted, release: { ...release, tag: null }, dryRun: false });
    assertCommitted({ uncommitted: [], release, dryRun: false });
  });

  it.each(DifferenceKind.options)("has words and a cure: %s", (kind) => {
    const uncommitted = [{ path: "a", difference: kind }] as const;
    const problem = uncommittedProblem("v1.2.3", [...uncommitted]);
    expect(problem.message).toMatch(
      /^v1\.2\.3 would contain more than its commit\n {2}[^\n]+: a$/u,
    );
    expect(problem.hint).toMatch(/^[a-z].*[^.]$/u);
    expect(uncommittedWarnings([...uncommitted])).toEqual([
      expect.stringMatching(/^a: .*, so a release would be refused; [a-z].*[^.]$/u),
    ]);
  });

  it("is named by folder, five names of a kind, with where a link leads", () => {
    const inVendor = Array.from({ length: 9 }, (_, at) => ({
      path: `vendor/${at}`,
      within: "vendor/",
      difference: "absent" as const,
    }));
    const alone = Array.from({ length: 6 }, (_, at) => ({
      path: `${at}.go`,
      difference: "absent" as const,
    }));
    const link = { path: "l/x.go", within: "l", difference: "link", detail: "/etc" } as const;
    expect(uncommittedProblem("v1.2.3", [...inVendor, ...alone, link]).message).toBe(
      "v1.2.3 would contain more than its commit\n" +
        "  not in the commit: vendor/, 0.go, 1.go, 2.go, 3.go and 2 more\n" +
        "  a link that points outside the repository: l (/etc)",
    );
  });
});

describe("Go's own stamp", () => {
  it("is told of where what is declared is shown by git", () => {
    expect(planOf([]).modified).toBe(false);
    const planned = planOf([], ["web/index.html"]);
    expect(planned.modified).toBe(true);
    expect(planned.notices).toEqual([
      expect.stringMatching(/^web\/index\.html: .*vcs\.modified=true and v1\.2\.3\+dirty/u),
    ]);
  });

  it("is not all that is told: a pointer that every clone has is a pointer still", () => {
    const facts = factsOf({ pointers: ["model.bin"] });
    const known = { config: configOf(), facts, surroundings: TERMINAL, generator: "1.0.0" };
    expect(plan(known).notices).toEqual([
      expect.stringMatching(/model\.bin: the commit contains a Git LFS pointer/u),
    ]);
  });

  it("of a work tree with other changes refuses the release before", () => {
    const facts = factsOf({ git: gitWith(["v1.2.3"], { dirty: ["main.go"] }) });
    const config = configOf({ dryRun: "false" });
    const known = { config, facts, surroundings: TERMINAL, generator: "1.0.0" };
    const hint = expect.stringContaining("commit, stash, remove or ignore");
    expect(() => plan(known)).toThrow(expect.objectContaining({ code: "dirty", hint }));
  });

  it("of a work tree that the checkout itself made dirty tells of the checkout", () => {
    const git = gitWith(["v1.2.3"], { dirty: ["main.go", "README.md"] });
    const differences = [difference("main.go", { deviation: { kind: "line-ends" } })];
    const config = configOf({ dryRun: "false" });
    const facts = factsOf({ git, differences });
    const known = { config, facts, surroundings: TERMINAL, generator: "1.0.0" };
    const hint = expect.stringMatching(/^write `\* text=auto eol=lf` into \.gitattributes/u);
    expect(() => plan(known)).toThrow(expect.objectContaining({ code: "dirty", hint }));
  });
});
