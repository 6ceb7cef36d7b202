import { expect, it } from "vitest";
import { parseModuleInfo } from "../../../../src/go/inspection/module-info.ts";

function refuse(fault: string) {
  return new Error(fault) as never;
}
function parse(...lines: string[]) {
  return parseModuleInfo("go1.26.8", `${lines.join("\n")}\n`, refuse);
}

it("build information is read with modules, their replacements and settings", () => {
  const info = parse(
    "path\texample.com/a/cmd/a",
    "mod\texample.com/a\t(devel)\t",
    "dep\texample.com/b\tv1.0.0\th1:b=",
    "dep\texample.com/c\tv1.0.0",
    "=>\t./c\t(devel)\t",
    "dep\texample.com/d\tv1.0.0",
    "=>\texample.com/e\tv2.0.0\th1:e=",
    "future\tsomething",
    "build\t-trimpath=true",
  );
  expect(info).toEqual({
    go: "go1.26.8",
    path: "example.com/a/cmd/a",
    main: { path: "example.com/a", version: "(devel)" },
    deps: [
      { path: "example.com/b", version: "v1.0.0", sum: "h1:b=" },
      { path: "example.com/c", version: "v1.0.0", replace: { path: "./c", version: "(devel)" } },
      {
        path: "example.com/d",
        version: "v1.0.0",
        replace: { path: "example.com/e", version: "v2.0.0", sum: "h1:e=" },
      },
    ],
    settings: { "-trimpath": "true" },
  });
});

it.each([
  ["a=", "a", ""],
  ["a=b=c", "a", "b=c"],
  ['a="b c"', "a", "b c"],
  ['a="\\"\\\\\\t\\n"', "a", '"\\\t\n'],
  ['a="\\x41\\u00fc\\U0001F600\\101"', "a", "Aü😀A"],
  ['a="\\xc3\\xbc"', "a", "ü"],
  ["a=`b \\n`", "a", "b \\n"],
  ['"a b"=c', "a b", "c"],
  ['"a=b"=c', "a=b", "c"],
  ['__proto__="x y"', "__proto__", "x y"],
])("build information has the setting %s", (line, key, value) => {
  expect(Object.entries(parse(`build\t${line}`).settings)).toEqual([[key, value]]);
});

it.each([
  ["build\t=b", "has a setting without a key or a `=`"],
  ["build\tb", "has a setting without a key or a `=`"],
  ['build\t"a"b', "has a setting without a key or a `=`"],
  ['build\ta="b', "has a setting with unbalanced quotes"],
  ['build\ta="b"c', "has a setting with unbalanced quotes"],
  ['build\ta="\\q"', "has a setting with the unknown escape \\q"],
  ['build\ta="\\777"', "has a setting with the unknown escape \\777"],
  ["dep\ta", "has a module line of 1 columns instead of 2 or 3"],
  ["dep\ta\tb\tc\td", "has a module line of 4 columns instead of 2 or 3"],
  ["=>\ta\tb\tc", "replaces no module"],
  ["dep\ta\u001b[31m\tb\tc", "names a module with control characters"],
  ["path\ta\u001b[31m", "names a package with control characters"],
])("build information with %j is refused", (line, fault) => {
  expect(() => parse(line)).toThrow(fault);
});
