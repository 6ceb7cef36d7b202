import { expect, it } from "vitest";
import { steps } from "../../../src/model/step.ts";
import { help } from "../../../src/report/help.ts";

it("the help of a release lists its steps in order", () => {
  const text = help("release");
  const places = Object.entries(steps).map(([name, does]) =>
    text.search(new RegExp(`^  ${name} +${does.replaceAll(".", "\\.")}$`, "mu")),
  );
  expect(text).toContain("Steps of a release, in this order:");
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((one, other) => one - other));
});

it("the help of another command lists none", () => {
  expect(help("verify")).not.toContain("Steps of a release");
  expect(help(undefined)).not.toContain("Steps of a release");
});
