import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { Problem } from "../../../../src/model/problem.ts";
import { JobToken, Secret } from "../../../../src/model/secret.ts";
import { asset, assets, release } from "../../../support/assets.ts";
import { type Fault, scripted } from "../../../support/faults.ts";
import { gitLabBench } from "../../../support/gitlab/bench.ts";
import { clientOf, jobToken, privateToken } from "../../../support/gitlab/client.ts";
import { FakeGitLab } from "../../../support/gitlab/fake-gitlab.ts";
import type { ProjectOptions } from "../../../support/gitlab/project.ts";
import { VirtualClock } from "../../../support/virtual-clock.ts";
import { digests, ship } from "../contract.ts";

const moved = "0123456789012345678901234567890123456789";

interface Situation {
  readonly of: string;
  readonly project?: ProjectOptions;
  readonly token?: Secret;
  readonly spec?: Partial<typeof release> & { readonly releasedAt?: string };
  readonly code: string;
  readonly message: string;
}

const situations: readonly Situation[] = [
  {
    of: "a job token that has ended",
    token: new JobToken("ended"),
    code: "gitlab-token",
    message:
      "reading the package registry failed: the job token is not accepted (GitLab answered 401: 401 Unauthorized)",
  },
  {
    of: "a revoked private token",
    token: new Secret("glpat-of-nobody"),
    code: "gitlab-token",
    message:
      "reading the project failed: the token is not accepted: it is wrong, expired or revoked (GitLab answered 401: 401 Unauthorized)",
  },
  {
    of: "a project hidden from the job token",
    project: { jobTokens: "hidden" },
    code: "gitlab-hidden",
    message:
      "reading the package registry failed: the project does not exist, or this job's token cannot access it (GitLab answered 404: 404 Project Not Found)",
  },
  {
    of: "a project whose allowlist lacks the job's",
    project: { jobTokens: false },
    code: "gitlab-hidden",
    message:
      "reading the package registry failed: this job's project is not on the allowlist of the project that is released to (GitLab answered 403: 403 Forbidden - Authentication by CI/CD job token not allowed from app to age.)",
  },
  {
    of: "a job token whose permissions are too narrow to upload",
    project: { denied: "admin_packages" },
    code: "gitlab-permission",
    message:
      "uploading age_1.0.0_linux_amd64.tar.gz failed: the fine-grained permissions of this job's token are too narrow (GitLab answered 403: 403 Forbidden - Insufficient permissions to access this resource in project age. The following token permission is required: admin_packages.)",
  },
  {
    of: "a job token whose permissions are too narrow to publish",
    project: { denied: "admin_releases" },
    code: "gitlab-permission",
    message:
      "publishing v1.0.0 failed: the fine-grained permissions of this job's token are too narrow (GitLab answered 403: 403 Forbidden - Insufficient permissions to access this resource in project age. The following token permission is required: admin_releases.)",
  },
  {
    of: "the path that a project had before it was moved",
    project: { path: "team/age", formerPath: "group/age" },
    code: "gitlab-moved",
    message:
      "reading the package registry was redirected to <origin>/api/v4/projects/42/packages, where the token is not sent",
  },
  {
    of: "packages that are switched off on the instance",
    project: { packages: false },
    code: "gitlab-registry",
    message:
      "reading the package registry failed: the package registry is disabled on this instance (GitLab answered 404: 404 Not Found)",
  },
  {
    of: "releases that are switched off for the project",
    project: { releases: false },
    code: "gitlab-permission",
    message:
      "reading the release v1.0.0 failed: releases are disabled for this project, or the token's role is too low to see them (GitLab answered 403: 403 Forbidden)",
  },
  {
    of: "a registry that is switched off",
    project: { registry: false },
    code: "gitlab-registry",
    message:
      "reading the package registry failed: the package registry is disabled for this project, or the token's role is below Developer (GitLab answered 403: 403 Forbidden)",
  },
  {
    of: "a registry that is switched off, with a private token",
    project: { registry: false },
    token: privateToken,
    code: "gitlab-registry",
    message: "the package registry is disabled for this project",
  },
  {
    of: "a role that is too low",
    project: { role: "reporter" },
    token: privateToken,
    code: "gitlab-permission",
    message: "the token's role in the project is below Developer",
  },
  {
    of: "a role that is too low, which a job token cannot know beforehand",
    project: { role: "reporter" },
    code: "gitlab-permission",
    message:
      "uploading age_1.0.0_linux_amd64.tar.gz failed: the role of the user who started this job is below Developer, which is needed to upload a package (GitLab answered 403: 403 Forbidden)",
  },
  {
    of: "a protected package",
    project: { protectedPackage: true },
    code: "gitlab-protected-package",
    message:
      "uploading age_1.0.0_linux_amd64.tar.gz failed: the package is protected and the token's role is too low to push to it (GitLab answered 403: 403 Forbidden - Package protected.)",
  },
  {
    of: "a file that is too large",
    project: { largest: 700 },
    code: "gitlab-too-large",
    message:
      "uploading age_1.0.0_darwin_arm64.tar.gz failed: the file is larger than this instance allows for a generic package (GitLab answered 400: 400 Bad request - File is too large)",
  },
  {
    of: "a protected tag",
    project: { protectedTag: true },
    code: "gitlab-protected-tag",
    message:
      "publishing v1.0.0 failed: the tag is protected and this job's user is not allowed to create such tags, which GitLab requires even if the tag exists (GitLab answered 403: You are not allowed to create this tag as it is protected.)",
  },
  {
    of: "a tag that is not there",
    project: { tags: { "v1.0.0-rc.1": release.commit ?? "" } },
    code: "gitlab-tag-missing",
    message: "the tag v1.0.0 does not exist",
  },
  {
    of: "a tag that is not there, where a job token may not see",
    project: { tags: {}, jobTags: false },
    code: "gitlab-tag-missing",
    message:
      "publishing v1.0.0 failed: the tag does not exist (GitLab answered 422: Ref is not specified)",
  },
  {
    of: "a tag that is not there, with a private token",
    project: { tags: {} },
    token: privateToken,
    code: "gitlab-tag-missing",
    message: "the tag v1.0.0 does not exist",
  },
  {
    of: "a tag that was moved",
    project: { tags: { "v1.0.0-rc.1": release.commit ?? "", "v1.0.0": moved } },
    code: "gitlab-tag-moved",
    message: `the tag v1.0.0 is at ${moved}, but ${release.commit} is checked out`,
  },
  {
    of: "a tag that was moved, with a private token",
    project: { tags: { "v1.0.0": moved } },
    token: privateToken,
    code: "gitlab-tag-moved",
    message: `the tag v1.0.0 is at ${moved}, but ${release.commit} is checked out`,
  },
  {
    of: "a milestone that a job token cannot close",
    spec: { closeMilestones: ["1.0"] },
    code: "gitlab-milestone",
    message: "1.0 cannot be closed: GitLab shows milestones to no job token",
  },
  {
    of: "a milestone that is not there",
    spec: { milestones: ["1.0"] },
    code: "gitlab-milestone",
    message:
      "publishing v1.0.0 failed: a milestone does not exist (GitLab answered 400: Milestone(s) not found: 1.0)",
  },
  {
    of: "a draft",
    spec: { draft: true },
    code: "gitlab-draft",
    message: "GitLab has no drafts: whatever is released is visible",
  },
  {
    of: "notes to be generated",
    spec: { notes: null },
    code: "gitlab-notes",
    message: "GitLab cannot generate release notes",
  },
];

