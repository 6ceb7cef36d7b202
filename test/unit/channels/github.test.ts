import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelMove } from "../../../src/channels/channel.ts";
import {
  type OpenChannel,
  openChannel,
  type PlannedRelease,
  plannedRelease,
} from "../../support/channels.ts";
import { scheduled, scripted } from "../../support/faults.ts";
import { FakeGitHub } from "../../support/github/fake.ts";
import { mortal } from "../../support/mortal.ts";
import { problemOf } from "../../support/problem.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const NEWEST: ChannelMove = { kind: "newest" };
let fake: FakeGitHub;

beforeEach(async () => {
  fake = new FakeGitHub(new VirtualClock());
  await fake.server.listen();
});
afterEach(async () => {
  await fake.server.close();
  expect(fake.server.violations).toEqual([]);
});

function channelOf({ flags, ...more }: PlannedRelease = {}, token = fake.tap.token): OpenChannel {
  const asked = { homebrew: "octo/homebrew-tap", ...flags };
  return openChannel(plannedRelease({ ...more, server: fake.origin, flags: asked }), token);
}

describe("a tap on GitHub", () => {
  it("gets a formula by one commit, and nothing when it is there", async () => {
    const { channel, files } = channelOf();
    const moved = await channel.point(files, NEWEST);
    expect(moved).toMatchObject({ result: "moved", detail: "Formula/tool.rb at 1.2.3" });
    expect(fake.tap.files()["Formula/tool.rb"]).toBe(files[0]?.text);
    expect(fake.tap.messages()).toEqual(["tool 1.2.3", "by hand"]);
    expect(await channel.point(files, NEWEST)).toMatchObject({ result: "there" });
    expect(fake.tap.messages()).toHaveLength(2);
  });

  it("gets the formula of its version too, all in one commit, where that is asked for", async () => {
    const { channel, files } = channelOf({ flags: { homebrewVersioned: true } });
    await channel.point(files, NEWEST);
    expect(fake.tap.messages()).toHaveLength(2);
    expect(Object.keys(fake.tap.files())).toContain("Formula/tool@1.2.rb");
    expect(fake.tap.files()["Formula/tool@1.2.rb"]).toContain("class ToolAT12 < Formula");
  });

  it.each([
    [{ "HomebrewFormula/other.rb": "" }, "HomebrewFormula/tool.rb"],
    [{ "other.rb": "" }, "tool.rb"],
    [{ "other.rb": "", "Formula/x.rb": "" }, "Formula/tool.rb"],
  ])("keeps its formulae where they are: %j", async (there, path) => {
    fake.tap.seed(there);
    const { channel, files } = channelOf();
    expect((await channel.point(files, NEWEST)).detail).toBe(`${path} at 1.2.3`);
  });

  it("is not moved back by an older release, unless that is asked for", async () => {
    const newer = channelOf({ tag: "v1.3.0" });
    await newer.channel.point(newer.files, NEWEST);
    const older = channelOf();
    const kept = await older.channel.point(older.files, NEWEST);
    expect(kept).toEqual({
      result: "kept",
      detail: "Formula/tool.rb is at 1.3.0, which is newer",
    });
    const asked = await older.channel.point(older.files, { kind: "asked" });
    expect(asked.result).toBe("moved");
  });

  it("takes of a release for a few only the formula of its version", async () => {
    const { channel, files } = channelOf({ flags: { homebrewVersioned: true } });
    await channel.point(files, { kind: "pinned", why: "v1.2.3 is not the newest release" });
    expect(Object.keys(fake.tap.files()).sort()).toEqual(["Formula/tool@1.2.rb", "README.md"]);
    const plain = channelOf();
    const kept = await plain.channel.point(plain.files, { kind: "pinned", why: "it is old" });
    expect(kept).toEqual({ result: "kept", detail: "it is old" });
  });

  it("is not written over where the formula is another project's", async () => {
    fake.tap.seed({
      "Formula/tool.rb": 'url "https://github.com/acme/tool/releases/download/v9/x"',
    });
    const { channel, files } = channelOf();
    const problem = await problemOf(channel.point(files, NEWEST));
    expect(problem.code).toBe("channel-foreign");
    expect(problem.hint).toContain("channel-name");
    expect(fake.tap.messages()).toHaveLength(2);
  });

  it("takes a bucket's manifest the same way", async () => {
    const planned = plannedRelease({ server: fake.origin, flags: { scoop: "octo/homebrew-tap" } });
    const { channel, files } = openChannel(planned, fake.tap.token);
    await channel.point(files, NEWEST);
    expect(fake.tap.messages()[0]).toBe("tool: Update to version 1.2.3");
    expect(fake.tap.files()["bucket/tool.json"]).toBe(files[0]?.text);
  });
});

