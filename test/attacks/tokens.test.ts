import { describe, expect, inject, it } from "vitest";
import { octokitOver } from "../../src/forges/github/octokit.ts";
import { githubServer } from "../../src/forges/github/server.ts";
import { Secret } from "../../src/model/secret.ts";
import { BRISK, retry } from "../../src/net/retry.ts";
import { clock } from "../../src/world/node/clock.ts";
import { http } from "../../src/world/node/http.ts";
import { json, type Listener, listen } from "../support/attacks/listener.ts";
import { startEnterprise } from "../support/github/enterprise.ts";
import { Job, publishedOn, startGitHub, TAG } from "../support/github/job.ts";
import { call, start } from "../support/program.ts";
import { PROGRAM, type Repository, repositoryOf } from "../support/repository.ts";
import { seededBytes } from "../support/seeded.ts";

const TOKEN = "token-of-the-company-5f1c9a3e";

/** A module whose clone came from anywhere. */
function clone(remote?: string): Repository {
  const repository = repositoryOf(PROGRAM);
  if (remote !== undefined) repository.git("remote", "add", "origin", remote);
  return repository;
}

/** A release on GitHub's terms, with one file at any address. */
function releaseWith(url: string): Parameters<typeof listen>[0] {
  const assets = [{ name: "checksums.txt", size: 3, url, browser_download_url: url }];
  return (request, response) => {
    const [, tag = "v1"] = /\/tags\/(.+)$/u.exec(request.url ?? "") ?? [];
    json(response, { tag_name: tag, assets });
  };
}

describe("a token that is for another server", () => {
  it.each([
    ["GitHub's shape", (evil: Listener) => `${evil.origin}/o/r/releases/tag/v1`],
    ["GitLab's shape", (evil: Listener) => `${evil.origin}/o/r/-/releases/v1`],
    [
      "a name that begins like a public one",
      (evil: Listener) => `${evil.origin.replace("127.0.0.1", "localhost")}/o/r/releases/tag/v1`,
    ],
  ])("does not follow a URL that somebody hands over: %s", async (_, url) => {
    const evil = await listen();
    const env = {
      GO_RELEASE_TOKEN: TOKEN,
      GITHUB_TOKEN: TOKEN,
      GITLAB_TOKEN: TOKEN,
      GH_TOKEN: TOKEN,
    };
    await call(["verify", url(evil), "--any-signer"], clone().folder, env);
    expect(evil.heard.length).toBeGreaterThan(0);
    expect(evil.knows(TOKEN)).toBe(false);
  });

  it("is not a job's own, by whatever name it is given", async () => {
    const evil = await listen();
    const { folder } = clone();
    const env = {
      GITLAB_CI: "true",
      CI_PROJECT_DIR: folder,
      CI_JOB_TOKEN: TOKEN,
      CI_SERVER_URL: "https://gitlab.example",
      CI_API_V4_URL: "https://gitlab.example/api/v4",
      GO_RELEASE_TOKEN: TOKEN,
    };
    const argv = ["verify", `${evil.origin}/o/r/-/releases/v1`];
    await start(inject("bundle"), argv, folder, env).ended;
    expect(evil.heard.length).toBeGreaterThan(0);
    expect(evil.knows(TOKEN)).toBe(false);
  });

  it("does not follow a file to another origin than its release's", async () => {
    const evil = await listen();
    const own = await listen(releaseWith(`${evil.origin}/checksums.txt`));
    const env = { GO_RELEASE_TOKEN: TOKEN };
    const argv = ["verify", "https://github.com/o/r/releases/tag/v1", `--api-url=${own.origin}`];
    await call(argv, clone().folder, env);
    expect(own.knows(TOKEN)).toBe(true);
    expect(evil.heard.length).toBeGreaterThan(0);
    expect(evil.knows(TOKEN)).toBe(false);
  });

  it("does not follow a redirect, be it one that comes back", async () => {
    const own = await listen((request, response) => {
      const location = request.url === "/back" ? undefined : `${evil.origin}/away`;
      if (location === undefined) json(response, { tag_name: "v1", assets: [] });
      else response.writeHead(302, { location }).end();
    });
    const evil = await listen((_, response) =>
      response.writeHead(302, { location: `${own.origin}/back` }).end(),
    );
    const argv = ["verify", "https://github.com/o/r/releases/tag/v1", `--api-url=${own.origin}`];
    await call(argv, clone().folder, { GO_RELEASE_TOKEN: TOKEN });
    expect(evil.heard).toHaveLength(1);
    expect(evil.knows(TOKEN)).toBe(false);
    expect(own.heard.at(-1)?.all).not.toContain(TOKEN);
  });

  it.each(["the next page", "the place of uploads"])(
    "is not sent where an answer of the API leads: %s",
    async (what) => {
      const evil = await listen();
      const own = await listen((_, response) => {
        response.setHeader("link", `<${evil.origin}/next>; rel="next"`);
        json(response, [{ id: 1 }]);
      });
      const token = new Secret(TOKEN);
      const reach = { http, clock, random: seededBytes(1) };
      const octokit = await octokitOver({
        apiUrl: own.origin,
        token,
        server: githubServer(token),
        reach,
        again: retry(BRISK, reach),
      });
      const asked =
        what === "the next page"
          ? octokit.paginate(octokit.rest.repos.listReleases, { owner: "o", repo: "r" })
          : octokit.request({ method: "POST", url: `${evil.origin}/assets`, data: "x" });
      await expect(asked).rejects.toThrow("is on another server");
      expect(evil.heard).toEqual([]);
    },
  );

  it("does not follow a clone to the server that it came from", async () => {
    const fake = await startGitHub();
    const { env, reached } = await startEnterprise(fake);
    const { HTTPS_PROXY, NODE_EXTRA_CA_CERTS } = env;
    const { folder } = clone("https://github.ghe.example.com/octo/age.git");
    const argv = ["--dry-run=false", "--targets=linux/amd64"];
    const given = { HTTPS_PROXY, NODE_EXTRA_CA_CERTS, GO_RELEASE_TOKEN: TOKEN };
    await start(inject("bundle"), argv, folder, given).ended;
    expect([...reached]).toEqual([]);
    // And would be reached, by whoever says that the token is for it.
    const named = ["--api-url=https://ghe.example.com/api/v3", ...argv];
    await start(inject("bundle"), named, folder, given).ended;
    expect([...reached]).toEqual(["ghe.example.com:443"]);
  });

  it.each(["api-url", "forge", "repository"])(
    "does not follow the file of the commit: %s",
    async (key) => {
      const evil = await listen();
      const values = { "api-url": evil.origin, forge: "gitlab", repository: "mallory/age" };
      const file = Object.entries(values)
        .filter(([name]) => name === key || name !== "api-url")
        .map(([name, value]) => `${name}: ${value}\n`)
        .join("");
      const fake = await startGitHub();
      const repository = repositoryOf({ ...PROGRAM, ".go-release.yaml": file }, TAG);
      const { status } = await new Job(fake, repository).run();
      expect(evil.heard).toEqual([]);
      expect(fake.server.log).toEqual([]);
      expect(status).toBe(2);
    },
  );
});

