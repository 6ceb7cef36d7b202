import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call } from "../support/program.ts";
import { emptyRepository, PROGRAM, Repository, temporaryFolder } from "../support/repository.ts";

/** What a forge answers, by the path that is asked for, still encoded. */
const answers = new Map<string, { readonly status: number; readonly body: string | Buffer }>();
const asked: string[] = [];
let server: Server;
let origin: string;
const files = new Map<string, Buffer>();

beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const { status, body } = answers.get(url) ?? { status: 404, body: '{"message":"404"}' };
    response.writeHead(status).end(body);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** A release as it lies in the output folder, made once. */
async function releasedFiles(): Promise<ReadonlyMap<string, Buffer>> {
  if (files.size > 0) return files;
  const repository = emptyRepository(PROGRAM);
  repository.commit("v1.0.0");
  const small = ["--targets=linux/amd64", "--sign=none", "--no-provenance"];
  const { status, stderr } = await call(small, repository.folder);
  expect(status, stderr).toBe(0);
  const dist = join(repository.folder, "dist");
  for (const name of readdirSync(dist))
    if (!/^(manifest|plan)\.json$|^\./u.test(name)) files.set(name, readFileSync(join(dist, name)));
  return files;
}

beforeEach(async () => {
  answers.clear();
  asked.length = 0;
  await releasedFiles();
});

function json(path: string, data: unknown): void {
  answers.set(path, { status: 200, body: JSON.stringify(data) });
}

interface Link {
  readonly name: string;
  readonly url: string;
}

/** A GitLab at `root` of the server with the release, and what people linked to it besides. */
function onGitLab(root: string, project: string, more: readonly Link[] = []): void {
  const api = `${root}/api/v4/projects/${encodeURIComponent(project)}`;
  const links = [...files].map(([name, body], id) => {
    const path = `${api}/packages/generic/tool/v1.0.0/${name}`;
    answers.set(path, { status: 200, body });
    return { id, name, url: `${origin}${path}` };
  });
  const release = { tag_name: "v1.0.0", assets: { links: [...links, ...more] } };
  json(`${api}/releases/v1.0.0`, release);
  json(`${api}/releases/permalink/latest`, release);
}

function onGitHub(repository: string, more: readonly Link[] = []): void {
  const api = `/api/v3/repos/${repository}/releases`;
  const assets = [...files].map(([name, body], id) => {
    answers.set(`${api}/assets/${id}`, { status: 200, body });
    return { name, url: `${origin}${api}/assets/${id}`, size: body.length };
  });
  const all = [...assets, ...more.map((one) => ({ ...one, size: 1 }))];
  json(`${api}/tags/v1.0.0`, { tag_name: "v1.0.0", assets: all });
  json(`${api}/latest`, { tag_name: "v1.0.0", assets: all });
}

async function verify(...argv: readonly string[]) {
  // Nobody signed what these servers have: it is found, and of damage alone.
  return await call(["verify", "--any-signer", ...argv], temporaryFolder());
}

describe("verify finds a release of GitLab", () => {
  it.each([
    ["by its page", "", "acme/tool", "/acme/tool/-/releases/v1.0.0"],
    ["by its page with a slash at the end", "", "acme/tool", "/acme/tool/-/releases/v1.0.0/"],
    ["by a link to a file", "", "acme/tool", "/acme/tool/-/releases/v1.0.0/downloads/x.tar.gz"],
    ["as the latest", "", "acme/tool", "/acme/tool/-/releases/permalink/latest"],
    ["of a project named releases", "", "acme/releases", "/acme/releases/-/releases/v1.0.0"],
    ["of a group named releases", "", "releases/tool", "/releases/tool/-/releases/v1.0.0"],
    ["in a group of a group", "", "acme/team/tool", "/acme/team/tool/-/releases/v1.0.0"],
    ["below a path", "/gitlab", "acme/team/tool", "/gitlab/acme/team/tool/-/releases/v1.0.0"],
    ["below two parts of a path", "/a/b", "acme/tool", "/a/b/acme/tool/-/releases/v1.0.0"],
  ])("%s", async (_how, root, project, path) => {
    onGitLab(root, project);
    const { status, stderr, stdout } = await verify(`${origin}${path}`);
    expect(stderr).not.toContain("error:");
    expect(stdout).toContain("✓ 2 files against checksums.txt\n");
    expect(status).toBe(0);
  });

  it("below a path that the API's address tells, without asking elsewhere", async () => {
    onGitLab("/gitlab", "acme/team/tool");
    const url = `${origin}/gitlab/acme/team/tool/-/releases/v1.0.0`;
    expect((await verify(url, `--api-url=${origin}/gitlab`)).status).toBe(0);
    expect(asked.filter((path) => !path.startsWith("/gitlab/api/v4/"))).toEqual([]);
  });

  it("behind a portal that answers everything with a page of its own", async () => {
    onGitLab("/gitlab", "acme/team/tool");
    const portal = { status: 200, body: "<html>sign in</html>" };
    answers.set("/api/v4/projects/gitlab%2Facme%2Fteam%2Ftool/releases/v1.0.0", portal);
    expect((await verify(`${origin}/gitlab/acme/team/tool/-/releases/v1.0.0`)).status).toBe(0);
  });

  it("or says where it looked", async () => {
    const { status, stderr } = await verify(`${origin}/gitlab/acme/tool/-/releases/v1.0.0`);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `error: no release v1.0.0 of gitlab/acme/tool on ${origin}: the server answered 404\n` +
        `  nor of acme/tool on ${origin}/gitlab: the server answered 404\n  → check the tag`,
    );
  });
});

