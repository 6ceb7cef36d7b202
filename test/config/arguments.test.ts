import { expect, it } from "vitest";
import { parseArguments } from "../../src/config/arguments.ts";

it.each([
  ["the name of an input", ["--from", "output"], ["output"]],
  ["a dash", ["--ldflags", "-s"], "-s"],
  ["nothing like an input", ["--name", "tool"], "tool"],
])("a value may be %s", (_, argv, raw) => {
  expect(parseArguments(argv).given).toMatchObject([{ raw }]);
});
