import type { Forge } from "../../../src/forges/forge.ts";
import { type GitLabOptions, gitlab } from "../../../src/forges/gitlab/gitlab.ts";
import { JobToken, Secret } from "../../../src/model/secret.ts";
import { http } from "../../../src/world/node/http.ts";
import { seededBytes } from "../seeded.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { type FakeGitLab, JOB_TOKEN, PRIVATE_TOKEN } from "./fake-gitlab.ts";

export const jobToken = new JobToken(JOB_TOKEN);
export const privateToken = new Secret(PRIVATE_TOKEN);

/** A client of the fake as a new run would make it; `http` may be wrapped. */
export function clientOf(
  fake: FakeGitLab,
  { replace = false, ...options }: Partial<GitLabOptions> & { readonly replace?: boolean } = {},
): Forge {
  return gitlab({
    destination: {
      forge: "gitlab",
      repository: fake.project.options.formerPath ?? fake.project.options.path,
      apiUrl: fake.apiUrl,
      serverUrl: fake.serverUrl,
      replace,
    },
    name: "age",
    token: jobToken,
    http,
    clock: new VirtualClock(),
    random: seededBytes(1),
    ...options,
  });
}