async function withFake(
  options: ProjectOptions,
  use: (fake: FakeGitLab) => Promise<void>,
): Promise<void> {
  const fake = new FakeGitLab(options);
  await fake.server.listen();
  await use(fake).finally(() => fake.server.close());
  expect(fake.server.violations).toEqual([]);
}

describe("bad situations", () => {
  it.each(situations)("$of", async ({ project = {}, token = jobToken, spec, code, message }) => {
    await withFake(project, async (fake) => {
      const failure: unknown = await ship(clientOf(fake, { token }), assets(), {
        ...release,
        ...spec,
      }).catch((error) => error);
      expect(failure).toBeInstanceOf(Problem);
      const { code: found, message: words, hint } = failure as Problem;
      expect([found, words.replace(fake.server.origin, "<origin>")]).toEqual([code, message]);
      expect(hint).toMatch(/\w{3}/);
      expect(`${words} ${hint}`).not.toContain(token.reveal());
      expect(fake.project.visible("v1.0.0")).toBeUndefined();
    });
  });

  it.each([
    { token: jobToken, project: {}, told: `the tag v1.0.0 is at ${moved}, but` },
    { token: privateToken, project: {}, told: `the tag v1.0.0 is at ${moved}, but` },
    // The release tells it, and only when it is there.
    {
      token: jobToken,
      project: { jobTags: false },
      told: `v1.0.0 is for the commit ${moved}, but`,
    },
  ])("of a tag that is moved during the run: $told", async ({ token, project, told }) => {
    await withFake(project, async (fake) => {
      const forge = clientOf(fake, { token });
      await forge.check(release);
      const staged = await forge.stage(release);
      await Promise.all(assets().map((one) => staged.put(one)));
      fake.project.options.tags = { "v1.0.0": moved };
      await expect(staged.publish(assets())).rejects.toThrow(told);
      expect(fake.project.visible("v1.0.0") === undefined).toBe(!("jobTags" in project));
    });
  });

  it("refuses a release made by hand, which nothing can fill unseen", async () => {
    await withFake({}, async (fake) => {
      await ship(clientOf(fake), []);
      await expect(ship(clientOf(fake), assets())).rejects.toThrow(
        "the release v1.0.0 already exists, without files",
      );
      expect(await ship(clientOf(fake, { replace: true }), assets())).toMatchObject({
        changed: true,
      });
    });
  });

  it.each<Fault>(["429", "403-rate", "lost-answer", "502-after", "malformed"])(
    "outlives %s at the publication",
    async (fault) => {
      await withFake({}, async (fake) => {
        fake.server.faults = scripted({ fault, method: "POST", path: /releases$/ });
        expect(await ship(clientOf(fake), assets())).toMatchObject({ changed: true });
        expect(fake.project.visible("v1.0.0")).toEqual(digests(assets()));
      });
    },
  );

  it("uploads nothing twice when the answer to an upload gets lost", async () => {
    await withFake({}, async (fake) => {
      fake.server.faults = scripted({ fault: "lost-answer", method: "PUT", times: 4 });
      await ship(clientOf(fake), assets());
      expect(fake.project.files).toHaveLength(assets().length);
    });
  });

  it("gives up on a server that stays away, and says what is kept", async () => {
    await withFake({}, async (fake) => {
      fake.server.faults = () => "502-before";
      await expect(ship(clientOf(fake), assets())).rejects.toThrow(
        /^reading the package registry failed: GitLab \(http:.*\) answered 502 in 7 tries: Server Error$/u,
      );
    });
  });
});