describe("verify looks at what the release vouches for, and says what else is linked to it", () => {
  const foreign = [
    { name: "Documentation", url: "https://docs.example.com/tool" },
    { name: "image: registry.example.com/acme/tool:1.0.0", url: "https://registry.example.com/x" },
    { name: "runbook.pdf", url: "http://127.0.0.1:1/runbook.pdf" },
  ];
  const told =
    "note: not covered by the checksums or a signature, and not verified: Documentation, image: registry.example.com/acme/tool:1.0.0, runbook.pdf\n";

  it("on GitLab", async () => {
    onGitLab("", "acme/tool", foreign);
    const { status, stdout, stderr } = await verify(`${origin}/acme/tool/-/releases/v1.0.0`);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(told);
  });

  it("on GitHub", async () => {
    onGitHub("acme/tool", foreign);
    const { status, stdout, stderr } = await verify(`${origin}/acme/tool/releases/latest`);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(told);
    const data = await verify(`${origin}/acme/tool/releases/download/v1.0.0/x.zip`, "--json");
    expect(JSON.parse(data.stdout)).toMatchObject({ uncovered: foreign.map(({ name }) => name) });
  });

  it("finds its own files where links were named for people", async () => {
    onGitLab("", "acme/tool");
    const api = "/api/v4/projects/acme%2Ftool";
    const path = `${api}/releases/v1.0.0`;
    const release = JSON.parse(String(answers.get(path)?.body)) as {
      assets: { links: { name: string }[] };
    };
    for (const link of release.assets.links)
      if (link.name.endsWith(".tar.gz")) link.name = "for Linux / amd64";
    json(path, release);
    const { status, stdout } = await verify(`${origin}/acme/tool/-/releases/v1.0.0`);
    expect(status).toBe(0);
    expect(stdout).not.toContain("not covered");
  });

  it("still misses what is listed and is not there", async () => {
    onGitLab("", "acme/tool");
    const path = "/api/v4/projects/acme%2Ftool/releases/v1.0.0";
    const release = JSON.parse(String(answers.get(path)?.body)) as { assets: { links: Link[] } };
    release.assets.links = release.assets.links.filter(({ name }) => !name.endsWith(".tar.gz"));
    json(path, release);
    const { status, stderr } = await verify(`${origin}/acme/tool/-/releases/v1.0.0`);
    expect(status).toBe(1);
    expect(stderr).toContain("it is listed but missing");
  });

  it("and says what to do about a release that nobody signs", async () => {
    onGitLab("", "acme/tool");
    const url = `${origin}/acme/tool/-/releases/v1.0.0`;
    const { status, stderr } = await call(["verify", url], temporaryFolder());
    expect(status).toBe(1);
    expect(stderr).toContain(`error: ${url} is not signed:`);
    expect(stderr).toContain("`--any-signer` checks for corruption only");
  });

  it("and counts what it has nothing to go by for", async () => {
    json("/api/v4/projects/acme%2Ftool/releases/v1.0.0", {
      tag_name: "v1.0.0",
      assets: { links: foreign },
    });
    const { status, stderr } = await verify(`${origin}/acme/tool/-/releases/v1.0.0`);
    expect(status).toBe(1);
    expect(stderr).toContain("there is nothing to verify 3 files with");
  });
});

describe("verify of a tag", () => {
  it("asks the project that origin tells, below a path where the API's address says so", async () => {
    onGitLab("/gitlab", "acme/team/tool");
    const { folder } = emptyRepository();
    new Repository(folder).git("remote", "add", "origin", `${origin}/gitlab/acme/team/tool.git`);
    const argv = ["verify", "v1.0.0", "--any-signer", `--api-url=${origin}/gitlab/api/v4`];
    const { status, stderr } = await call(argv, folder);
    expect(status, stderr).toBe(0);
  });
});

describe("verify of another page", () => {
  it.each([
    ["/acme/tool/tree/v1.0.0", "/acme/tool/releases/tag/v1.0.0"],
    ["/acme/tool/-/tags/v1.0.0", "/acme/tool/-/releases/v1.0.0"],
  ])("%s says which to give", async (path, instead) => {
    const { status, stderr } = await verify(`${origin}${path}`);
    expect(status).toBe(2);
    expect(stderr).toContain(`→ give ${origin}${instead}\n`);
  });
});
