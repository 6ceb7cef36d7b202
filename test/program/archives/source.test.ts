import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call } from "../../support/program.ts";
import {
  PROGRAM,
  type Repository,
  repositoryOf,
  temporaryFolder,
} from "../../support/repository.ts";

const FLAGS = ["--targets=linux/amd64", "--source"];

function withLink(): Repository {
  const repository = repositoryOf({ ...PROGRAM, "docs/guide.md": "guide\n" }, null);
  symlinkSync("../LICENSE", join(repository.folder, "docs/license"));
  repository.commit("v1.2.3");
  return repository;
}

/** Unpacks with a program of others, and gives what is in it as `find` and `diff` see it. */
function unpacked(command: readonly string[]): string {
  const folder = temporaryFolder();
  const [file = "", ...args] = command;
  execFileSync(file, args, { cwd: folder, stdio: "pipe" });
  return folder;
}

function expectSame(one: string, other: string): void {
  execFileSync("git", ["diff", "--no-index", "--exit-code", one, other], { stdio: "pipe" });
}

it.each(["tar.gz", "zip"])("a source archive as %s is what `git archive` makes", async (format) => {
  const { folder } = withLink();
  const flags = [...FLAGS, `--source-format=${format}`];
  const { status, stderr } = await call(["release", ...flags, "--dry-run=true"], folder);
  expect(stderr).toContain(`✓ pack tool-1.2.3.${format}`);
  expect(status).toBe(0);
  const archive = join(folder, `dist/tool-1.2.3.${format}`);
  const theirs = join(temporaryFolder(), "source.tar");
  execFileSync("git", ["archive", "--prefix=tool-1.2.3/", "-o", theirs, "v1.2.3"], { cwd: folder });
  expectSame(
    unpacked(format === "zip" ? ["unzip", "-q", archive] : ["tar", "xf", archive]),
    unpacked(["tar", "xf", theirs]),
  );
  expect(readFileSync(join(folder, "dist/checksums.txt"), "utf8")).toContain(
    `  tool-1.2.3.${format}\n`,
  );
  const verified = await call(["verify", "dist", "--any-signer"], folder);
  expect(verified).toMatchObject({ status: 0 });
  if (format === "zip") return;
  const rebuilt = await call(["verify", "dist", "--any-signer", "--rebuild", ...flags], folder);
  expect(rebuilt).toMatchObject({ status: 0 });
});

it("is made by the job that publishes, from its own commit", async () => {
  const { folder } = withLink();
  const shard = join(temporaryFolder(), "shard-1");
  mkdirSync(shard);
  const built = await call(["build", ...FLAGS, `--output=${shard}`], folder);
  expect(built).toMatchObject({ status: 0 });
  const apart = ["publish", ...FLAGS, `--from=${shard}`, "--output=apart"];
  expect(await call([...apart, "--dry-run=true"], folder)).toMatchObject({ status: 0 });
  expect(await call(["release", ...FLAGS, "--dry-run=true"], folder)).toMatchObject({ status: 0 });
  const bytes = ["apart", "dist"].map((name) =>
    readFileSync(join(folder, name, "tool-1.2.3.tar.gz")),
  );
  expect(bytes[0]?.equals(bytes[1] ?? Buffer.of())).toBe(true);
});

it("is refused without a commit, before anything is built", async () => {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(PROGRAM))
    execFileSync(
      "sh",
      ["-c", `mkdir -p "$(dirname "$1")" && printf %s "$2" > "$1"`, "sh", name, text],
      { cwd: folder },
    );
  const { status, stderr } = await call(["release", ...FLAGS], folder);
  expect(stderr).toContain("source: there is no commit whose files could be packed");
  expect(stderr).not.toContain("✓ build");
  expect(status).toBe(1);
});