describe("a replacement", () => {
  it("keeps evidence, links of others and a link to every file at any moment", async () => {
    await withFake({}, async (fake) => {
      const old = asset("age_1.0.0_plan9_386.tar.gz", "plan9");
      await ship(clientOf(fake), [...assets(), old]);
      const stored = fake.project.releases.get("v1.0.0");
      stored?.links.push({
        id: 1,
        name: "docs",
        url: "https://docs.example",
        path: undefined,
        type: "runbook",
      });
      const evidence = JSON.stringify(stored?.evidences);
      const spec = { ...release, notes: "Better.\n", releasedAt: "2026-03-02T00:00:00Z" };
      await ship(clientOf(fake, { replace: true }), assets("other"), spec);
      expect(fake.project.visible("v1.0.0")).toEqual({ ...digests(assets("other")), docs: "dead" });
      expect(JSON.stringify(stored?.evidences)).toBe(evidence);
      expect(stored).toMatchObject({
        description: "Better.\n\n<!-- go-release -->\n",
        releasedAt: "2026-03-02T00:00:00Z",
      });
      expect(stored?.links.map(({ type }) => type)).toEqual([
        "package",
        "package",
        "package",
        "other",
        "runbook",
      ]);
      for (const moment of fake.moments) {
        for (const { name } of assets()) expect(moment?.[name]).toMatch(/^[0-9a-f]{64}$/);
      }
    });
  });
});

