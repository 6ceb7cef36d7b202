import { http } from "../../../src/world/node/http.ts";
import type { Clock } from "../../../src/world/world.ts";
import type { Breakable } from "../campaign.ts";
import { noFaults } from "../faults.ts";
import { mortal } from "../mortal.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { clientOf, privateToken } from "./client.ts";
import { FakeGitLab } from "./fake-gitlab.ts";
import type { ProjectOptions } from "./project.ts";

export interface GitLabBench extends Breakable {
  readonly fake: FakeGitLab;
}

/** GitLab's forge over the fake, with the tag of `release` pushed. */
export async function gitLabBench(
  clock: Clock = new VirtualClock(),
  options: ProjectOptions = {},
): Promise<GitLabBench> {
  const fake = new FakeGitLab({ milestones: ["first"], ...options });
  await fake.server.listen();
  return {
    fake,
    client: ({ replace = false, dieAfter } = {}) =>
      clientOf(fake, {
        replace,
        clock,
        ...(dieAfter === undefined ? {} : { http: mortal(http, dieAfter) }),
      }),
    breakWith: (faults) => {
      fake.server.faults = faults ?? noFaults;
    },
    milestone: () => ({
      forge: clientOf(fake, { clock, token: privateToken }),
      title: "first",
    }),
    visible: () => fake.project.visible("v1.0.0"),
    moments: () => [undefined, ...fake.moments],
    orphans: () => fake.project.orphans(),
    violations: () => fake.server.violations,
    close: () => fake.server.close(),
  };
}
