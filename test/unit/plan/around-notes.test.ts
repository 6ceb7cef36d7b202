import { expect, it } from "vitest";
import { withAround } from "../../../src/plan/around-notes.ts";
import { valuesWithoutTarget } from "../../../src/plan/names.ts";
import { releaseValues } from "../../../src/plan/release-values.ts";
import { configOf, factsOf, TERMINAL } from "../../support/facts.ts";

const facts = factsOf();
const VALUES = valuesWithoutTarget(
  releaseValues({ facts, surroundings: TERMINAL }, "tool", {
    version: "1.2.3",
    tag: "v1.2.3",
    commit: null,
    date: "2026-01-31T12:34:56Z",
  }),
);

it("notes stand between texts with their variables filled in", () => {
  const config = configOf({ header: "About {tag}\r\n", footer: "Bye {name}" });
  expect(withAround("- a", { config, facts }, VALUES, "v1.2.2")).toEqual({
    notes: "About v1.2.3\n\n- a\n\nBye tool",
  });
  expect(withAround("", { config, facts }, VALUES, "v1.2.2").notes).toBe(
    "About v1.2.3\n\nBye tool",
  );
});

it("a file's own braces stay as they are", () => {
  const config = configOf({ header: "docs/header.md" });
  const notes = { ...facts.notes, header: "Of {version} and {}, {other}\n" };
  expect(withAround("- a", { config, facts: { notes } }, VALUES, "v1.2.2").notes).toBe(
    "Of 1.2.3 and {}, {other}\n\n- a",
  );
});

it("a forge that generates notes is told of both", () => {
  const config = configOf({ header: "H", footer: "F" });
  expect(withAround(null, { config, facts }, VALUES, "v1.2.2")).toEqual({
    notes: null,
    header: "H",
    footer: "F",
  });
  expect(withAround(null, { config: configOf(), facts }, VALUES, "v1.2.2")).toEqual({
    notes: null,
  });
});

it("a variable that nobody knows is told at once", () => {
  expect(() => configOf({ header: "{vresion}" })).toThrow("unknown variable");
});

it("they may name the previous tag, which is empty for the first release", () => {
  const config = configOf({ footer: "{previous-tag}...{tag}" });
  expect(withAround("", { config, facts }, VALUES, "v1.2.2").notes).toBe("v1.2.2...v1.2.3");
  expect(withAround("", { config, facts }, VALUES, null).notes).toBe("...v1.2.3");
  expect(() => configOf({ title: "{previous-tag}" })).toThrow("unknown variable");
});
