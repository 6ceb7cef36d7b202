import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppChannel } from "../../../src/channels/app-channel.ts";
import type { ChannelMove } from "../../../src/channels/channel.ts";
import { channelFor } from "../../../src/channels/index.ts";
import { Secret } from "../../../src/model/secret.ts";
import { channelFiles } from "../../../src/release/channels.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import { digestsFor, plannedRelease } from "../../support/channels.ts";
import { scripted } from "../../support/faults.ts";
import { FakeGitHub } from "../../support/github/fake.ts";
import { problemOf } from "../../support/problem.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const NEWEST: ChannelMove = { kind: "newest" };
let fake: FakeGitHub;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  fake = new FakeGitHub(clock);
  await fake.server.listen();
  fake.app.installed.add(fake.tap.repository);
});
afterEach(async () => {
  await fake.server.close();
  expect(fake.server.violations).toEqual([]);
});

interface Change {
  readonly id?: string;
  readonly key?: string;
  readonly proposes?: boolean;
}

function channelOf({ id = fake.app.id, key = fake.app.privateKey, proposes = false }: Change = {}) {
  const flags = { homebrew: fake.tap.repository, homebrewPullRequest: proposes };
  const plan = plannedRelease({ server: fake.origin, flags });
  const [planned] = plan.channels;
  if (planned === undefined) throw new Error("the plan has no channel");
  const reach = { http, clock, random };
  const app = { id, privateKey: new Secret(key) };
  const { repository, apiUrl } = planned;
  const opened: string[] = [];
  const channel = new AppChannel({ app, repository, apiUrl, proposes, reach }, (token) => {
    opened.push(token.reveal());
    return channelFor({ planned, token, reach });
  });
  const files = channelFiles(plan, digestsFor(plan)).get(planned) ?? [];
  return { channel, files, opened };
}

describe("a GitHub App", () => {
  it("writes with a token for one repository and no more rights than that takes, and gives it back", async () => {
    const { channel, files, opened } = channelOf();
    await channel.check();
    expect(await channel.point(files, NEWEST)).toMatchObject({ result: "moved" });
    expect(fake.tap.files()["Formula/tool.rb"]).toBe(files[0]?.text);
    expect(fake.app.asked).toEqual([
      { repositories: ["homebrew-tap"], permissions: { contents: "write" } },
      { repositories: ["homebrew-tap"], permissions: { contents: "write" } },
    ]);
    expect(new Set(opened).size).toBe(2);
    expect([...fake.app.tokens]).toEqual([]);
  });

  it("is asked for the right to open pull requests where it has to, and takes a key of one line", async () => {
    const key = fake.app.privateKey.replaceAll("\n", "\\n");
    const { channel, files } = channelOf({ proposes: true, key });
    expect(await channel.point(files, NEWEST)).toMatchObject({ result: "proposed" });
    expect(fake.app.asked[0]?.permissions).toEqual({ contents: "write", pull_requests: "write" });
  });

  it("gives its token back when what it is for fails", async () => {
    fake.tap.settings.protected = true;
    const { channel, files } = channelOf();
    expect((await problemOf(channel.point(files, NEWEST))).code).toBe("channel-protected");
    expect([...fake.app.tokens]).toEqual([]);
  });

  it("has a token made again where a try is lost", async () => {
    fake.server.faults = scripted(
      { fault: "502-before", path: /installation$/u },
      { fault: "502-after", path: /access_tokens$/u },
    );
    const { channel } = channelOf();
    await channel.check();
    expect(fake.app.asked.length).toBeGreaterThan(1);
  });

  it.each<[string, Change, () => void, RegExp]>([
    ["not installed there", {}, () => fake.app.installed.clear(), /not installed on octo/u],
    [
      "suspended",
      {},
      () => {
        fake.app.settings.suspended = true;
      },
      /is suspended/u,
    ],
    [
      "not allowed to propose",
      { proposes: true },
      () => {
        fake.app.settings.pullRequests = false;
      },
      /permissions/u,
    ],
    [
      "another app's key",
      {
        key: generateKeyPairSync("rsa", { modulusLength: 2048 })
          .privateKey.export({ type: "pkcs8", format: "pem" })
          .toString(),
      },
      () => {},
      /not of one app/u,
    ],
    ["no key", { key: "-----BEGIN nothing" }, () => {}, /no private RSA key/u],
    [
      "a key of another kind",
      {
        key: generateKeyPairSync("ec", { namedCurve: "P-256" })
          .privateKey.export({ type: "pkcs8", format: "pem" })
          .toString(),
      },
      () => {},
      /no private RSA key/u,
    ],
  ])("that is %s is told with its cure", async (_, change, prepare, said) => {
    prepare();
    const { channel } = channelOf(change);
    const { message, hint } = await problemOf(channel.check());
    expect(message).toMatch(said);
    expect(hint).toBeDefined();
    expect(`${message} ${hint}`).not.toMatch(/BEGIN|eyJ/u);
    expect([...fake.app.tokens]).toEqual([]);
  });
});
