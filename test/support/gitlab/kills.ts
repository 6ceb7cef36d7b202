import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import { verifyRelease } from "../../../src/verification/index.ts";
import { noFaults } from "../faults.ts";
import { seeded } from "../seeded.ts";
import { type Sigstore, startSigstore } from "../sigstore/services.ts";
import { IDENTITY, ISSUER, type JobOptions, Jobs, type Outcome } from "./jobs.ts";

/** Jobs of one project that sign keylessly, and the services that they sign with. */
export class Place {
  readonly jobs: Jobs;
  readonly sigstore: Sigstore;

  private constructor(jobs: Jobs, sigstore: Sigstore) {
    this.jobs = jobs;
    this.sigstore = sigstore;
  }

  /**
   * Of a maintainer: only that role may delete, and so remove the equal copy that two jobs at once may leave.
   * The component's `resource_group` keeps jobs from meeting at all.
   */
  static async open(): Promise<Place> {
    const jobs = await Jobs.open({ visibility: "public", role: "maintainer" });
    return new Place(jobs, await startSigstore());
  }

  async close(): Promise<void> {
    await Promise.all([this.jobs.close(), this.sigstore.close()]);
  }

  /** One target, so that most of a run is what is told to the forge. */
  options({ folder, args = [] }: JobOptions = {}): JobOptions {
    const env = this.jobs.signing(this.sigstore);
    return {
      ...(folder === undefined ? {} : { folder }),
      args: ["--targets=linux/amd64", ...args],
      env,
    };
  }

  /**
   * What must be true when the last job is done, whatever happened before: one release, which became visible
   * once and whole and holds what the job's manifest says; no second copy; its signatures hold; no secret is left.
   */
  async expectWhole(last: Outcome, ...before: readonly Outcome[]): Promise<void> {
    const { jobs, sigstore } = this;
    expect(last.status, last.stderr).toBe(0);
    const text = readFileSync(join(last.folder, "dist/manifest.json"), "utf8");
    const { artifacts } = JSON.parse(text) as Manifest;
    const released = Object.fromEntries(artifacts.map(({ name, sha256 }) => [name, sha256]));
    expect(jobs.published()).toEqual(released);
    expect(jobs.gitlab.moments).toEqual([released]);
    expect(jobs.gitlab.project.ambiguous()).toEqual([]);
    expect(jobs.gitlab.server.violations).toEqual([]);
    const files = jobs.files();
    const open = (name: string) => Readable.from([files[name] ?? Buffer.alloc(0)]);
    const { trustedRoot } = sigstore;
    const expected = { identity: IDENTITY, issuer: ISSUER, trustedRoot };
    const { faults } = await verifyRelease({ names: Object.keys(files), open }, expected);
    expect(faults).toEqual([]);
    expect(jobs.leaks(last, ...before)).toEqual([]);
  }
}

/** One story of killed jobs and the one that came through. */
export interface Story {
  readonly seed: number;
  /** Jobs that were killed before they ended. */
  readonly killed: number;
  /** Whether the release was to be seen when the first job was dead. */
  readonly visible: boolean;
  readonly runs: number;
}

/** Requests to the forge from the first upload to the one that publishes, and some after it. */
const REQUESTS = 24;
/** Milliseconds; signing takes its time between two of those requests. */
const LONGEST_DELAY = 30;

/** Kills jobs at moments that `seed` decides, then lets one come through. Throws when it does not converge. */
export async function playKills(seed: number): Promise<Story> {
  const next = seeded(seed);
  const place = await Place.open();
  try {
    const runs = [await killed(place, next)];
    const visible = place.jobs.published() !== undefined;
    // A retried job may find what the first one left, or an empty folder.
    const again = () => (next() < 0.5 ? { folder: runs[0]?.folder ?? "" } : {});
    while (next() < 0.3 && runs.length < 4) runs.push(await killed(place, next, again()));
    place.jobs.gitlab.server.faults = noFaults;
    const last = await place.jobs.run(place.options(again()));
    await place.expectWhole(last, ...runs);
    const dead = runs.filter(({ status }) => status === null).length;
    return { seed, killed: dead, visible, runs: runs.length + 1 };
  } finally {
    await place.close();
  }
}

/** The moment is counted from the first upload: so many requests, and so many milliseconds later. */
async function killed(place: Place, next: () => number, options?: JobOptions): Promise<Outcome> {
  const { jobs } = place;
  let left = 1 + Math.floor(next() * REQUESTS);
  const delay = next() * LONGEST_DELAY;
  const running = jobs.start(place.options(options));
  let uploading = false;
  jobs.gitlab.server.faults = (method) => {
    uploading ||= method === "PUT";
    if (uploading) left -= 1;
    if (left === 0) setTimeout(() => running.kill(), delay);
    return undefined;
  };
  return await running.outcome;
}
