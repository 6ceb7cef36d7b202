import { describe, expect, it } from "vitest";
import { declarationsIn } from "../../../src/facts/go-declarations.ts";

function read(...sources: readonly string[]): string {
  return declarationsIn(sources.map((source) => `package main\n\n${source}`))
    .map(({ name, kind }) => `${name} ${kind}`)
    .join(", ");
}

describe("what a Go file declares for the linker", () => {
  it.each([
    ['var version = "dev"\n', "version string"],
    ["var Version string\n", "Version string"],
    ["var commit string // by the linker\n", "commit string"],
    ["var version, commit, date string\n", "version string, commit string, date string"],
    ['var a, b = "x", f()\n', "a string, b computed"],
    ["var a, b = f()\n", "a computed, b computed"],
    [
      'var (\n\t// For people.\n\tVersion   = ""\n\tCommitSHA string\n\tcount = 1\n)\n',
      "Version string, CommitSHA string, count other",
    ],
    [
      'var (\n\tversion = "dev" //nolint\n\n\tdate    = ""; more string\n)\n',
      "version string, date string, more string",
    ],
    ['const version = "1"\n', "version constant"],
    ["const (\n\tA = iota\n\tB\n)\n", "A constant, B constant"],
    ["var version = buildVersion()\n", "version computed"],
    ["var version = strings.TrimSpace(text)\n", "version computed"],
    ['var version string = env("X")\n', "version computed"],
    ['var v = f[string]("x")\n', "v computed"],
    ['const d = "x"\nvar v = d\n', "d constant, v string"],
    ["var v = other\n", "v computed"],
    ["var v = pkg.Version\n", "v string"],
    ['var v = "a" +\n\t"b"\n', "v string"],
    ['var v = ("x")\nvar w = string("x")\n', "v string, w string"],
    ["var v = `a\nvar no = 1\n`\n", "v string"],
    ['var v = "a\\"b // no"\n', "v string"],
    ['/* var no = "x"\n*/ var yes = "y"\n', "yes string"],
    ["var date time.Time\n", "date other"],
    ['type V string\nvar v V = "x"\n', "v other"],
    ["var p *string\nvar l [3]string\n", "p other, l other"],
    ["var r = 'x'\nvar n = -1\nvar ok = true\n", "r other, n other, ok other"],
    ['func main() {\n\tversion = "x"\n\tvar other = "y"\n}\n', ""],
    ['var f = func() string { var in = "x"; return in }\nvar v = "z"\n', "f computed, v string"],
    ['func f[T any](x T) string { return "" }\nvar v = "z"\n', "v string"],
    ['var é = "ü"\n', "é string"],
    ["", ""],
    ["var", ""],
    ["var (\n", ""],
  ])("%j: %s", (source, expected) => {
    expect(read(source)).toBe(expected);
  });

  it("is read over all files of the package", () => {
    expect(read("var version = fallback\n", 'const fallback = "dev"\n')).toBe(
      "version string, fallback constant",
    );
  });
});
