import { writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { capture } from "../../../src/world/node/capture.ts";
import { plainEnvironment } from "../../support/program.ts";
import { temporaryFolder } from "../../support/repository.ts";

it("looks a program up in silence, whatever PATH holds", async () => {
  const cwd = temporaryFolder();
  const file = join(cwd, "file");
  writeFileSync(file, "");
  const env = { ...plainEnvironment() };
  env["PATH"] = [file, "", join(cwd, "absent"), env["PATH"]].join(delimiter);
  vi.stubEnv("PATH", env["PATH"]);
  const log = vi.spyOn(console, "log");
  onTestFinished(() => {
    vi.unstubAllEnvs();
    log.mockRestore();
  });

  const { status, stdout } = await capture({ file: "git", args: ["--version"], cwd, env });
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: /^git version/u });
  await expect(capture({ file: "file", args: [], cwd, env: { PATH: cwd } })).rejects.toThrow(
    "there is no file on PATH",
  );
  expect(log).not.toHaveBeenCalled();
});

it.each([
  ["a quoted", (folder: string) => folder],
  ["a relative", (folder: string) => relative(process.cwd(), folder)],
])("starts a program of %s folder", async (_, entry) => {
  const folder = temporaryFolder('odd "name" ');
  writeFileSync(join(folder, "greet"), "#!/bin/sh\necho hello", { mode: 0o755 });
  const env = { PATH: entry(folder) };
  const { stdout } = await capture({ file: "greet", args: [], cwd: temporaryFolder(), env });
  expect(stdout).toBe("hello\n");
});
