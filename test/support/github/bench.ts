import { github } from "../../../src/forges/github/github.ts";
import type { Destination } from "../../../src/model/plan.ts";
import { Secret } from "../../../src/model/secret.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import type { Clock, Http } from "../../../src/world/world.ts";
import type { Visible } from "../../unit/forges/contract.ts";
import { release } from "../assets.ts";
import type { Breakable } from "../campaign.ts";
import { noFaults } from "../faults.ts";
import { mortal } from "../mortal.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { FakeGitHub } from "./fake.ts";

export interface GitHubBench extends Breakable {
  readonly fake: FakeGitHub;
  readonly clock: Clock;
}

/** GitHub's forge over the fake, with the tag of `release` pushed; its clients ask it `through` another way. */
export async function gitHubBench(
  clock: Clock = new VirtualClock(),
  through = (way: Http): Http => way,
): Promise<GitHubBench> {
  const fake = new FakeGitHub(clock);
  const tag = release.tag ?? "";
  fake.tags.set(tag, release.commit ?? "");
  await fake.server.listen();
  const visible = (): Visible => {
    const published = fake.published(tag);
    return (
      published && Object.fromEntries(published.assets.map(({ name, sha256 }) => [name, sha256]))
    );
  };
  const moments: Visible[] = [undefined];
  fake.server.changed = () => {
    const now = visible();
    if (JSON.stringify(now) !== JSON.stringify(moments.at(-1))) moments.push(now);
  };
  const client: GitHubBench["client"] = ({ replace = false, dieAfter } = {}) =>
    github({
      destination: destination(fake, replace),
      token: new Secret(fake.token),
      http: through(dieAfter === undefined ? http : mortal(http, dieAfter)),
      clock,
      random,
    });
  return {
    fake,
    clock,
    client,
    breakWith: (faults) => {
      fake.server.faults = faults ?? noFaults;
    },
    milestone: () => ({ forge: client(), title: fake.milestones.add("first").title }),
    visible,
    moments: () => moments,
    orphans: () => fake.releases.filter(({ draft }) => draft).map(({ id }) => `draft ${id}`),
    violations: () => fake.server.violations,
    close: () => fake.server.close(),
  };
}

export function destination(fake: FakeGitHub, replace: boolean): Destination {
  return {
    forge: "github",
    repository: fake.repository,
    apiUrl: fake.origin,
    serverUrl: fake.origin,
    replace,
  };
}
