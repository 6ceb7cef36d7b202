import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { github } from "../../../../src/forges/github/github.ts";
import type { ReleaseSpec } from "../../../../src/model/plan.ts";
import { Problem } from "../../../../src/model/problem.ts";
import { Secret } from "../../../../src/model/secret.ts";
import { http } from "../../../../src/world/node/http.ts";
import { random } from "../../../../src/world/node/random.ts";
import { asset, assets, release } from "../../../support/assets.ts";
import { scheduled, scripted } from "../../../support/faults.ts";
import { destination, type GitHubBench, gitHubBench } from "../../../support/github/bench.ts";
import { problemOf } from "../../../support/problem.ts";
import { digests, ship } from "../contract.ts";

let bench: GitHubBench;
beforeEach(async () => {
  bench = await gitHubBench();
});
afterEach(async () => {
  await bench.close();
  expect(bench.violations()).toEqual([]);
});

function client(token: string | undefined, repository = bench.fake.repository) {
  return github({
    destination: { ...destination(bench.fake, false), repository },
    token: token === undefined ? undefined : new Secret(token),
    http,
    clock: bench.clock,
    random,
  });
}

describe("what is refused before anything is built, with nothing changed", () => {
  const published = (body: string, immutable: boolean) => () => {
    const made = bench.fake.seed({ tag: "v1.0.0", body, draft: false, immutable });
    bench.fake.store(made, "hand.txt", "by hand");
  };
  const ours = (commit: string) =>
    `notes\n<!-- go-release-action tag=v1.0.0 commit=${commit} run=earlier -->`;

  it.each<[string, () => void, string, RegExp, RegExp]>([
    [
      "a read-only token",
      () => (bench.fake.settings.access = "read"),
      "github-permission",
      /the workflow's token has no permission to write releases in octo\/age/,
      /permissions:\n {6}contents: write/,
    ],
    [
      "a classic token without the scope",
      () => (bench.fake.settings.access = "unscoped"),
      "github-permission",
      /can read octo\/age but has no permission to write releases/,
      /scope `repo`/,
    ],
    [
      "a repository out of sight",
      () => (bench.fake.settings.access = "none"),
      "github-repository",
      /octo\/age was not found/,
      /owner\/name/,
    ],
    [
      "a repository that was renamed",
      () => (bench.fake.settings.moved = true),
      "github-moved",
      /has moved, to octo\/years$/,
      /new owner\/name, octo\/years,/,
    ],
    ...(["401", "502-before"] as const).map(
      (fault): [string, () => void, string, RegExp, RegExp] => [
        `a repository that was renamed, where its new name cannot be read (${fault})`,
        () => {
          bench.fake.settings.moved = true;
          bench.breakWith((_, path) => (path.startsWith("/repositories/") ? fault : undefined));
        },
        "github-moved",
        /has moved, to http.*\/repositories\/1$/,
        /new owner\/name, and update/,
      ],
    ),
    [
      "an archived repository",
      () => (bench.fake.settings.archived = true),
      "github-archived",
      /octo\/age is archived/,
      /unarchive/,
    ],
    [
      "a tag that was not pushed",
      () => bench.fake.tags.clear(),
      "github-tag",
      /the tag v1\.0\.0 is not in octo\/age/,
      /git push origin v1\.0\.0/,
    ],
    [
      "a tag that was moved",
      () => bench.fake.tags.set("v1.0.0", "f".repeat(40)),
      "github-tag-moved",
      /points to f{40} .* but 5d0e1a9c/,
      /moved/,
    ],
    [
      "a release from another commit",
      published(ours("e".repeat(40)), false),
      "github-published",
      /v1\.0\.0 is already published, from e{40}/,
      /replace: true/,
    ],
    [
      "an immutable release from another commit",
      published(ours("e".repeat(40)), true),
      "github-immutable",
      /published and immutable/,
      /release a new version/,
    ],
    [
      "an immutable release made by hand",
      published("by hand", true),
      "github-immutable",
      /published and immutable/,
      /release a new version/,
    ],
  ])("%s", async (_, arrange, code, message, hint) => {
    arrange();
    const before = JSON.stringify(bench.fake.releases);
    const problem = await problemOf(bench.client().check(release));
    expect(problem).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(JSON.stringify(bench.fake.releases)).toBe(before);
  });

  it("a repository that was renamed, no longer than the run goes on", async () => {
    bench.fake.settings.moved = true;
    bench.breakWith((_, path) => (path.startsWith("/repositories/") ? "held" : undefined));
    const run = new AbortController();
    const checked = bench.client().check(release, run.signal);
    setTimeout(() => run.abort(new Problem("interrupted", "interrupted")), 100);
    expect(await problemOf(checked)).toMatchObject({ code: "interrupted" });
  });

  it("no token", async () => {
    expect(await problemOf(client(undefined).check(release))).toMatchObject({
      code: "github-token",
      message: "no token for octo/age",
      hint: expect.stringContaining("contents: write"),
    });
  });

  it("a wrong token, which no message contains", async () => {
    const problem = await problemOf(client("ghp_secret").check(release));
    expect(problem).toMatchObject({
      code: "github-token",
      message: expect.stringContaining("Bad credentials"),
    });
    expect(JSON.stringify([problem, problem.cause, problem.stack])).not.toContain("ghp_secret");
  });

  it("a server whose certificate is not trusted", async () => {
    const unsure = github({
      destination: destination(bench.fake, false),
      token: new Secret(bench.fake.token),
      http: () => Promise.reject(new Error("self-signed certificate in certificate chain")),
      clock: bench.clock,
      random,
    });
    expect(await problemOf(unsure.check(release))).toMatchObject({
      code: "github-unavailable",
      hint: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
  });

  it("a repository that is no owner/name", async () => {
    expect(await problemOf(client(bench.fake.token, "age").check(release))).toMatchObject({
      code: "github-repository",
    });
  });

  it("a snapshot", async () => {
    expect(await problemOf(bench.client().check({ ...release, tag: null }))).toMatchObject({
      code: "github-no-tag",
    });
  });
});

describe("what stops a release while it is made, and leaves it unseen", () => {
  it("a tag that is removed meanwhile", async () => {
    const staged = await filled();
    bench.fake.tags.clear();
    expect(await problemOf(staged.publish(assets()))).toMatchObject({ code: "github-tag" });
    expect(bench.visible()).toBeUndefined();
  });

  it("a protected tag that is removed in the last moment", async () => {
    const staged = await filled();
    bench.fake.settings.protectedTags = true;
    bench.fake.server.faults = (method) => {
      if (method === "PATCH") bench.fake.tags.clear();
      return undefined;
    };
    expect(await problemOf(staged.publish(assets()))).toMatchObject({
      code: "github-rules",
      message: expect.stringContaining("Cannot create ref due to creations being restricted."),
      hint: expect.stringContaining("push the tag again"),
    });
    expect(bench.visible()).toBeUndefined();
  });

  it("a burned tag name", async () => {
    const staged = await filled();
    bench.fake.burned.add("v1.0.0");
    expect(await problemOf(staged.publish(assets()))).toMatchObject({
      code: "github-immutable",
      hint: expect.stringContaining("new version"),
    });
  });

  it("a discussion category that does not exist", async () => {
    const staged = await filled({ discussionCategory: "News" });
    expect(await problemOf(staged.publish(assets()))).toMatchObject({ code: "github-discussion" });
  });

  it("an empty file", async () => {
    const staged = await filled();
    expect(await problemOf(staged.put(asset("empty.txt", "")))).toMatchObject({
      code: "github-empty-file",
    });
  });

  it("a newer run that took the draft over", async () => {
    const first = await filled();
    const second = await filled();
    expect(await problemOf(first.publish(assets()))).toMatchObject({
      code: "github-other-run",
      message: "another run took over the draft of v1.0.0",
      hint: expect.stringContaining("concurrency:"),
    });
    await second.publish(assets());
    expect(bench.visible()).toEqual(digests(assets()));
  });

  it("nothing, when that run was quicker and published the same", async () => {
    const signed = (day: string) => [...assets(), asset("sums.sigstore.json", day, "signature")];
    const first = await bench.client().stage(release);
    const second = await bench.client().stage(release);
    for (const one of signed("Monday")) await first.put(one);
    for (const one of signed("Tuesday")) await second.put(one);
    await second.publish(signed("Tuesday"));
    expect(await first.publish(signed("Monday"))).toMatchObject({ changed: false });
    expect(bench.visible()).toEqual(digests(signed("Tuesday")));
    const released = await first.existing("sums.sigstore.json");
    expect(Buffer.from(released ?? []).toString()).toBe("Tuesday");
  });

  it("a service that stays down", async () => {
    bench.fake.server.faults = scheduled(1, { rate: 1, limit: 1000, kinds: ["502-before"] });
    expect(await problemOf(bench.client().check(release))).toMatchObject({
      code: "github-unavailable",
    });
  });

  async function filled(fields: Partial<ReleaseSpec> = {}) {
    const staged = await bench.client().stage({ ...release, ...fields });
    for (const one of assets()) await staged.put(one);
    return staged;
  }
});

describe("what is made good", () => {
  it.each([
    [
      "a reset in the middle of an upload",
      scripted({ fault: "reset-mid-body", method: "POST", path: /assets$/ }),
    ],
    [
      "a 502 that leaves a starter asset",
      scripted({ fault: "starter", method: "POST", path: /assets$/, times: 3 }),
    ],
    [
      "a 502 although the file was stored",
      scripted({ fault: "502-after", method: "POST", path: /assets$/ }),
    ],
    [
      "a draft whose answer was lost, in a list that lags",
      scripted(
        { fault: "lost-answer", method: "POST", path: /releases$/ },
        { fault: "stale", method: "GET", path: /releases$/, times: 3 },
      ),
    ],
    [
      "a server that does not know the draft yet",
      scripted(
        { fault: "stale", method: "POST", path: /assets$/, times: 2 },
        { fault: "stale", method: "GET", path: /releases\/\d+$/, times: 2 },
      ),
    ],
    ["a publication whose answer was lost", scripted({ fault: "lost-answer", method: "PATCH" })],
    ["a primary rate limit", scripted({ fault: "403-rate", times: 3 })],
    [
      "a question for the right to write that gets no answer",
      scripted({ fault: "502-before", method: "POST", path: /generate-notes$/, times: 3 }),
    ],
    ["too many requests", scripted({ fault: "429", times: 3 })],
    ["answers cut in the middle", scripted({ fault: "malformed", times: 4 })],
  ])("%s", async (_, faults) => {
    bench.fake.server.faults = faults;
    await ship(bench.client(), assets());
    expect(bench.visible()).toEqual(digests(assets()));
    expect(bench.orphans()).toEqual([]);
  });

  it("a tag that GitHub does not know yet when the draft is made", async () => {
    bench.fake.settings.lateTags = true;
    const staged = await bench.client().stage(release);
    for (const one of assets()) await staged.put(one);
    await ship(bench.client(), assets());
    expect(bench.visible()).toEqual(digests(assets()));
    expect(bench.fake.releases).toHaveLength(1);
  });

  it("a publication that is seen late", async () => {
    const late = scripted({ fault: "stale", method: "GET", path: /releases\/\d+$/, times: 3 });
    bench.fake.server.faults = (...request) =>
      bench.visible() === undefined ? undefined : late(...request);
    const published = await ship(bench.client(), assets());
    expect(published).toMatchObject({
      changed: true,
      url: expect.stringMatching(/tag\/v1\.0\.0$/),
    });
  });

  it("files without digests are downloaded and hashed", async () => {
    bench.fake.settings.digests = false;
    const published = await ship(bench.client(), assets());
    expect(published.changed).toBe(true);
    expect((await ship(bench.client(), assets())).changed).toBe(false);
    await expect(ship(bench.client(), assets("other"))).rejects.toThrow(
      /v1\.0\.0 is already published and differs/,
    );
  });

  it.each([
    ["which it tells", true],
    ["which it keeps to itself", false],
  ])(
    "600 files, within 80 writes a minute and 500 an hour, %s",
    async (_, retryAfter) => {
      bench.fake.settings.retryAfter = retryAfter;
      bench.fake.settings.perMinute = 80;
      bench.fake.settings.perHour = 500;
      const many = Array.from({ length: 600 }, (_, at) =>
        asset(`age_${at}.tar.gz`, `content ${at}`),
      );
      await ship(bench.client(), many);
      expect(bench.visible()).toEqual(digests(many));
    },
    60_000,
  );
});

describe("a release that is there", () => {
  it("is left alone when it is the same, even when it is immutable", async () => {
    bench.fake.settings.immutable = true;
    expect((await ship(bench.client(), assets())).immutable).toBe(true);
    const again = await ship(bench.client(), assets());
    expect(again).toMatchObject({ changed: false, immutable: true });
  });

  it("is known to become immutable where the token may ask", async () => {
    const asked = async () => (await bench.client().stage(release)).becomesImmutable();
    bench.fake.settings.immutable = true;
    expect(await asked()).toBe(false);
    bench.fake.settings.administers = true;
    expect(await asked()).toBe(true);
    bench.fake.settings.immutable = false;
    expect(await asked()).toBe(false);
  });

  it("is refused when it is immutable and differs", async () => {
    bench.fake.settings.immutable = true;
    await ship(bench.client(), assets());
    await expect(ship(bench.client({ replace: true }), assets("other"))).rejects.toMatchObject({
      code: "github-immutable",
    });
  });

  it("is changed to the end, wherever the change was killed", async () => {
    for (let last = 8; last < 60; last += 1) {
      const again = await gitHubBench();
      const other = { ...release, notes: "Better.\n" };
      await ship(again.client(), assets());
      const killed = await ship(
        again.client({ replace: true, dieAfter: last }),
        assets("other"),
        other,
      ).then(
        () => false,
        () => true,
      );
      await ship(again.client({ replace: true }), assets("other"), other);
      expect(again.visible()).toEqual(digests(assets("other")));
      expect(again.fake.releases[0]?.body).toMatch(/^Better\.\n/);
      expect([...again.violations(), ...again.orphans()]).toEqual([]);
      await again.close();
      if (!killed) return;
    }
    throw new Error("it never ended");
  });

  it("takes our files when a person made it, and keeps what they added", async () => {
    const made = bench.fake.seed({ tag: "v1.0.0", name: "One", body: "by hand", draft: false });
    bench.fake.store(made, "hand.txt", "by hand");
    await ship(bench.client(), assets());
    expect(bench.visible()).toMatchObject(digests(assets()) ?? {});
    expect(Object.keys(bench.visible() ?? {})).toContain("hand.txt");
    expect(made).toMatchObject({ name: "One", body: "by hand" });
    expect((await ship(bench.client(), assets())).changed).toBe(false);
  });

  it("takes the files of runs at once, and the signatures of one", async () => {
    const made = bench.fake.seed({ tag: "v1.0.0", body: "by hand", draft: false });
    const signed = (run: string) => [...assets(), asset("sums.sigstore.json", run, "signature")];
    const results = await Promise.all(
      ["a", "b", "c"].map((run) => ship(bench.client(), signed(run))),
    );
    expect(results.filter(({ changed }) => changed)).toHaveLength(1);
    expect(made.assets.map(({ name }) => name).sort()).toEqual(
      signed("")
        .map(({ name }) => name)
        .sort(),
    );
  });

  it("gets the statement over all files after all files", async () => {
    const made = bench.fake.seed({ tag: "v1.0.0", body: "by hand", draft: false });
    const proof = asset("provenance.sigstore.json", "{}", "provenance");
    await ship(bench.client(), [proof, ...assets()]);
    expect(made.assets.map(({ name }) => name).at(-1)).toBe(proof.name);
  });
});

describe("what a release says", () => {
  it("is sent with the publication", async () => {
    await ship(bench.client(), assets(), {
      ...release,
      latest: true,
      discussionCategory: "Announcements",
    });
    const made = bench.fake.published("v1.0.0");
    expect(made).toMatchObject({
      name: "v1.0.0",
      latest: "true",
      prerelease: false,
      discussion: "Announcements",
    });
    expect(made?.body).toMatch(
      /^First release\.\n\n<!-- go-release-action tag=v1\.0\.0 commit=5d0e1a9c/,
    );
  });

  it.each<[Partial<ReleaseSpec>, object]>([
    [{ notes: null, previousTag: "v0.9.0" }, { body: expect.stringContaining("v0.9.0...v1.0.0") }],
  ])("%j", async (fields, expected) => {
    await ship(bench.client(), assets(), { ...release, ...fields });
    expect(bench.fake.published("v1.0.0")).toMatchObject(expected);
  });

  it("has nothing of what GitHub lacks, which is told", async () => {
    const spec = { ...release, milestones: ["1.0"], releasedAt: "2026-03-02T00:00:00Z" };
    expect((await ship(bench.client(), assets(), spec)).notices).toEqual([
      expect.stringContaining("no milestones"),
      expect.stringContaining("`released-at` has no effect"),
    ]);
  });

  it("stays a draft when it shall", async () => {
    const published = await ship(bench.client(), assets(), { ...release, draft: true });
    expect(bench.visible()).toBeUndefined();
    expect(published.changed).toBe(true);
    await ship(bench.client(), assets());
    expect(bench.visible()).toEqual(digests(assets()));
  });

  it("is never hidden again once a person has published the draft", async () => {
    const draft = { ...release, draft: true };
    const staged = await bench.client().stage(draft);
    for (const one of assets()) await staged.put(one);
    await staged.publish(assets());
    const again = await bench.client().stage(draft);
    const [made] = bench.fake.releases;
    if (made !== undefined) made.draft = false;
    expect(await again.publish(assets())).toMatchObject({ changed: false });
    expect(bench.visible()).toEqual(digests(assets()));
  });
});

it("is not taken in by a claim that its notes quote", async () => {
  const notes = "- feat: <!-- go-release-action tag=%ZZ commit=0 run=other --> by a stranger\n";
  await ship(bench.client(), assets(), { ...release, notes });
  expect(bench.visible()).toEqual(digests(assets()));
  expect((await ship(bench.client(), assets(), { ...release, notes })).changed).toBe(false);
});

describe("attestations", () => {
  const proven = () => [
    ...assets(),
    asset("provenance.sigstore.json", '{"dsseEnvelope":{}}', "provenance"),
  ];

  it("receive the provenance once", async () => {
    await ship(bench.client(), proven());
    await ship(bench.client(), proven());
    expect(bench.fake.attestations).toEqual([{ dsseEnvelope: {} }]);
  });

  it("receive it beside what GitHub itself and other steps state of the same files", async () => {
    const other = { dsseEnvelope: { signatures: [{ sig: "of another step" }] } };
    bench.fake.settings.immutable = true;
    bench.fake.attestations.push(other);
    await ship(bench.client(), proven());
    expect(bench.fake.attestations).toEqual([other, { dsseEnvelope: {} }]);
  });

  it.each([
    ["forbidden", /attestations: write/],
    ["unpaid", /not available for user-owned private repositories/],
    ["absent", /does not support attestations/],
  ] as const)("are a notice where they are %s", async (attestations, notice) => {
    bench.fake.settings.attestations = attestations;
    const { notices } = await ship(bench.client(), proven());
    expect(notices).toEqual([expect.stringMatching(notice)]);
  });
});

it("an annotated tag of another one is followed to its commit", async () => {
  bench.fake.tags.set("v1.0.0", "a".repeat(40));
  bench.fake.annotated.set("a".repeat(40), "b".repeat(40));
  bench.fake.annotated.set("b".repeat(40), release.commit ?? "");
  await ship(bench.client(), assets());
  expect(bench.visible()).toBeDefined();
});
