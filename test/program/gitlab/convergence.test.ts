import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Place, playKills } from "../../support/gitlab/kills.ts";

/** More of them are played by `test/campaigns/faults-gitlab.test.ts`. */
it.each([1, 2, 3])("jobs that are killed converge (story %i)", async (seed) => {
  await playKills(seed);
});

describe("a release that is there", () => {
  let place: Place;
  beforeEach(async () => {
    place = await Place.open();
  });
  afterEach(() => place.close());

  it("is left as it is by a further job, and by two at once", async () => {
    const { jobs } = place;
    const [one, other] = await Promise.all([0, 1].map(() => jobs.run(place.options())));
    expect([one?.status, other?.status], `${one?.stderr}${other?.stderr}`).toEqual([0, 0]);
    const { releases, files } = jobs.gitlab.project;
    const before = JSON.stringify([...releases, files.map(({ id, sha256 }) => [id, sha256])]);
    const writes = () => jobs.gitlab.server.log.filter(({ method }) => method !== "GET").length;
    const written = writes();
    const last = await jobs.run(place.options());
    await place.expectWhole(last, ...[one, other].filter((run) => run !== undefined));
    expect(JSON.stringify([...releases, files.map(({ id, sha256 }) => [id, sha256])])).toBe(before);
    expect(writes()).toBe(written);
  });
});
