import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { moduleProxy } from "../support/module-proxy.ts";
import { call, watched } from "../support/program.ts";
import { emptyRepository, MAIN, temporaryFolder } from "../support/repository.ts";

const LIBRARY = "example.com/lib";
const CHANGES = {
  "still compiles": 'package lib\n\nfunc Word() string { return "other" }\n',
  "no longer compiles": "package lib\n\nfunc Other() {}\n",
};

/** A module whose dependency was changed in the module cache after it was fetched. */
async function withChanged(text: string) {
  const proxy = await moduleProxy({
    [LIBRARY]: {
      "go.mod": `module ${LIBRARY}\n\ngo 1.21\n`,
      "lib.go": 'package lib\n\nfunc Word() string { return "word" }\n',
    },
  });
  const env = {
    GOPROXY: proxy,
    GOSUMDB: "off",
    GOFLAGS: "-modcacherw",
    GOMODCACHE: temporaryFolder(),
  };
  const repository = emptyRepository({
    "go.mod": `module example.com/tool\n\ngo 1.21\n\nrequire ${LIBRARY} v1.0.0\n`,
    "main.go": MAIN.replace('import "fmt"', `import (\n\t"fmt"\n\n\tlib "${LIBRARY}"\n)`).replace(
      '"tool"',
      "lib.Word()",
    ),
  });
  const tidy = await watched("go", ["mod", "tidy"], repository.folder, env).ended;
  expect(tidy).toMatchObject({ status: 0 });
  repository.commit("v1.2.3");
  const source = join(env.GOMODCACHE, `${LIBRARY}@v1.0.0`, "lib.go");
  chmodSync(source, 0o644);
  writeFileSync(source, text);
  return { folder: repository.folder, env };
}

describe("a module that is not what go.sum says", () => {
  it.each(Object.entries(CHANGES))("and %s, is named, and nothing is released", async (_, text) => {
    const { folder, env } = await withChanged(text);
    const { status, stderr } = await call(["--targets=linux/amd64"], folder, env);
    expect(stderr).toContain(`${LIBRARY} v1.0.0: dir has been modified`);
    expect(stderr).toContain("go clean -modcache");
    expect(status).toBe(1);
    expect(existsSync(join(folder, "dist/checksums.txt"))).toBe(false);
  });
});
