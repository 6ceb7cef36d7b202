import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call } from "../../support/program.ts";
import { PROGRAM, repositoryOf } from "../../support/repository.ts";

/** With one core they are written one after the other, with more at once. */
it.each([
  ["tar.gz,zip", "1"],
  ["none,zip", "1"],
  ["zip,none,gz", "1"],
  ["tar.gz,zip,none,gz", "4"],
])("one program is released in several forms: %s, with %s at a time", async (formats, cores) => {
  const { folder } = repositoryOf(PROGRAM);
  const flags = ["--targets=linux/amd64", `--archive=${formats}`, `--concurrency=${cores}`];
  const { status, stderr } = await call([...flags, "--dry-run=true"], folder);
  expect(status, stderr).toBe(0);
  const names = readdirSync(join(folder, "dist"));
  const made = names.filter((name) =>
    /^tool_1\.2\.3_linux_amd64(\.(tar\.gz|zip|gz))?$/u.test(name),
  );
  expect(made).toHaveLength(formats.split(",").length);
  const bare = join(folder, "dist/tool_1.2.3_linux_amd64");
  if (formats.includes("none")) expect(statSync(bare).mode & 0o111).toBe(0o111);
  const verified = await call(["verify", "dist", "--any-signer"], folder);
  expect(verified.status, verified.stderr).toBe(0);
});
