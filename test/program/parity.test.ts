import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { outputs } from "../../src/config/outputs.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import { JOB_TOKEN, PRIVATE_TOKEN } from "../support/gitlab/fake-gitlab.ts";
import { Jobs } from "../support/gitlab/jobs.ts";
import { start } from "../support/program.ts";
import { Bench } from "../support/runs/bench.ts";
import { TAG } from "../support/runs/project.ts";

type Files = Readonly<Record<string, Buffer>>;

/** One repository that GitHub and GitLab both have, at the same commit and tag. */
let github: Bench;
let gitlab: Jobs;
beforeEach(async () => {
  github = await Bench.open();
  gitlab = await Jobs.open({}, github.project);
});
afterEach(async () => {
  await Promise.all([github.close(), gitlab.close()]);
  expect(github.github.server.violations).toEqual([]);
  expect(gitlab.gitlab.server.violations).toEqual([]);
});

function onGitHub(): Files {
  return Object.fromEntries(
    (github.published()?.assets ?? []).map((one) => [one.name, one.content]),
  );
}

/** The released files that lie in an output folder, by its manifest. */
function inFolder(folder: string): Files {
  const read = (name: string) => readFileSync(join(folder, "dist", name));
  const { artifacts } = JSON.parse(read("manifest.json").toString()) as Manifest;
  return Object.fromEntries(artifacts.map(({ name, path }) => [name, read(path)]));
}

function essence(files: Files): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, bytes]) => [name, bytes.toString("base64")]),
  );
}

/** `GO_RELEASED_RELEASE_URL` is `release-url`. */
function namesIn(dotenv: string | undefined): readonly string[] {
  return [...(dotenv ?? "").matchAll(/^GO_RELEASED_([A-Z_]+)=/gmu)].map(([, name = ""]) =>
    name.toLowerCase().replaceAll("_", "-"),
  );
}

function succeeded({
  status,
  stdout,
  stderr,
}: {
  status: number | null;
  stdout: string;
  stderr: string;
}) {
  return expect(status, stdout + stderr).toBe(0);
}

describe("one plan on every host", () => {
  it("gives the same files, notes and outputs on GitHub, on GitLab and in a folder", async () => {
    const args = ["--sign=none"];
    const byAction = await github.run({ args });
    const byComponent = await gitlab.run({ args });
    const folder = github.project.clone();
    const byHand = await start(inject("bundle"), [...args, "--forge=directory"], folder).ended;
    for (const outcome of [byAction, byComponent, byHand]) succeeded(outcome);
    const wanted = essence(onGitHub());
    expect(Object.keys(wanted)).toHaveLength(5);
    for (const files of [
      gitlab.files(),
      ...[byAction.folder, byComponent.folder, folder].map(inFolder),
    ])
      expect(essence(files)).toEqual(wanted);
    const released = gitlab.gitlab.project.releases.get(TAG);
    // Each carries a mark that it is ours, GitHub's drafts also of the run that made them.
    const words = (notes: string | undefined): string | undefined =>
      notes?.replace(/\n<!-- go-release.* -->\n$/u, "");
    expect(words(released?.description)).toBe(words(github.published()?.body));
    expect(released?.name).toBe(github.published()?.name);
    expect(Object.keys(byAction.outputs).sort()).toEqual(Object.keys(outputs).sort());
    expect([...namesIn(byComponent.reports["outputs.env"])].sort()).toEqual(
      Object.keys(outputs).sort(),
    );
  });

  it("gives the same names signed, and the same bytes of all that does not name the run", async () => {
    succeeded(await github.run());
    succeeded(await gitlab.run({ env: gitlab.signing(github.sigstore) }));
    expect(Object.keys(gitlab.files()).sort()).toEqual(Object.keys(onGitHub()).sort());
    const equal = (files: Files) =>
      Object.fromEntries(
        Object.entries(essence(files)).filter(([name]) => !name.endsWith(".sigstore.json")),
      );
    expect(equal(gitlab.files())).toEqual(equal(onGitHub()));
    expect(Object.keys(equal(onGitHub()))).toHaveLength(5);
  });
});

/** Every credential that a fake was sent, and how many requests came. */
function credentials(server: Bench["github"]["server"]) {
  const sent = server.log.flatMap(({ headers }) =>
    [headers.authorization, headers["job-token"], headers["private-token"]].flatMap((one) =>
      one === undefined ? [] : [String(one)],
    ),
  );
  return { requests: server.log.length, sent: [...new Set(sent)] };
}

describe("the host is not the forge", () => {
  const toGitHub = () => [
    "--forge=github",
    `--repository=${github.github.repository}`,
    `--api-url=${github.github.origin}`,
    "--sign=none",
  ];
  const toGitLab = () => [
    "--forge=gitlab",
    `--repository=${gitlab.gitlab.project.options.path}`,
    `--api-url=${gitlab.gitlab.apiUrl}`,
    "--sign=none",
  ];

  it("a GitLab job publishes to GitHub, and each hears only its own token", async () => {
    const env = { GO_RELEASE_TOKEN: github.github.token };
    succeeded(await gitlab.run({ args: toGitHub(), env }));
    expect(Object.keys(onGitHub())).toHaveLength(5);
    expect(credentials(github.github.server).sent).toEqual([`token ${github.github.token}`]);
    expect(credentials(gitlab.gitlab.server)).toEqual({ requests: 0, sent: [] });
  });

  it("a GitHub job publishes to GitLab, and each hears only its own token", async () => {
    const env = { GO_RELEASE_TOKEN: PRIVATE_TOKEN };
    succeeded(await github.run({ args: toGitLab(), env }));
    expect(Object.keys(gitlab.files())).toHaveLength(5);
    expect(credentials(gitlab.gitlab.server).sent).toEqual([PRIVATE_TOKEN]);
    expect(credentials(github.github.server)).toEqual({ requests: 0, sent: [] });
  });

  it("a GitLab job's own token is not for GitHub", async () => {
    const { status, stderr } = await gitlab.run({ args: toGitHub() });
    expect(status).toBe(1);
    expect(stderr).toContain("no token for octo/age");
    expect(stderr).toContain("GO_RELEASE_TOKEN");
    expect(credentials(github.github.server).sent).toEqual([]);
    expect(stderr).not.toContain(JOB_TOKEN);
  });

  it("a GitHub job's own token is not for GitLab", async () => {
    const { status, stdout } = await github.run({ args: toGitLab() });
    expect(status).toBe(1);
    expect(stdout).toContain("no token for group/age on GitLab");
    expect(credentials(gitlab.gitlab.server).sent).toEqual([]);
  });

  it("a GitLab job's own token is not for another GitLab", async () => {
    const other = await Jobs.open({}, github.project);
    const args = [`--api-url=${other.gitlab.apiUrl}`, "--sign=none"];
    const { status, stderr } = await gitlab.run({ args });
    await other.close();
    expect(status).toBe(1);
    expect(stderr).toContain("no token for group/age on GitLab");
    expect(credentials(other.gitlab.server)).toEqual({ requests: 0, sent: [] });
  });
});
