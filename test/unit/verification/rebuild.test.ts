import { describe, expect, it } from "vitest";
import { compareBinaries, compareRebuilt } from "../../../src/verification/rebuild.ts";
import { ageInfo, binaryOf, linux, windows } from "../../support/releases/binaries.ts";

const released = binaryOf(linux);
function rebuilt(change = {}) {
  return { ...binaryOf(linux, change), sha256: "ff" };
}
function fields(change = {}) {
  return compareBinaries(released, rebuilt(change)).map(({ field, released: a, rebuilt: b }) => [
    field,
    a,
    b,
  ]);
}

describe("a binary built again", () => {
  it("that has the same bytes differs in nothing", () => {
    expect(compareBinaries(released, binaryOf(linux, { go: "go1.27.0" }))).toEqual([]);
  });

  it("is told apart by the fields that differ", () => {
    expect(fields({ go: "go1.26.7" })).toEqual([["go", "go1.26.8", "go1.26.7"]]);
    expect(fields({ settings: { ...ageInfo.settings, CGO_ENABLED: "1", "-tags": "x" } })).toEqual([
      ["settings.CGO_ENABLED", "0", "1"],
      ["settings.-tags", "absent", "x"],
    ]);
    const [first, ...others] = ageInfo.deps;
    expect(fields({ deps: [{ ...first, version: "v9.0.0" }, ...others] })[0]?.[0]).toBe(
      "module filippo.io/edwards25519",
    );
  });

  it("is told by its size, or by its bytes, when nothing it says differs", () => {
    expect(compareBinaries(released, { ...rebuilt(), size: 1 })[0]?.field).toBe("size");
    expect(fields()[0]?.[0]).toBe("bytes");
  });
});

it("a binary that was not built again, and an archive packed otherwise, are named", () => {
  const file = (name: string, sha256: string) => ({ name, sha256, size: 1 });
  const found = compareRebuilt(
    { binaries: [binaryOf(linux), binaryOf(windows)], artifacts: [file("a", "1"), file("b", "2")] },
    { binaries: [binaryOf(linux)], artifacts: [file("a", "3")] },
  );
  expect(found.map(({ of, rebuilt }) => [of, rebuilt])).toEqual([
    ["age.exe (windows/amd64, age_1.3.1_windows_amd64.tar.gz)", "was not built"],
    ["a", "3"],
    ["b", "was not built"],
  ]);
});
