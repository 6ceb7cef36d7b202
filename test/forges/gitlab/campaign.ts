import { Problem } from "../../../src/model/problem.ts";
import { http } from "../../../src/world/node/http.ts";
import { asset, assets, release } from "../../support/assets.ts";
import { scheduled } from "../../support/faults.ts";
import { clientOf } from "../../support/gitlab/client.ts";
import { FakeGitLab } from "../../support/gitlab/fake-gitlab.ts";
import { mortal } from "../../support/mortal.ts";
import { seeded } from "../../support/seeded.ts";
import { ship } from "../contract.ts";

/** What one schedule of faults and kills led to. */
export interface Outcome {
  readonly seed: number;
  /** Runs until one ended well, killed ones included. */
  readonly runs: number;
  readonly requests: number;
  readonly faults: number;
  /** Everything that users should never see; empty when all is well. */
  readonly wrongs: readonly string[];
}

/** Faults, kills and runs side by side, always the same for one seed; the last run is left alone. */
export async function campaign(seed: number): Promise<Outcome> {
  const random = seeded(seed);
  const role = seed % 2 === 0 ? "maintainer" : "developer";
  const fake = new FakeGitLab({ role, visibility: seed % 3 === 0 ? "public" : "private" });
  await fake.server.listen();
  fake.server.faults = scheduled(seed, { rate: 0.05 + random() * 0.25, limit: 12 });
  const run = (nth: number, dieAfter?: number) => {
    const alive = dieAfter === undefined ? http : mortal(http, dieAfter, Math.floor(random() * 4));
    // A signature is another one in every run.
    const signature = asset("checksums.txt.sigstore.json", `{"run":${seed}.${nth}}`, "signature");
    return ship(clientOf(fake, { http: alive, random }), [...assets(), signature]);
  };
  let runs = 0;
  const wrongs: string[] = [];
  for (let done = false; !done && runs < 20; ) {
    const side = random() < 0.2 ? [++runs, ++runs] : [++runs];
    const ends = await Promise.allSettled(
      side.map((nth) => run(nth, runs < 6 && random() < 0.7 ? 1 + Math.floor(random() * 40) : undefined)),
    );
    for (const end of ends) {
      if (end.status === "fulfilled") done = true;
      else if (!(end.reason instanceof Problem)) wrongs.push(`run ${runs}: ${String(end.reason)}`);
    }
  }
  fake.server.faults = () => undefined;
  const last = await run(++runs);
  if (last.changed) wrongs.push("a run on the finished release changed it");
  const seen = fake.moments.filter((moment) => moment !== undefined);
  if (seen.length !== 1) wrongs.push(`users saw ${seen.length} different releases`);
  for (const { name, sha256 } of assets()) {
    if (seen.some((moment) => moment[name] !== sha256)) wrongs.push(`users saw a wrong ${name}`);
  }
  if (seen.some((moment) => Object.keys(moment).length !== 5)) wrongs.push("users saw a release with files missing");
  // A developer's token may not remove the second copy that a lost answer left.
  if (role === "maintainer") wrongs.push(...fake.project.duplicates().map((place) => `twice there: ${place}`));
  wrongs.push(...fake.server.violations);
  await fake.server.close();
  const faults = fake.server.log.filter(({ fault }) => fault !== undefined).length;
  return { seed, runs, requests: fake.server.log.length, faults, wrongs };
}
