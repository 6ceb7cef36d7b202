import { expect, it } from "vitest";
import { examples } from "../../../scripts/render/examples.ts";
import { configure } from "../../../src/config/config.ts";
import { readFile } from "../../../src/config/file.ts";
import { type InputName, inputs } from "../../../src/config/inputs.ts";

const names = Object.keys(inputs) as readonly InputName[];

it("there is one for each input", () => {
  expect(names.filter((name) => examples[name] === undefined)).toEqual([]);
});

it.each(names.filter((name) => inputs[name].from.includes("file")))(
  "the one of %s is a configuration",
  (name) => {
    const file = readFile(examples[name] ?? "", ".go-release.yaml");
    const sources = { flags: [], host: [], environment: [], file };
    expect(configure("release", sources).given.has(name)).toBe(true);
  },
);
