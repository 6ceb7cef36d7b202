import { http } from "../../../src/world/node/http.ts";
import { clientOf } from "../../support/gitlab/client.ts";
import { FakeGitLab } from "../../support/gitlab/fake-gitlab.ts";
import { mortal } from "../../support/mortal.ts";
import { type Bench, forgeContract } from "../contract.ts";

forgeContract("GitLab", async (): Promise<Bench> => {
  const fake = new FakeGitLab();
  await fake.server.listen();
  return {
    client: ({ replace = false, dieAfter } = {}) =>
      clientOf(fake, { replace, ...(dieAfter === undefined ? {} : { http: mortal(http, dieAfter) }) }),
    visible: () => fake.project.visible("v1.0.0"),
    moments: () => fake.moments,
    orphans: () => fake.project.orphans(),
    violations: () => fake.server.violations,
    close: () => fake.server.close(),
  };
});
