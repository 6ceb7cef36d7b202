import { describe, expect, it } from "vitest";
import { call } from "../support/program.ts";
import { GO_MOD, MAIN, PROGRAM, repositoryOf } from "../support/repository.ts";

const SMALL = ["--targets=linux/amd64"];

describe("a release that Go knows by no version", () => {
  it("of another major version than the module's path is told", async () => {
    const { folder } = repositoryOf(PROGRAM, "v3.0.0");
    const { status, stderr } = await call(SMALL, folder);
    expect(status).toBe(0);
    expect(stderr).toContain(
      "note: v3.0.0 is not a version of example.com/tool for Go, so `go install` does not find it: for version 3 go.mod (and every import) must use the path example.com/tool/v3\n",
    );
  });

  it("of the only module, which lies in a folder and has plain tags, is released", async () => {
    const { folder } = repositoryOf({ "src/go.mod": GO_MOD, "src/main.go": MAIN }, "v1.0.0");
    const { status, stderr } = await call(
      [...SMALL, "--working-directory=src", "--tag=v1.0.0"],
      folder,
    );
    expect(stderr).not.toContain("error:");
    expect(status).toBe(0);
    expect(stderr).toContain(
      "note: Go knows a version of the module in src by tags like src/v1.0.0: `go install example.com/tool@v1.0.0` does not find v1.0.0\n",
    );
    expect(stderr).toContain("tool_1.0.0_linux_amd64.tar.gz");
  });

  it("of one of several modules is not: another may be meant", async () => {
    const tree = { "src/go.mod": GO_MOD, "src/main.go": MAIN, "tools/go.mod": GO_MOD };
    const { folder } = repositoryOf(tree, "v1.0.0");
    const { stdout } = await call(["plan", "--working-directory=src"], folder);
    expect(stdout).toContain(
      "note: no release tag at HEAD (v1.0.0: no version of this module): this is a snapshot\n",
    );
  });

  it("has nothing to say of what Go knows", async () => {
    const { folder } = repositoryOf(PROGRAM, "v1.2.3");
    expect((await call(["plan"], folder)).stdout).not.toContain("note:");
  });
});
