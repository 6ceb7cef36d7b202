import { describe, expect, it } from "vitest";
import { beyondCompiling } from "../../../src/config/compile-only.ts";
import { splitWords } from "../../../src/config/shell-words.ts";

/** The words as the input's reader splits them. */
function words(line: string): readonly string[] {
  const read = splitWords(line);
  return "value" in read ? read.value : [];
}

describe("settings that only compile", () => {
  it.each([
    ["flags", "-trimpath -race -v -p 4 -tags=netgo,osusergo -buildvcs=false -pgo=auto"],
    ["flags", "-pgo=default.pgo -mod=vendor -buildmode pie -gcflags=all=-N -asmflags=-spectre=all"],
    ["flags", "'-gcflags=example.com/x/...=-l=4 -B' '-ldflags=-s -w'"],
    ["ldflags", "-s -w -buildid= -X main.version={version} -X=main.date={date}"],
    ["ldflags", "-linkmode=external '-extldflags=-static -Wl,-z,relro,-z,now' -checklinkname=0"],
    ["ldflags", "-H=windowsgui -B gobuildid -X 'main.text=two words'"],
  ])("%s: %s", (name, line) => {
    expect(beyondCompiling(name, words(line))).toEqual([]);
  });

  it("env: a compiler by its name, with flags that Go lets a package give too", () => {
    const env = {
      CGO_ENABLED: "1",
      CC: "aarch64-linux-gnu-gcc-12",
      CXX: "zig c++ -target aarch64-linux-musl",
      CGO_CFLAGS: "-O2 -g -DNDEBUG -I./include -fPIC",
      CGO_LDFLAGS: "-L./lib -lm -static",
      GOEXPERIMENT: "jsonv2",
    };
    expect(beyondCompiling("env", env)).toEqual([]);
  });

  it("env: Zig for each target", () => {
    const env = { CC: "zig cc -target {zig-target}" };
    expect(beyondCompiling("env", env)).toEqual([]);
    expect(beyondCompiling("overrides", [{ targets: ["linux/*"], env, tags: ["x"] }])).toEqual([]);
  });

  it("inputs that are none of a compiler's", () => {
    expect(beyondCompiling("archiveName", "-toolexec=x")).toEqual([]);
  });
});

describe("settings that may do more", () => {
  it("commands, and what overrides have of them", () => {
    expect(beyondCompiling("before", ["make", "true"])).toEqual(["make", "true"]);
    const rows = [
      { targets: ["linux/*"], afterBuild: ["upx {path}"] },
      { targets: ["darwin/*"], flags: ["-toolexec=x"], env: { CC: "./cc" } },
    ];
    expect(beyondCompiling("overrides", rows)).toEqual(["upx {path}", "-toolexec=x", "CC=./cc"]);
  });

  it.each([
    ["flags", "-toolexec=./evil", ["-toolexec=./evil"]],
    ["flags", "--toolexec ./evil -v", ["--toolexec", "./evil"]],
    ["flags", "-overlay=o.json", ["-overlay=o.json"]],
    ["flags", "-exec=./evil", ["-exec=./evil"]],
    ["flags", "-modfile=other.mod", ["-modfile=other.mod"]],
    ["flags", "-gcflags=-toolexec", ["-gcflags=-toolexec"]],
    [
      "flags",
      "'-gcflags=-N -cpuprofile=/home/me/.profile'",
      ["-gcflags=-N -cpuprofile=/home/me/.profile"],
    ],
    ["flags", "'-ldflags=-s -extld=./evil'", ["-ldflags=-s -extld=./evil"]],
    ["flags", "-pgo=../../secret", ["-pgo=../../secret"]],
    ["flags", "-tags x -toolexec=./evil", ["-toolexec=./evil"]],
    ["flags", "-race -- -toolexec=./evil", ["--", "-toolexec=./evil"]],
    ["flags", "-{tag}", ["-{tag}"]],
    ["ldflags", "-s -extld ./evil", ["-extld", "./evil"]],
    ["ldflags", "-extldflags=-fuse-ld=./evil", ["-extldflags=-fuse-ld=./evil"]],
    ["ldflags", "-extldflags -B./evil", ["-extldflags -B./evil"]],
    ["ldflags", "-extldflags=-Wl,--plugin,./evil.so", ["-extldflags=-Wl,--plugin,./evil.so"]],
    ["ldflags", "-o=/home/me/bin/git", ["-o=/home/me/bin/git"]],
    ["ldflags", "-tmpdir=/etc -capturehostobjs x", ["-tmpdir=/etc", "-capturehostobjs", "x"]],
    ["ldflags", "-w -checklinkname -extld=./evil", ["-extld=./evil"]],
    ["ldflags", `"-X=main.a='\\" -extld=./evil \\""`, [`-X=main.a='" -extld=./evil "`]],
  ])("%s: %s", (name, line, found) => {
    expect(beyondCompiling(name, words(line))).toEqual(found);
  });

  it.each([
    ["CC", "./gcc"],
    ["CC", "/tmp/gcc"],
    ["CC", "sh -c evil"],
    ["CC", "gcc -B./evil"],
    ["CC", "gcc -fplugin=./evil.so"],
    ["CC", "gcc -wrapper ./evil"],
    ["CC", "gcc @evil"],
    ["CC", "clang -Xclang -load -Xclang ./evil.so"],
    ["CC", "zig run ./evil.zig"],
    ["CXX", "env ./evil"],
    ["CGO_CFLAGS", "-specs=evil"],
    ["CGO_LDFLAGS", "-fuse-ld=./evil"],
    ["CGO_CFLAGS_ALLOW", ".*"],
    ["PKG_CONFIG", "./evil"],
    ["PKG_CONFIG_PATH", "evil"],
    ["GOFLAGS", "-toolexec=./evil"],
    ["GODEBUG", "execerrdot=0"],
    ["LD_LIBRARY_PATH", "evil"],
    ["constructor", "x"],
  ])("env: %s=%s", (name, value) => {
    expect(beyondCompiling("env", { [name]: value })).toEqual([`${name}=${value}`]);
  });
});
