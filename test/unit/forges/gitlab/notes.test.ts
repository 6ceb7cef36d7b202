import { describe, expect, it } from "vitest";
import { assets, release } from "../../../support/assets.ts";
import { clientOf, privateToken } from "../../../support/gitlab/client.ts";
import { FakeGitLab } from "../../../support/gitlab/fake-gitlab.ts";
import { COMMIT, type ProjectOptions } from "../../../support/gitlab/project.ts";
import { ship } from "../contract.ts";

async function withFake(
  options: ProjectOptions,
  use: (fake: FakeGitLab) => Promise<void>,
): Promise<void> {
  const fake = new FakeGitLab(options);
  await fake.server.listen();
  try {
    await use(fake);
    expect(fake.server.violations).toEqual([]);
  } finally {
    await fake.server.close();
  }
}

/** A release that is there already. */
function seed({ project }: FakeGitLab, tag: string, releasedAt = "2026-02-01T12:00:00Z"): void {
  project.releases.set(tag, {
    tag,
    name: tag,
    description: "",
    commit: COMMIT,
    milestones: [],
    releasedAt,
    links: [],
    evidences: [],
  });
}

describe("notes that are longer than GitLab takes", () => {
  // Long lines: a parser takes its time over a hundred thousand short ones.
  const line = `- ${"word ".repeat(100)}of a change\n`;
  const long = { ...release, previousTag: "v0.9.0", notes: line.repeat(2_000) };

  it("end with a link to the rest, and the postscript stays", async () => {
    await withFake({}, async (fake) => {
      const staged = await clientOf(fake).stage(long);
      for (const one of assets()) await staged.put(one);
      const { notices } = await staged.publish(assets(), undefined, "### Verify");
      const notes = fake.project.releases.get("v1.0.0")?.description ?? "";
      expect(notes.length).toBeGreaterThan(995_000);
      expect(notes.slice(-200)).toMatch(/ a change\n\n… \[All changes\]\(/);
      expect(notes).toContain(
        `(${fake.projectUrl}/-/compare/v0.9.0...v1.0.0)\n\n### Verify\n\n<!-- go-release -->\n`,
      );
      expect(notices).toEqual([
        expect.stringContaining("1,000,000 characters that GitLab accepts"),
      ]);
      expect(notes.startsWith((await clientOf(fake).notes(long)).trimEnd())).toBe(true);
    });
  });

  it("have no link where the project is known by its number alone", async () => {
    await withFake({ path: "42" }, async (fake) => {
      expect((await clientOf(fake).notes(long)).slice(-20)).toBe(
        "- a change\n\n… and more\n".slice(-20),
      );
    });
  });
});

describe("the message of a tag on GitLab", () => {
  const tags = { "v1.0.0": COMMIT, "v0.9.0": COMMIT };
  const options = { tags, messages: { "v1.0.0": "- one\n- two" } };

  it.each([
    ["a private token", privateToken, options],
    ["a job token", undefined, options],
  ])("is read with %s", async (_what, token, project) => {
    await withFake(project, async (fake) => {
      const client = clientOf(fake, token === undefined ? {} : { token });
      expect(await client.tagMessage("v1.0.0")).toEqual({
        kind: "annotated",
        message: "- one\n- two",
      });
      expect(await client.tagMessage("v0.9.0")).toEqual({ kind: "lightweight" });
      expect(await client.tagMessage("v9.9.9")).toEqual({ kind: "unknown" });
    });
  });

  it("is not known where job tokens see no tags", async () => {
    await withFake({ ...options, jobTags: false }, async (fake) => {
      expect(await clientOf(fake).tagMessage("v1.0.0")).toEqual({ kind: "unknown" });
    });
  });
});

describe("the latest release on GitLab", () => {
  const leads = (tag: string, best: string): string =>
    `permalink/latest now points to ${tag} instead of ${best}`;

  it.each<[string, readonly string[], string | undefined, Partial<typeof release>]>([
    ["v1.0.0", [], undefined, {}],
    ["v1.0.0", ["v0.9.0", "cli/v2.0.0"], undefined, {}],
    ["v1.0.0", ["v1.1.0", "v0.9.0"], "v1.1.0", {}],
    ["v1.0.0", ["v1.1.0"], undefined, { releasedAt: "2026-01-01T00:00:00Z" }],
    ["v1.0.0", ["v0.9.0"], "v0.9.0", { prerelease: true }],
    ["v1.0.0", [], undefined, { prerelease: true }],
    ["cli/v1.0.0", ["v0.1.0"], "v0.1.0", {}],
    ["cli/v1.0.0", ["cli/v0.9.0", "sdk/v3.0.0"], undefined, {}],
  ])(
    "after %s beside %j, where it should be %s, is told: %j",
    async (tag, others, best, fields) => {
      await withFake({ tags: { [tag]: COMMIT } }, async (fake) => {
        for (const other of others) seed(fake, other);
        const { notices } = await ship(clientOf(fake), assets(), { ...release, tag, ...fields });
        expect(notices).toEqual(
          best === undefined ? [] : [expect.stringContaining(leads(tag, best))],
        );
      });
    },
  );

  it("is looked for on every page", async () => {
    await withFake({}, async (fake) => {
      seed(fake, "v2.0.0", "2025-01-01T00:00:00Z");
      for (let at = 0; at < 150; at++) seed(fake, `v0.${at}.0`);
      const { notices } = await ship(clientOf(fake), assets());
      expect(notices).toEqual([expect.stringContaining(leads("v1.0.0", "v2.0.0"))]);
    });
  });

  it("that cannot be looked for is no failure of what is published", async () => {
    await withFake({}, async (fake) => {
      fake.server.faults = (method, path) =>
        method === "GET" && path.endsWith("/releases") ? "502-before" : undefined;
      expect(await ship(clientOf(fake), assets())).toMatchObject({ changed: true, notices: [] });
    });
  });
});
