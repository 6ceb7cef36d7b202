import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ISSUER, IDENTITY as JOB, Jobs } from "../support/gitlab/jobs.ts";
import { Bench, IDENTITY, manifestOf, OIDC_ISSUER } from "../support/runs/bench.ts";
import { type Sigstore, startSigstore } from "../support/sigstore/services.ts";
import { freeze, IMAGE, pointing, type SixChannels, sixChannels } from "../support/six.ts";

/** A run on one of the forges. */
interface Ran {
  readonly status: number | null;
  readonly text: string;
  readonly folder: string;
}

interface Stage {
  readonly six: SixChannels;
  run(...args: readonly string[]): Promise<Ran>;
  /** Of the signer. */
  readonly who: readonly string[];
  readonly summary: () => string;
  leaks(): readonly string[];
  close(): Promise<void>;
}

async function onGitHub(): Promise<Stage> {
  const bench = await Bench.open();
  const { taps, tap } = bench.github;
  bench.secrets.add("the tap's token", tap.token);
  const six = await sixChannels(taps, tap.token, bench.folder);
  let summary = "";
  const outcomes: Awaited<ReturnType<Bench["run"]>>[] = [];
  return {
    six,
    run: async (...args) => {
      const outcome = await bench.run({ env: six.env, args: [...args, ...six.args] });
      outcomes.push(outcome);
      summary = outcome.summary;
      return { ...outcome, text: outcome.stdout };
    },
    who: ["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", OIDC_ISSUER],
    summary: () => summary,
    leaks: () => bench.leaks(...outcomes),
    close: async () => {
      await Promise.all([bench.close(), six.close()]);
    },
  };
}

async function onGitLab(): Promise<Stage> {
  const sigstore: Sigstore = await startSigstore();
  const jobs = await Jobs.open({ visibility: "public" });
  const { taps } = jobs.gitlab;
  const token = taps[0]?.token ?? "";
  jobs.secrets.add("the tap's token", token);
  const six = await sixChannels(taps, token, jobs.folder);
  const outcomes: Awaited<ReturnType<Jobs["run"]>>[] = [];
  return {
    six,
    run: async (...args) => {
      const env = { ...jobs.signing(sigstore), ...six.env };
      const outcome = await jobs.run({ env, args: [...args, ...six.args] });
      outcomes.push(outcome);
      return { ...outcome, text: outcome.stderr };
    },
    who: ["--certificate-identity", JOB, "--certificate-oidc-issuer", ISSUER],
    summary: () => outcomes.at(-1)?.stderr ?? "",
    leaks: () => jobs.leaks(...outcomes),
    close: async () => {
      await Promise.all([jobs.close(), sigstore.close(), six.close()]);
    },
  };
}

const TAP = 0;
const REGISTRY = 5;

describe.each([
  ["GitHub", onGitHub],
  ["GitLab", onGitLab],
])("of six channels on %s", (_, open) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await open();
  });
  afterEach(() => stage.close());

  it("the other five are right where an image's tag may not be moved, and the rest is done later", async () => {
    const { six } = stage;
    freeze(six.registries[1], "latest");
    const first = await stage.run();
    expect(first.status, first.text).toBe(1);
    expect(pointing(six)).toEqual([0, 1, 2, 3, 4, 5].map((nth) => nth !== REGISTRY));
    expect(first.text).toContain("1 of 6 channels could not be written");
    expect(first.text).toContain("run `publish --channels`");
    const repository = `${six.registries[1]?.host}/${IMAGE}`;
    expect(stage.summary()).toMatch(/homebrew octo\/homebrew-two: now points/u);
    expect(stage.summary()).toMatch(/scoop octo\/bucket-two: now points/u);
    expect(stage.summary()).toContain(`image ${six.registries[0]?.host}/${IMAGE}: now points`);
    expect(stage.summary()).toContain(`image ${repository}: failed (latest not moved`);
    Object.assign(six.registries[1] ?? {}, { traits: {} });
    const finished = await stage.run("publish", "--channels", ...stage.who);
    expect(finished.status, finished.text).toBe(0);
    expect(pointing(six)).toEqual([true, true, true, true, true, true]);
    const [image] = manifestOf(first).images ?? [];
    for (const registry of six.registries)
      expect(registry.tags(IMAGE)).toEqual({
        "1.2.3": image?.digest,
        "1.2": image?.digest,
        latest: image?.digest,
      });
    const verified = await stage.run("verify", "v1.2.3", "--verify-images", ...stage.who);
    expect(verified.status, verified.text).toBe(0);
    expect(stage.leaks()).toEqual([]);
  });

  it("the other five are right where a tap has another's formula, and the rest is done later", async () => {
    const { six } = stage;
    const [tap, other] = six.taps;
    tap?.seed({ "Formula/age.rb": "class Age < Formula\nend\n" });
    const first = await stage.run();
    expect(first.status, first.text).toBe(1);
    expect(pointing(six)).toEqual([0, 1, 2, 3, 4, 5].map((nth) => nth !== TAP));
    expect(stage.summary()).toMatch(/homebrew octo\/homebrew-tap: failed/u);
    const own = other?.files()["Formula/age.rb"] ?? "";
    tap?.seed({ "Formula/age.rb": own.replaceAll("1.2.3", "1.2.2") });
    const finished = await stage.run("publish", "--channels", ...stage.who);
    expect(finished.status, finished.text).toBe(0);
    expect(tap?.files()["Formula/age.rb"]).toBe(own);
    expect(stage.leaks()).toEqual([]);
  });
});