describe("beside it, a token for another forge", () => {
  it("goes to the server that is named with it", async () => {
    const fake = await startGitHub();
    const job = new Job(fake);
    const env = {
      ...NO_GITHUB,
      GO_RELEASE_FORGE: "github",
      GO_RELEASE_REPOSITORY: fake.repository,
      GO_RELEASE_API_URL: fake.origin,
      GO_RELEASE_TOKEN: fake.token,
      GO_RELEASE_DRY_RUN: "false",
      GO_RELEASE_SIGN: "none",
      GITLAB_CI: "true",
      CI_JOB_TOKEN: TOKEN,
      CI_COMMIT_TAG: TAG,
      CI_PROJECT_DIR: job.repository.folder,
    };
    const { status, stdout, stderr } = await job.run({ env });
    expect(status, stdout + stderr).toBe(0);
    expect(publishedOn(fake)).toContain("checksums.txt");
    expect(JSON.stringify(fake.server.log)).not.toContain(TOKEN);
  });

  it("goes to an enterprise's server by whose name it is called", async () => {
    const own = await listen(releaseWith("http://127.0.0.1:1/x"));
    const argv = ["verify", "v1.2.3", "--forge=github", "--repository=o/r"];
    const env = { GO_RELEASE_TOKEN: TOKEN, GO_RELEASE_API_URL: own.origin };
    await call(argv, clone().folder, env);
    expect(own.knows(TOKEN)).toBe(true);
  });
});

const NO_GITHUB = {
  GITHUB_ACTIONS: undefined,
  GITHUB_API_URL: undefined,
  GITHUB_REPOSITORY: undefined,
  INPUT_TOKEN: undefined,
};
