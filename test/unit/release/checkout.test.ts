import { join } from "node:path";
import { expect, it } from "vitest";
import { Git } from "../../../src/git/git.ts";
import type { Event } from "../../../src/model/event.ts";
import { plan } from "../../../src/plan/plan.ts";
import { checkoutFor } from "../../../src/release/checkout.ts";
import { Journal } from "../../../src/release/journal.ts";
import { capture } from "../../../src/world/node/capture.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { files } from "../../../src/world/node/files.ts";
import { configOf, factsOf, TERMINAL } from "../../support/facts.ts";
import { plainEnvironment } from "../../support/program.ts";
import { PROGRAM, repositoryOf, temporaryFolder } from "../../support/repository.ts";

it("a worktree is built without a stamp, and says so, where a file system has no links", async () => {
  const repository = repositoryOf(PROGRAM);
  const folder = join(temporaryFolder(), "worktree");
  repository.git("worktree", "add", "-q", folder, "v1.2.3");
  const env = plainEnvironment();
  const git = new Git(folder, env, { capture });
  const seen = await git.facts();
  const facts = factsOf(seen === undefined ? {} : { git: seen });
  const told: Event[] = [];
  const scene = {
    plan: plan({ config: configOf(), facts, surroundings: TERMINAL, generator: "1.0.0" }),
    facts,
    toolchain: { go: "go", env, version: "go1.26.8", module: "", workspace: "" },
    folder,
    output: { path: "", work: temporaryFolder(), outside: async () => temporaryFolder() },
    hidden: "",
    journal: new Journal((event) => told.push(event), clock),
  };
  const link = () => Promise.reject(Object.assign(new Error("EPERM"), { code: "EPERM" }));
  expect(await checkoutFor(scene, git, { capture, files: { ...files, link } })).toMatchObject({
    folder,
    env: { GOFLAGS: "-buildvcs=false" },
  });
  expect(told).toEqual([
    {
      type: "warning",
      message: expect.stringContaining("does not support links: no commit is stamped"),
    },
  ]);
});
