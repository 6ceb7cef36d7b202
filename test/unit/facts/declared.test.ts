import { expect, it } from "vitest";
import { declaredBy } from "../../../src/facts/declared.ts";

it.each<[string[], string, boolean]>([
  [[], "a", false],
  [["web/dist/**"], "web/dist/a/b.js", true],
  [["web/dist/**"], "web/dist/.vite/manifest.json", true],
  [["web/dist/**"], "web/src/a", false],
  [["web/dist"], "web/dist/a/.b", true],
  [["./web/dist/"], "web/dist/a", true],
  [["web/dist"], "web/dist2/a", false],
  [["a.txt"], "a.txt", true],
  [["a.txt"], "b/a.txt", false],
  [["**/zz_*.go"], "deep/er/zz_made.go", true],
  [["*.go"], "deep/x.go", false],
  [["*"], "deep/x.go", false],
  [["{a,b}/*.pb.go"], "b/x.pb.go", true],
  [["web/**", "!web/src/**"], "web/src/a", false],
  [["web/**", "!web/src"], "web/src/a", false],
  [["!web/src/**"], "web/dist/a", false],
  [["../lib/**"], "../lib/x.go", true],
])("%j declares %s: %j", (patterns, path, declared) => {
  expect(declaredBy(patterns)(path)).toBe(declared);
});
