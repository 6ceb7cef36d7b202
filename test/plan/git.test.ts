import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Git } from "../../src/plan/git.ts";
import { ask } from "../../src/world/node/ask.ts";
import { plainEnvironment } from "../support/program.ts";
import { type Repository, repositoryOf, temporaryFolder } from "../support/repository.ts";

/** HEAD becomes a commit that carries a signature, which `log.showSignature` has a program look at. */
const sign = (repository: Repository): void => {
  const { folder } = repository;
  const [head = "", ...message] = repository.git("cat-file", "commit", "HEAD").split("\n\n");
  const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQE=\n -----END PGP SIGNATURE-----";
  const commit = execFileSync("git", ["hash-object", "-t", "commit", "-w", "--stdin"], {
    cwd: folder,
    input: `${head}\n${signature}\n\n${message.join("\n\n")}\n`,
    encoding: "utf8",
  });
  repository.git("update-ref", "HEAD", commit.trim());
};

describe("a repository's own settings", () => {
  it.each([
    ["core.fsmonitor", {}],
    ["gpg.program", { "log.showSignature": "true" }],
  ])("start nothing and change no answer: %s", async (program, more) => {
    const repository = repositoryOf({ "a.txt": "a" });
    sign(repository);
    const outside = temporaryFolder();
    const [script, trace] = [join(outside, "script.sh"), join(outside, "trace")];
    writeFileSync(script, `#!/bin/sh\necho noise\ntouch ${trace}\n`);
    chmodSync(script, 0o755);
    for (const [name, value] of Object.entries({ [program]: script, ...more }))
      repository.git("config", name, value);

    const git = new Git(repository.folder, plainEnvironment(), { ask });
    expect(await git.facts()).toMatchObject({
      commit: repository.git("rev-parse", "HEAD"),
      date: "2026-01-31T12:00:00Z",
      dirty: [],
    });
    expect(await git.subjects("HEAD", ".")).toHaveLength(1);
    expect(existsSync(trace)).toBe(false);
  });
});
