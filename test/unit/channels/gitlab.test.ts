import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelMove } from "../../../src/channels/channel.ts";
import { channelFor } from "../../../src/channels/index.ts";
import { Problem } from "../../../src/model/problem.ts";
import { JobToken } from "../../../src/model/secret.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import { type OpenChannel, openChannel, plannedRelease } from "../../support/channels.ts";
import { scheduled } from "../../support/faults.ts";
import { FakeGitLabTap } from "../../support/gitlab/tap.ts";
import { mortal } from "../../support/mortal.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const NEWEST: ChannelMove = { kind: "newest" };
const BRANCH = "go-release/tool-1.2.3";
let tap: FakeGitLabTap;

beforeEach(async () => {
  tap = new FakeGitLabTap();
  await tap.server.listen();
});
afterEach(async () => {
  await tap.server.close();
  expect(tap.server.violations).toEqual([]);
});

function planned(homebrewPullRequest: boolean, tag = "v1.2.3", homebrew = tap.project) {
  const flags = { forge: "gitlab", homebrew, homebrewPullRequest, homebrewVersioned: true };
  return plannedRelease({ tag, flags, server: tap.apiUrl });
}

function channelOf(proposes = false, tag?: string, token = tap.token): OpenChannel {
  return openChannel(planned(proposes, tag), token);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Problem ? error.code : String(error);
}

describe("a tap on GitLab", () => {
  it("gets its formulae by one commit, is moved by the next release and not back", async () => {
    const { channel, files } = channelOf();
    expect(await channel.check()).toEqual([]);
    expect(await channel.point(files, NEWEST)).toMatchObject({ result: "moved" });
    expect(tap.files()["Formula/tool.rb"]).toBe(files[0]?.text);
    expect(files[0]?.text).toContain("/octo/tool/-/releases/v1.2.3/downloads/tool_1.2.3_linux");
    expect(tap.messages()).toEqual(["tool 1.2.3", "by hand"]);
    expect(await channel.point(files, NEWEST)).toMatchObject({ result: "there" });
    const next = channelOf(false, "v1.3.0");
    expect(await next.channel.point(next.files, NEWEST)).toMatchObject({ result: "moved" });
    expect(await channel.point(files, NEWEST)).toMatchObject({ result: "kept" });
    expect(tap.messages()).toHaveLength(3);
    expect(Object.keys(tap.files())).toContain("Formula/tool@1.2.rb");
  });

  it("is proposed to once", async () => {
    tap.settings.protected = true;
    const { channel, files } = channelOf(true);
    expect(await channel.check()).toEqual([]);
    const state = await channel.point(files, NEWEST);
    expect(state).toMatchObject({ result: "proposed" });
    expect(state.url).toMatch(/merge_requests\/1$/u);
    expect(await channel.point(files, NEWEST)).toEqual(state);
    expect(tap.messages()).toEqual(["by hand"]);
    expect(tap.files(BRANCH)["Formula/tool.rb"]).toBe(files[0]?.text);
  });

  it.each<[string, string, () => void]>([
    ["a role that is too low", "channel-permission", () => void (tap.settings.level = 20)],
    ["an archived project", "channel-archived", () => void (tap.settings.archived = true)],
    ["a protected branch", "channel-protected", () => void (tap.settings.protected = true)],
    ["an empty project", "channel-empty-repository", () => tap.branches.clear()],
  ])("%s is told before anything is built", async (_, code, prepare) => {
    prepare();
    expect(await codeOf(channelOf().channel.check())).toBe(code);
  });

  it("a wrong token, a job's token and a project that is not there are told", async () => {
    expect(await codeOf(channelOf(false, "v1.2.3", "glpat-wrong").channel.check())).toBe(
      "channel-token",
    );
    const elsewhere = openChannel(planned(false, "v1.2.3", "octo/none"), tap.token);
    expect(await codeOf(elsewhere.channel.check())).toBe("channel-repository");
    const [first] = planned(false).channels;
    const reach = { http, clock: new VirtualClock(), random };
    const token = new JobToken("a job's");
    expect(() => first && channelFor({ planned: first, token, reach })).toThrow(/job token/u);
  });

  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    "schedule %i ends in the same files, by one commit",
    async (seed) => {
      const kinds = ["reset-before", "502-before", "502-after", "lost-answer", "429"] as const;
      tap.server.faults = scheduled(seed, { rate: 0.3, kinds });
      const { channel, files } = channelOf(seed % 2 === 0);
      await channel.point(files, NEWEST);
      const branch = seed % 2 === 0 ? BRANCH : "main";
      expect(tap.files(branch)["Formula/tool.rb"]).toBe(files[0]?.text);
      expect(tap.messages(branch)).toHaveLength(2);
      expect(tap.requests).toHaveLength(seed % 2 === 0 ? 1 : 0);
    },
  );

  it.each(Array.from({ length: 9 }, (_, index) => index + 1))(
    "a run that is killed at request %i is finished by the next one",
    async (last) => {
      const killed = openChannel(planned(true), tap.token, (way) => mortal(way, last));
      await killed.channel.point(killed.files, NEWEST).catch(() => undefined);
      const { channel, files } = channelOf(true);
      await channel.point(files, NEWEST);
      expect(tap.files(BRANCH)["Formula/tool.rb"]).toBe(files[0]?.text);
      expect(tap.messages(BRANCH)).toHaveLength(2);
      expect(tap.requests).toHaveLength(1);
    },
  );
});
