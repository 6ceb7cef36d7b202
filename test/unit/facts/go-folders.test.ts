import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { passOverGoFolders } from "../../../src/facts/go-folders.ts";
import { node } from "../../../src/world/node.ts";
import { repositoryOf, temporaryFolder } from "../../support/repository.ts";

it("caches inside the work tree are none of its files, and what was committed in them is", async () => {
  const repository = repositoryOf({ "go.mod": "module x\n", ".go/kept": "1" });
  const { files } = await node();
  const inside = join(repository.folder, ".cache/go-build");
  const link = join(temporaryFolder(), "link");
  symlinkSync(repository.folder, link);
  const outside = temporaryFolder();
  const folders = [
    inside,
    join(link, ".go"),
    join(repository.folder, "later"),
    repository.folder,
    outside,
  ];

  mkdirSync(join(inside, "00"), { recursive: true });
  writeFileSync(join(inside, "00/object"), "x");
  writeFileSync(join(repository.folder, ".go/kept"), "2");
  writeFileSync(join(repository.folder, ".go/new"), "x");
  writeFileSync(join(repository.folder, "own.txt"), "x");
  await passOverGoFolders(folders, repository.folder, files, { make: false });
  expect(repository.git("status", "--porcelain").split("\n")).toEqual(["M .go/kept", "?? own.txt"]);
  expect(existsSync(join(repository.folder, "later"))).toBe(false);
  expect(existsSync(join(repository.folder, ".gitignore"))).toBe(false);
  expect(existsSync(join(outside, ".gitignore"))).toBe(false);

  await passOverGoFolders(folders, repository.folder, files, { make: true });
  expect(existsSync(join(repository.folder, "later/.gitignore"))).toBe(true);
});
