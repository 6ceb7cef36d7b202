import { expect, it } from "vitest";
import { linkerVariables, withoutVariables } from "../../../src/go/linker-variables.ts";

it.each([
  [["-s", "-X", "main.version=1.2.3"], ["main version"]],
  [
    ["-X=main.version=1.2.3", "--X=main.a=b.c=d"],
    ["main version", "main a"],
  ],
  [
    ["-X", "example.com/tool/v2/internal/version.Version=1"],
    ["example.com/tool/v2/internal/version Version"],
  ],
  [["-X", "gopkg.in/tool.v2.Version=1"], ["gopkg.in/tool.v2 Version"]],
  [["-X", "main.name="], ["main name"]],
  [["-X"], []],
  [["-extldflags", "-static"], []],
])("%j set %j", (ldflags, expected) => {
  expect(linkerVariables(ldflags).map((one) => `${one.package} ${one.name}`)).toEqual(expected);
});

it("some of them are left out, in one word or two", () => {
  const ldflags = ["-s", "-X", "main.a=1", "-X=main.b=2", "-X", "main.c=3", "-w"];
  expect(withoutVariables(ldflags, ({ name }) => name !== "c")).toEqual([
    "-s",
    "-X",
    "main.c=3",
    "-w",
  ]);
  expect(withoutVariables(ldflags, () => false)).toEqual(ldflags);
});