describe("a replacement that is killed", () => {
  it("is made to the end by the next run, its notes too", async () => {
    const other = { ...release, notes: "Better.\n" };
    for (let last = 8; last < 200; last += 1) {
      const bench = await gitLabBench();
      await ship(bench.client(), assets());
      const killed = await ship(
        bench.client({ replace: true, dieAfter: last }),
        assets("2"),
        other,
      ).then(
        () => false,
        () => true,
      );
      await ship(bench.client({ replace: true }), assets("2"), other);
      expect(bench.visible()).toEqual(digests(assets("2")));
      expect(bench.fake.project.releases.get("v1.0.0")?.description).toMatch(/^Better\.\n/);
      await bench.close();
      if (!killed) return;
    }
    throw new Error("it never ended");
  });
});

describe("a release that a person made", () => {
  const byHand = { ...release, title: "The first one", notes: "By hand.\n" };
  const words = ({ project }: FakeGitLab) => {
    const { name, description, milestones } = project.releases.get("v1.0.0") ?? {};
    return { name, description, milestones };
  };

  it("keeps its title and notes when it is replaced, and gets what was asked for by name", async () => {
    await withFake({ milestones: ["1.0"] }, async (fake) => {
      await ship(clientOf(fake), []);
      const made = fake.project.releases.get("v1.0.0");
      Object.assign(made ?? {}, { name: byHand.title, description: byHand.notes });
      await ship(clientOf(fake, { replace: true }), assets(), { ...release, milestones: ["1.0"] });
      expect(fake.project.visible("v1.0.0")).toEqual(digests(assets()));
      expect(words(fake)).toEqual({
        name: "The first one",
        description: "By hand.\n",
        milestones: ["1.0"],
      });
    });
  });

  it("gets ours when it has none", async () => {
    await withFake({}, async (fake) => {
      await ship(clientOf(fake), []);
      Object.assign(fake.project.releases.get("v1.0.0") ?? {}, { description: "" });
      await ship(clientOf(fake, { replace: true }), assets(), byHand);
      expect(words(fake)).toMatchObject({
        name: "The first one",
        description: "By hand.\n\n<!-- go-release -->\n",
      });
    });
  });
});

describe("a release of 600 files", () => {
  const many = Array.from({ length: 600 }, (_, at) => asset(`age_${at}_x.tar.gz`, `${at}`));

  it("takes two requests a file and a few more, and none a file when it is all there", async () => {
    await withFake({}, async (fake) => {
      await ship(clientOf(fake), many);
      expect(fake.project.visible("v1.0.0")).toEqual(digests(many));
      expect(fake.server.log.length).toBeLessThan(2 * many.length + 30);
      const before = fake.server.log.length;
      expect(await ship(clientOf(fake), many)).toMatchObject({ changed: false });
      expect(fake.server.log.length - before).toBeLessThan(20);
    });
  });

  it("takes no more when an earlier run stored some of them", async () => {
    await withFake({}, async (fake) => {
      const staged = await clientOf(fake).stage(release);
      const some = many.slice(0, 250);
      await Promise.all(some.map((one) => staged.put(one)));
      const before = fake.server.log.length;
      await ship(clientOf(fake), many);
      expect(fake.project.visible("v1.0.0")).toEqual(digests(many));
      expect(fake.project.files).toHaveLength(many.length);
      expect(fake.server.log.length - before).toBeLessThan(2 * (many.length - some.length) + 30);
    });
  });

  it("waits out a rate limit of 500 requests a minute", async () => {
    await withFake({}, async (fake) => {
      const clock = new VirtualClock();
      const begin = clock.now();
      const minutes = new Map<number, number>();
      fake.server.faults = () => {
        const minute = Math.floor((clock.now() - begin) / 60_000);
        const asked = (minutes.get(minute) ?? 0) + 1;
        minutes.set(minute, asked);
        return asked > 500 ? "403-rate" : undefined;
      };
      await ship(clientOf(fake, { clock }), many);
      expect(fake.project.visible("v1.0.0")).toEqual(digests(many));
      expect((clock.now() - begin) / 60_000).toBeLessThan(10);
    });
  });
});

