import { expect, it } from "vitest";
import { stdlib } from "../../../src/sboms/stdlib.ts";

it.each([
  ["go1.26.8", "1.26.8", "cpe:2.3:a:golang:go:1.26.8:-:*:*:*:*:*:*"],
  ["go1.26.8-X:jsonv2", "1.26.8", "cpe:2.3:a:golang:go:1.26.8:-:*:*:*:*:*:*"],
  ["go1.26.8 (Red Hat 1.26.8-1.el10)", "1.26.8", "cpe:2.3:a:golang:go:1.26.8:-:*:*:*:*:*:*"],
  ["go1.27rc1", "1.27rc1", "cpe:2.3:a:golang:go:1.27:rc1:*:*:*:*:*:*"],
  ["go1.27-devel_3f2a Thu", "1.27-devel", "cpe:2.3:a:golang:go:1.27:devel:*:*:*:*:*:*"],
])("%j is the standard library %s", (go, version, cpe) => {
  const found = stdlib(go);
  expect(found).toMatchObject({
    path: "stdlib",
    version,
    cpe,
    purl: `pkg:golang/stdlib@${version}`,
  });
  expect(found.toolchain).toBe(go === `go${version}` && !go.includes("devel") ? undefined : go);
});

it("of a Go that names no release has no version", () => {
  expect(stdlib("devel +3f2a")).toEqual({
    path: "stdlib",
    version: "",
    purl: "pkg:golang/stdlib",
    toolchain: "devel +3f2a",
  });
});
