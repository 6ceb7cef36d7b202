import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { whereIs } from "./support/path.ts";
import { watched } from "./support/program.ts";
import { MAIN, repositoryOf, temporaryFolder } from "./support/repository.ts";

const TREE = {
  "go.mod": "module example.com/tool\n\ngo 1.21\n\nrequire golang.org/x/text v0.14.0\n",
  "go.sum":
    "golang.org/x/text v0.14.0 h1:ScX5w1eTa3QqT8oi6+ziP7dTV1S2+ALU0bI+0zXKWiQ=\n" +
    "golang.org/x/text v0.14.0/go.mod h1:18ZOQIKpY8NJVqYksKHtTdi31H5itFRjB5/qKTNYzSU=\n",
  "cmd/one/main.go": MAIN.replace(
    'import "fmt"',
    'import (\n\t"fmt"\n\n\t"golang.org/x/text/width"\n)',
  ).replace('"tool"', 'width.Narrow.String("tool")'),
  "cmd/two/main.go": MAIN,
  LICENSE: "MIT\n",
  "README.md": "# tool\n",
};

const ARGV = ["--targets=linux/arm/6,windows/amd64"];

it("the same tag gives the same bytes in another folder, under another umask, zone, home, language and cache", async () => {
  const repository = repositoryOf(TREE);
  const checksums = async (
    folder: string,
    env: Record<string, string>,
    umask: string,
  ): Promise<string> => {
    repository.git("clone", "-q", `file://${repository.folder}`, folder);
    const shell = [
      "-c",
      `umask ${umask}; exec "$0" "$@"`,
      process.execPath,
      inject("bundle"),
      ...ARGV,
    ];
    const { status, stderr } = await watched(whereIs("sh"), shell, folder, env).ended;
    expect(stderr).not.toContain("error:");
    expect(status).toBe(0);
    return readFileSync(join(folder, "dist/checksums.txt"), "utf8");
  };
  const plain = await checksums(join(temporaryFolder(), "a"), {}, "022");

  const home = temporaryFolder("another home ");
  const settings = join(home, "env");
  writeFileSync(
    settings,
    "GOFLAGS=-buildvcs=false -gcflags=all=-N\nGOAMD64=v3\nCGO_ENABLED=1\nGOEXPERIMENT=boringcrypto\n",
  );
  mkdirSync(join(home, "deep/er"), { recursive: true });
  const polluted = await checksums(
    join(home, "deep/er", "another name"),
    {
      HOME: home,
      TZ: "Pacific/Kiritimati",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      GOCACHE: join(home, "cache"),
      GOENV: settings,
      GOFLAGS: "-ldflags=-X=main.version=polluted -tags=netgo -race",
      GOEXPERIMENT: "synctest",
      GOAMD64: "v3",
      GOARM: "7",
      GOOS: "plan9",
      GOARCH: "386",
      GOROOT: "/nowhere",
      GOTOOLDIR: "/nowhere",
      GODEBUG: "http2client=0",
      GOFIPS140: "latest",
      CGO_ENABLED: "1",
      CGO_CFLAGS: "-O0 -DPOLLUTED",
      CGO_LDFLAGS: "-lpolluted",
      CC: "false",
      SOURCE_DATE_EPOCH: "1",
      GIT_DIR: "/nowhere",
    },
    "077",
  );
  expect(polluted).toBe(plain);
  expect(plain.split("\n").filter((line) => /\.(tar\.gz|zip)$/u.test(line))).toHaveLength(2);
});
