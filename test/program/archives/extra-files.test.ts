import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call } from "../../support/program.ts";
import { PROGRAM, repositoryOf } from "../../support/repository.ts";

const CONFIG = `extra-files:
  - from: keys/tool.pub
    name: "{name}-{version}.pub"
  - made/*.json
generated: made
`;
const TREE = {
  ...PROGRAM,
  ".go-release.yaml": CONFIG,
  ".gitignore": "made\ndist\n",
  "keys/tool.pub": "a key\n",
};

function made(folder: string): void {
  mkdirSync(join(folder, "made"));
  writeFileSync(join(folder, "made/bom.json"), "{}\n");
}

it("files beside the archives are listed, stated in the provenance, verified and compared", async () => {
  const { folder } = repositoryOf(TREE);
  made(folder);
  const flags = ["--targets=linux/amd64", "--forge=directory", "--dry-run=false"];
  expect(await call(["release", ...flags], folder)).toMatchObject({ status: 0 });
  const text = (name: string): string => readFileSync(join(folder, "dist", name), "utf8");
  expect(text("tool-1.2.3.pub")).toBe("a key\n");
  expect(text("checksums.txt")).toMatch(/ {2}bom\.json\n.* {2}/u);
  expect(text("checksums.txt")).toContain("  tool-1.2.3.pub\n");
  expect(JSON.parse(text("manifest.json"))).toMatchObject({
    plan: { generated: [{ path: "made/bom.json" }] },
  });
  const verify = ["verify", "dist", "--any-signer"];
  expect(await call(verify, folder)).toMatchObject({ status: 0 });
  appendFileSync(join(folder, "dist/bom.json"), " ");
  const { status, stdout } = await call(verify, folder);
  expect(stdout).toContain("bom.json");
  expect(status).toBe(1);
});

it("a file that the commit does not hold as it is is refused", async () => {
  const repository = repositoryOf({ ...TREE, ".go-release.yaml": "extra-files: made/*.json\n" });
  made(repository.folder);
  const { status, stderr } = await call(
    ["release", "--targets=linux/amd64", "--forge=directory", "--dry-run=false"],
    repository.folder,
  );
  expect(stderr).toContain("not in the commit: made/");
  expect(status).toBe(1);
});

it("a pattern that matches nothing is told before anything is built", async () => {
  const { folder } = repositoryOf(TREE);
  const { status, stderr } = await call(["plan"], folder);
  expect(stderr).toContain("no file matches `made/*.json`");
  expect(status).toBe(1);
});
