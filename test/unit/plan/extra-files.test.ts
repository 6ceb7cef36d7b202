import { expect, it } from "vitest";
import { extraFileSteps } from "../../../src/plan/extra-files.ts";
import { releaseValues } from "../../../src/plan/release-values.ts";
import { configOf, factsOf, TERMINAL } from "../../support/facts.ts";

function stepsOf(extraFiles: readonly unknown[], found: readonly (readonly string[])[]) {
  const facts = factsOf({ extraFiles: found });
  const values = releaseValues({ facts, surroundings: TERMINAL }, "tool", {
    version: "1.2.3",
    tag: "v1.2.3",
    commit: null,
    date: "2026-01-31T12:34:56Z",
  });
  return extraFileSteps({ config: configOf({ extraFiles }), facts }, values).extraFiles;
}

it("files have their own names, or those of a template", () => {
  expect(
    stepsOf(
      ["keys/*.pub", { from: "manifest.json", name: "{name}_{version}_manifest.json" }],
      [["keys/a.pub", "keys/b.pub"], ["manifest.json"]],
    ),
  ).toEqual([
    { source: "keys/a.pub", name: "a.pub" },
    { source: "keys/b.pub", name: "b.pub" },
    { source: "manifest.json", name: "tool_1.2.3_manifest.json" },
  ]);
  expect(stepsOf([], [])).toBeUndefined();
});

it.each(["sha256sums.txt", "a.sbom.json", "a.sigstore.json", "a.intoto.jsonl"])(
  "%s would be taken for what the release says of itself",
  (name) => {
    expect(() => stepsOf([name], [[name]])).toThrow(`extra-files: ${name} is a name of`);
  },
);

it("one name is not for several files", () => {
  const row = { from: "*.pub", name: "key.pub" };
  expect(() => stepsOf([row], [["a.pub", "b.pub"]])).toThrow(
    "`*.pub` matches a.pub, b.pub, and all would be named key.pub",
  );
});
