import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan/plan.ts";
import { differingParts, planDigest } from "../../../src/plan/plan-digest.ts";
import { configOf, factsOf, gitWith, PARENT, TERMINAL } from "../../support/facts.ts";

const base = { config: configOf(), facts: factsOf(), surroundings: TERMINAL, generator: "1.0.0" };
const planned = plan(base);

describe("the digest of a plan", () => {
  it.each<readonly [string, Plan]>([
    [
      "who publishes it, and how",
      plan({ ...base, config: configOf({ draft: "true", title: "One" }) }),
    ],
    ["whether it is signed there", plan({ ...base, inParts: true })],
    ["where it goes", { ...planned, destination: { ...planned.destination, repository: "a/b" } }],
    ["the version of this program", plan({ ...base, generator: "1.0.1" })],
    ["what is told of the release", plan({ ...base, config: configOf({ sbom: "none" }) })],
  ])("does not depend on %s", (_, other) => {
    expect(planDigest(other)).toBe(planDigest(planned));
    expect(differingParts(other, planned)).toEqual([]);
  });

  it.each<readonly [string, Plan, readonly string[]]>([
    [
      "the commit",
      plan({
        ...base,
        facts: factsOf({
          git: gitWith(["v1.2.3"], {
            commit: PARENT,
            tags: [{ name: "v1.2.3", commit: PARENT, merged: true }],
          }),
        }),
      }),
      ["release", "builds"],
    ],
    [
      "Go",
      plan({ ...base, facts: factsOf({ go: { ...factsOf().go, version: "go1.26.9" } }) }),
      ["go"],
    ],
    ["a flag", plan({ ...base, config: configOf({ tags: "netgo" }) }), ["builds"]],
    [
      "a target",
      plan({ ...base, config: configOf({ targets: "linux/amd64" }) }),
      ["builds", "archives"],
    ],
    [
      "a generated file",
      { ...planned, generated: [{ path: "gen.go", sha256: "0a" }] },
      ["generated"],
    ],
    ["how Go was made", { ...planned, goDefaults: { GOEXPERIMENT: "x" } }, ["goDefaults"]],
    ["an extra file", plan({ ...base, facts: factsOf({ files: [] }) }), ["archives"]],
  ])("depends on %s", (_, other, parts) => {
    expect(planDigest(other)).not.toBe(planDigest(planned));
    expect(differingParts(other, planned)).toEqual(parts);
  });
});

describe("a run that was started for a tag", () => {
  const started = (commit: string | undefined) => ({
    ...TERMINAL,
    ci: true,
    ref: { kind: "tag", name: "v1.2.3" } as const,
    ...(commit === undefined ? {} : { commit }),
  });

  it("releases the commit that it was started for", () => {
    const commit = planned.release.commit ?? "";
    expect(plan({ ...base, surroundings: started(commit) }).release.commit).toBe(commit);
    expect(plan({ ...base, surroundings: started(undefined) }).release.commit).toBe(commit);
  });

  it("releases no other", () => {
    expect(() => plan({ ...base, surroundings: started(PARENT) })).toThrow(
      expect.objectContaining({ code: "tag-moved" }),
    );
  });
});
