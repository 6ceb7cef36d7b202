import { expect, it } from "vitest";
import { nfpm } from "../../../src/tools/nfpm.ts";
import { openpgp } from "../../../src/tools/openpgp.ts";

it.each([nfpm, openpgp])("what is told of $name is what its go.mod and go.sum say", (tool) => {
  const { path, version, sum } = tool.module;
  expect(tool.files["go.mod"]).toContain(`${path} ${version}\n`);
  expect(tool.files["go.sum"]).toContain(`${path} ${version} ${sum}\n`);
});
