import { expect, it } from "vitest";
import { PackageGraph } from "../../../src/go/package-graph.ts";
import type { ListedPackage } from "../../../src/go/programs.ts";

function listed(importPath: string, more: Partial<ListedPackage> = {}): ListedPackage {
  const files = [`/m/${importPath}/x.go`];
  return {
    importPath,
    folder: `/m/${importPath}`,
    program: false,
    dependency: true,
    error: undefined,
    imports: [],
    files: [],
    sources: { files, embeds: [], cgoFlags: [], module: undefined },
    ...more,
  };
}

it("knows what goes into each program, over all platforms and through the module cache", () => {
  const graph = new PackageGraph();
  const one = { program: true, dependency: false };
  graph.add({
    complete: true,
    packages: [
      listed("one", { ...one, imports: ["a", "cached"] }),
      listed("other", { ...one, imports: ["b"] }),
      listed("a"),
      listed("b"),
      listed("cached", { imports: ["replaced"], sources: undefined }),
      listed("replaced"),
      listed("tool", { program: true }),
    ],
  });
  const more = { files: ["/m/a/x_windows.go"], embeds: ["*"], cgoFlags: [], module: undefined };
  graph.add({
    complete: true,
    packages: [listed("a", { imports: ["c"], sources: more }), listed("c")],
  });
  expect(graph.programs).toEqual(["one", "other"]);
  expect(graph.complete).toBe(true);
  const packages = graph.packagesOf(["one"]);
  expect(packages.map(({ importPath }) => importPath).sort()).toEqual([
    "a",
    "c",
    "one",
    "replaced",
  ]);
  const a = packages.find(({ importPath }) => importPath === "a");
  expect([...(a?.files ?? [])]).toEqual(["/m/a/x.go", "/m/a/x_windows.go"]);
  expect([...(a?.embeds ?? [])]).toEqual(["*"]);
  graph.add({ complete: false, packages: [] });
  expect(graph.complete).toBe(false);
});
