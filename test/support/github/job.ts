import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished } from "vitest";
import { clock } from "../../../src/world/node/clock.ts";
import { type Outcome, watched } from "../program.ts";
import { type Repository, repositoryOf, type Tree, temporaryFolder } from "../repository.ts";
import { FakeGitHub } from "./fake.ts";

export const TAG = "v1.0.0";

/** A small module that is quick to build: without a package that is slow to link. */
export const module: Tree = {
  "go.mod": "module example.com/age\n\ngo 1.22\n",
  "main.go": 'package main\n\nvar version = "dev"\n\nfunc main() { println(version) }\n',
  LICENSE: "MIT\n",
  ".go-release.yaml": "targets: [linux/amd64, darwin/arm64, windows/amd64]\n",
};

/** What is released of it, unsigned. */
export const FILES = [
  "age_1.0.0.sbom.json",
  "age_1.0.0_darwin_arm64.tar.gz",
  "age_1.0.0_linux_amd64.tar.gz",
  "age_1.0.0_windows_amd64.zip",
  "checksums.txt",
];

/** A fake that goes with the test, having seen nothing that GitHub's description forbids. */
export async function startGitHub(): Promise<FakeGitHub> {
  const fake = new FakeGitHub(clock);
  await fake.server.listen();
  onTestFinished(async () => {
    await fake.server.close();
    expect(fake.server.violations).toEqual([]);
  });
  return fake;
}

/** The names of what people see. */
export function publishedOn(fake: FakeGitHub): readonly string[] | undefined {
  return fake
    .published(TAG)
    ?.assets.map(({ name }) => name)
    .sort();
}

export interface JobOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly node?: string;
}

export interface Ended extends Outcome {
  readonly summary: string;
  /** `$GITHUB_OUTPUT` as it was written. */
  readonly outputs: string;
}

/** A job that was started by a pushed tag: the bundle in a process of its own with a runner's environment. */
export class Job {
  readonly repository: Repository;
  readonly #fake: FakeGitHub;

  constructor(fake: FakeGitHub, repository = repositoryOf(module, TAG)) {
    this.#fake = fake;
    this.repository = repository;
    fake.tags.set(TAG, repository.git("rev-parse", "HEAD"));
  }

  async run({ env = {}, node = process.execPath }: JobOptions = {}): Promise<Ended> {
    const runner = temporaryFolder("go-release-job-");
    const file = (name: string): string => join(runner, name);
    for (const name of ["output", "summary"]) writeFileSync(file(name), "");
    const given = { ...this.#environment(), ...files(file), ...env };
    const { folder } = this.repository;
    const ended = await watched(node, [inject("bundle")], folder, given).ended;
    const read = (name: string): string => readFileSync(file(name), "utf8");
    return { ...ended, summary: read("summary"), outputs: read("output") };
  }

  #environment(): Readonly<Record<string, string>> {
    return {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: this.#fake.origin,
      GITHUB_EVENT_NAME: "push",
      GITHUB_REF: `refs/tags/${TAG}`,
      GITHUB_REF_NAME: TAG,
      GITHUB_REF_TYPE: "tag",
      GITHUB_REPOSITORY: this.#fake.repository,
      GITHUB_SHA: this.repository.git("rev-parse", "HEAD"),
      INPUT_TOKEN: this.#fake.token,
    };
  }
}

function files(path: (name: string) => string) {
  return {
    GITHUB_OUTPUT: path("output"),
    GITHUB_STEP_SUMMARY: path("summary"),
  };
}
