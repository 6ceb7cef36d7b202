import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Manifest } from "../../src/model/manifest.ts";
import { pathWithGo } from "../support/path.ts";
import { call, watched } from "../support/program.ts";
import {
  emptyRepository,
  MAIN,
  type Repository,
  repositoryOf,
  temporaryFolder,
} from "../support/repository.ts";

/** No proxy has it, and its only way is git. */
const MODULE = "git.example.com/acme/lib.git";
const ARGV = ["build", "--targets=linux/amd64", "--json"];

/** The module's repository, bare, in a folder as a server would have it; it is older than go.mod. */
function served(): string {
  const source = repositoryOf(
    {
      "lib.go": 'package lib\n\nfunc Word() string { return "word" }\n',
      "cmd/foreign/main.go": "package main\n\nfunc main() {}\n",
    },
    "v1.0.0",
  );
  const root = temporaryFolder();
  const bare = join(root, "acme/lib");
  source.git("clone", "-q", "--bare", source.folder, bare);
  source.git("-C", bare, "update-server-info");
  return root;
}

/** Who needs that module. Its own caches lie inside the project, fresh. */
async function consumer(env: Readonly<Record<string, string>>): Promise<{
  readonly repository: Repository;
  readonly environment: Record<string, string>;
}> {
  const repository = emptyRepository({
    "go.mod": `module example.com/tool\n\ngo 1.16\n\nrequire ${MODULE} v1.0.0\n`,
    "main.go": MAIN.replace('import "fmt"', `import (\n\t"fmt"\n\n\tlib "${MODULE}"\n)`).replace(
      '"tool"',
      "lib.Word()",
    ),
  });
  const environment = {
    GOPRIVATE: "git.example.com",
    GOMODCACHE: join(repository.folder, "modules"),
    ...env,
  };
  const elsewhere = { ...environment, GOMODCACHE: temporaryFolder() };
  const tidy = await watched("go", ["mod", "tidy"], repository.folder, elsewhere).ended;
  expect(tidy).toMatchObject({ status: 0 });
  repository.git("add", "go.mod", "go.sum", "main.go");
  repository.git("commit", "-q", "-m", "feat: say a word");
  repository.git("tag", "v1.2.3");
  return { repository, environment };
}

/** A server that answers whoever has the password. */
async function guarded(root: string, password: string): Promise<string> {
  const wanted = `Basic ${Buffer.from(`ci:${password}`).toString("base64")}`;
  const server: Server = createServer(({ url = "", headers }, response) => {
    const path = join(root, normalize(new URL(url, "http://x").pathname));
    if (headers.authorization !== wanted)
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    else if (existsSync(path)) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function manifestOf(stdout: string): Manifest {
  return JSON.parse(stdout) as Manifest;
}

describe("a private module", () => {
  it("comes by the settings of GIT_CONFIG_COUNT into a cache inside the project, which stays clean", async () => {
    const root = served();
    const { repository, environment } = await consumer({
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.file://${root}/.insteadOf`,
      GIT_CONFIG_VALUE_0: "https://git.example.com/",
    });
    for (const _ of ["cold", "warm"]) {
      const { status, stdout, stderr } = await call(ARGV, repository.folder, environment);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const { binaries, plan } = manifestOf(stdout);
      expect(plan.builds[0]?.programs.map(({ importPath }) => importPath)).toEqual([
        "example.com/tool",
      ]);
      expect(plan.skipped).toEqual([]);
      expect(binaries[0]?.inspection.buildInfo.settings["vcs.modified"]).toBe("false");
      expect(repository.git("status", "--porcelain")).toBe("");
    }
    expect(readdirSync(join(repository.folder, "modules"))).toContain(".gitignore");
    // The next checkout on this machine has to be able to remove it.
    const unpacked = join(repository.folder, "modules/git.example.com/acme/lib.git@v1.0.0");
    expect(statSync(unpacked).mode & 0o200).toBe(0o200);
  });

  it("comes by the credential helper of GIT_CONFIG_GLOBAL, whose secret no compiler sees", async () => {
    const server = await guarded(served(), "secret-word");
    const config = join(temporaryFolder(), "gitconfig");
    writeFileSync(
      config,
      `[url "${server}/"]\n\tinsteadOf = https://git.example.com/\n[credential]\n\thelper = "!f() { echo username=ci; echo \\"password=$MODULE_TOKEN\\"; }; f"\n`,
    );
    const log = temporaryFolder();
    const { repository, environment } = await consumer({
      GIT_CONFIG_GLOBAL: config,
      MODULE_TOKEN: "secret-word",
    });
    const { status, stderr } = await call(ARGV, repository.folder, {
      ...environment,
      NPM_TOKEN: "secret-other",
      PATH: pathWithGo(
        `case "$1 $2" in "mod download") env > ${log}/download;; build*) env > ${log}/build;; esac\nexec "$REAL" "$@"`,
      ),
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const seen = (name: string) => readFileSync(join(log, name), "utf8");
    expect(seen("download")).toContain("MODULE_TOKEN=secret-word");
    expect(seen("download")).not.toContain("secret-other");
    expect(seen("build")).not.toContain("secret");
    expect(seen("build")).not.toContain("GIT_CONFIG_GLOBAL");
    expect(stderr).not.toContain("secret");
  });

  it("that git may not have is told with the cure", async () => {
    const server = await guarded(served(), "secret-word");
    const settings = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.${server.replace("://", "://ci:secret-word@")}/.insteadOf`,
      GIT_CONFIG_VALUE_0: "https://git.example.com/",
    };
    const { repository, environment } = await consumer(settings);
    const { status, stderr } = await call(ARGV, repository.folder, {
      ...environment,
      GIT_CONFIG_KEY_0: settings.GIT_CONFIG_KEY_0.replace("secret-word", "wrong-word"),
    });
    expect(status).toBe(1);
    expect(stderr).toContain("→ give git credentials for this module's server");
    expect(stderr).not.toContain("wrong-word");
  });
});