describe("a pull request", () => {
  const asked = { flags: { homebrewPullRequest: true } };

  it("is opened once, and shown again", async () => {
    const { channel, files } = channelOf(asked);
    const state = await channel.point(files, NEWEST);
    expect(state).toMatchObject({ result: "proposed", url: "https://example.com/pull/1" });
    expect(fake.tap.messages()).toEqual(["by hand"]);
    expect(fake.tap.files("go-release/tool-1.2.3")["Formula/tool.rb"]).toBe(files[0]?.text);
    expect(fake.tap.pulls[0]).toMatchObject({ base: "main", title: "tool 1.2.3" });
    expect(await channel.point(files, NEWEST)).toEqual(state);
    expect(fake.tap.messages("go-release/tool-1.2.3")).toHaveLength(2);
  });

  it("is not opened again when a person closed it", async () => {
    const { channel, files } = channelOf(asked);
    await channel.point(files, NEWEST);
    Object.assign(fake.tap.pulls[0] ?? {}, { state: "closed" });
    const kept = await channel.point(files, NEWEST);
    expect(kept).toMatchObject({ result: "kept", url: "https://example.com/pull/1" });
    expect(kept.detail).toContain("was closed");
  });

  it("is opened for the branch that a killed run left", async () => {
    const { channel, files } = channelOf(asked);
    await channel.point(files, NEWEST);
    fake.tap.pulls.length = 0;
    await channel.point(files, NEWEST);
    expect(fake.tap.pulls).toHaveLength(1);
    expect(fake.tap.messages("go-release/tool-1.2.3")).toHaveLength(2);
  });
});

describe("what is wrong with a tap", () => {
  it.each<[string, string, () => void]>([
    [
      "a token that may only read",
      "channel-permission",
      () => void (fake.tap.settings.access = "read"),
    ],
    [
      "a classic token without the scope",
      "channel-permission",
      () => void (fake.tap.settings.access = "unscoped"),
    ],
    ["an archived tap", "channel-archived", () => void (fake.tap.settings.archived = true)],
    ["an empty tap", "channel-empty-repository", () => fake.tap.empty()],
  ])("%s is told before anything is built", async (_, code, prepare) => {
    prepare();
    const problem = await problemOf(channelOf().channel.check());
    expect(problem.code).toBe(code);
    expect(problem.hint).not.toBeUndefined();
    expect(fake.tap.messages().length).toBeLessThan(2);
  });

  it("a wrong token is told, and never repeated", async () => {
    const problem = await problemOf(channelOf({}, "ghp_wrong").channel.check());
    expect(problem.code).toBe("channel-token");
    expect(`${problem.message}${problem.hint}`).not.toContain("ghp_wrong");
  });

  it("a tap that is not there is told with its name", async () => {
    const flags = { homebrew: "octo/homebrew-none" };
    const problem = await problemOf(channelOf({ flags }, fake.token).channel.check());
    expect(problem.code).toBe("channel-repository");
    expect(problem.message).toContain("octo/homebrew-none");
  });

  it("a protected branch is noticed before, and names the pull request when it refuses", async () => {
    fake.tap.settings.protected = true;
    const { channel, files } = channelOf();
    expect(await channel.check()).toEqual([expect.stringContaining("is protected")]);
    const problem = await problemOf(channel.point(files, NEWEST));
    expect(problem.code).toBe("channel-protected");
    expect(problem.hint).toContain("homebrew-pull-request");
    expect(fake.tap.messages()).toHaveLength(1);
  });

  it("a refusal that repeats the token does not carry it on", async () => {
    fake.server.faults = scripted({ fault: "echo", path: /homebrew-tap$/ });
    const problem = await problemOf(channelOf().channel.check());
    expect(problem.message).not.toContain(fake.tap.token);
  });
});

describe("faults and kills", () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    "schedule %i ends in the same files, by one commit",
    async (seed) => {
      fake.server.faults = scheduled(seed, { rate: 0.3 });
      const { channel, files } = channelOf({ flags: { homebrewPullRequest: seed % 2 === 0 } });
      await channel.point(files, NEWEST);
      const branch = seed % 2 === 0 ? "go-release/tool-1.2.3" : "main";
      expect(fake.tap.files(branch)["Formula/tool.rb"]).toBe(files[0]?.text);
      expect(fake.tap.messages(branch)).toHaveLength(2);
      expect(fake.tap.pulls).toHaveLength(seed % 2 === 0 ? 1 : 0);
    },
  );

  it.each(Array.from({ length: 10 }, (_, index) => index + 1))(
    "a run that is killed at request %i is finished by the next one",
    async (last) => {
      const flags = { homebrew: "octo/homebrew-tap", homebrewPullRequest: true };
      const planned = plannedRelease({ server: fake.origin, flags });
      const killed = openChannel(planned, fake.tap.token, (way) => mortal(way, last));
      await killed.channel.point(killed.files, NEWEST).catch(() => undefined);
      const { channel, files } = openChannel(planned, fake.tap.token);
      await channel.point(files, NEWEST);
      expect(fake.tap.files("go-release/tool-1.2.3")["Formula/tool.rb"]).toBe(files[0]?.text);
      expect(fake.tap.messages("go-release/tool-1.2.3")).toHaveLength(2);
      expect(fake.tap.pulls).toHaveLength(1);
    },
  );

  it("who is quicker keeps what it wrote", async () => {
    const { channel, files } = channelOf();
    const move = fake.server.changed;
    let raced = false;
    fake.server.changed = () => {
      move();
      if (raced || fake.tap.commits.size < 2) return;
      raced = true;
      fake.tap.seed({ "Formula/other.rb": "other" });
    };
    await channel.point(files, NEWEST);
    expect(Object.keys(fake.tap.files())).toEqual(
      expect.arrayContaining(["Formula/other.rb", "Formula/tool.rb"]),
    );
  });
});