describe("a package", () => {
  it("that is hidden, and so not listed, is told of rather than filled twice", async () => {
    await withFake({}, async (fake) => {
      fake.project.store("age", "v1.0.0", "other", Buffer.from("x"));
      for (const one of fake.project.packages) one.status = "hidden";
      await expect(ship(clientOf(fake), assets())).rejects.toThrow(
        "did not list what it has stored in 7 tries: its package may be hidden, or the instance's lists may be far behind",
      );
      expect(fake.project.visible("v1.0.0")).toBeUndefined();
      expect(fake.project.files).toHaveLength(1 + assets().length);
    });
  });

  it.each(assets().map(({ name }) => name))(
    "that another run filled since this one looked has no second %s",
    async (name) => {
      await withFake({ duplicates: false }, async (fake) => {
        const [early, late] = [clientOf(fake), clientOf(fake)];
        const staged = await early.stage(release);
        const [first, ...others] = assets();
        if (first !== undefined) await staged.put(first);
        await ship(late, assets());
        for (const one of others) await staged.put(one);
        expect(await staged.publish(assets())).toMatchObject({ changed: false });
        expect(fake.project.files.filter((file) => file.name === name)).toHaveLength(1);
      });
    },
  );

  it("that somebody deletes during the run is filled again", async () => {
    await withFake({}, async (fake) => {
      const [first, ...others] = assets();
      if (first !== undefined) await (await clientOf(fake).stage(release)).put(first);
      const staged = await clientOf(fake).stage(release);
      for (const one of [first, ...others]) if (one !== undefined) await staged.put(one);
      fake.project.packages.length = 0;
      fake.project.files.length = 0;
      await staged.publish(assets());
      expect(fake.project.visible("v1.0.0")).toEqual(digests(assets()));
    });
  });

  it("of an instance that does not say what it stored is read back from its list", async () => {
    await withFake({ selects: false, digests: false }, async (fake) => {
      await ship(clientOf(fake), assets());
      expect(fake.project.visible("v1.0.0")).toEqual(digests(assets()));
      expect(fake.project.ambiguous()).toEqual([]);
    });
  });
});

describe("the instance", () => {
  it("may live under a relative URL", async () => {
    await withFake({ prefix: "/gitlab" }, async (fake) => {
      const { url } = await ship(clientOf(fake), assets());
      expect(url).toBe(`${fake.server.origin}/gitlab/group/age/-/releases/v1.0.0`);
    });
  });

  it("gets the token, and the storage that it redirects to does not", async () => {
    const seen: unknown[] = [];
    const fake = new FakeGitLab({ digests: false });
    const storage = createServer((request, response) => {
      seen.push(
        request.headers["job-token"],
        request.headers["private-token"],
        request.headers["authorization"],
      );
      response.end(fake.project.files.find(({ id }) => `/${id}` === request.url)?.bytes);
    });
    await new Promise<void>((ready) => storage.listen(0, "127.0.0.1", ready));
    await fake.server.listen();
    fake.project.options.storage = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
    await ship(clientOf(fake), assets());
    expect(fake.project.visible("v1.0.0")).toEqual(digests(assets()));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((header) => header === undefined)).toBe(true);
    storage.closeAllConnections();
    storage.close();
    await fake.server.close();
  });

  it("is asked nothing that a job token may not ask", async () => {
    await withFake({}, async (fake) => {
      await ship(clientOf(fake), assets());
      const asked = new Set(fake.server.log.map(({ path }) => path.split("/")[5]));
      expect([...asked].sort()).toEqual(["packages", "releases", "repository"]);
    });
  });

  it("is asked once for the list of all files that are compared", async () => {
    await withFake({}, async (fake) => {
      const many = Array.from({ length: 60 }, (_, at) => asset(`age_${at}_x.tar.gz`, `${at}`));
      const staged = await clientOf(fake).stage(release);
      for (const one of many) await staged.put(one);
      const before = fake.server.log.length;
      await staged.publish(many);
      expect(fake.server.log.length - before).toBeLessThan(8);
    });
  });

  it("reads every page", async () => {
    await withFake({}, async (fake) => {
      for (let index = 0; index < 230; index++)
        fake.project.store("age", "v1.0.0", `other-${index}`, Buffer.from("x"));
      for (let index = 0; index < 130; index++)
        fake.project.store(`age-${index}`, "v1.0.0", "other", Buffer.from("x"));
      await ship(clientOf(fake), assets());
      await ship(clientOf(fake), assets());
      expect(fake.project.ambiguous()).toEqual([]);
      expect(fake.project.files).toHaveLength(360 + assets().length);
    });
  });
});
