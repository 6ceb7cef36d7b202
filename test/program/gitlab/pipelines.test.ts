import { afterEach, beforeEach, describe, expect } from "vitest";
import { Consumer } from "../../support/gitlab/consumer.ts";
import { FakeGitLab } from "../../support/gitlab/fake-gitlab.ts";
import { itWith } from "./tools.ts";

const INPUTS = `    inputs:
      targets: [linux/amd64, windows/amd64]
      run-on: tags-and-merge-requests
      ldflags: -s -w -X 'main.note=$HOME $(id)'
      sign: none
      sbom: none
      provenance: "false"
`;

const AFTER = `
after:
  stage: after
  needs: [go-release]
  script:
    - echo "later job got [$GO_RELEASED_TAG] [$GO_RELEASED_DRY_RUN] [$GO_RELEASED_RELEASE_URL]"
    - test -s "$GO_RELEASED_ARTIFACTS" -a -s "$GO_RELEASED_CHECKSUMS"
`;

describe("a consumer's pipeline, run by gitlab-ci-local", () => {
  let fake: FakeGitLab;
  let consumer: Consumer | undefined;
  beforeEach(async () => {
    fake = new FakeGitLab();
    await fake.server.listen();
  });
  afterEach(async () => {
    await fake.server.close();
    await consumer?.remove();
    expect(fake.server.violations).toEqual([]);
  });
  const timeout = { timeout: 300_000 };
  const test = itWith("node", "gitlabCiLocal");

  test("of a tag publishes, and a later job has the outputs", timeout, async () => {
    consumer = await Consumer.create(fake, {
      template: "go-release",
      include: INPUTS,
      jobs: AFTER,
    });
    const { status, log } = await consumer.tagPipeline();
    expect(log).toContain(`later job got [v1.0.0] [false] [${fake.projectUrl}/-/releases/v1.0.0]`);
    expect(status).toBe(0);
    expect(Object.keys(fake.project.visible("v1.0.0") ?? {}).sort()).toEqual([
      "checksums.txt",
      "hello_1.0.0_linux_amd64.tar.gz",
      "hello_1.0.0_windows_amd64.zip",
    ]);
    expect(Object.values(fake.project.visible("v1.0.0") ?? {})).not.toContain("dead");
  });

  test("of a merge request does everything but publish", timeout, async () => {
    consumer = await Consumer.create(fake, {
      template: "go-release",
      include: INPUTS,
      jobs: AFTER,
    });
    const { status, log } = await consumer.mergeRequestPipeline();
    expect(log).toContain("[true] []");
    expect(status).toBe(0);
    expect(fake.project.files).toEqual([]);
    expect(fake.project.releases.size).toBe(0);
  });

  test("in shards publishes the same files", timeout, async () => {
    consumer = await Consumer.create(fake, {
      template: "go-release-sharded",
      include: `${INPUTS}      shards: 2\n`,
      jobs: AFTER,
    });
    const { status, log } = await consumer.tagPipeline();
    expect(log).toContain("later job got [v1.0.0] [false]");
    expect(status).toBe(0);
    expect(Object.keys(fake.project.visible("v1.0.0") ?? {})).toHaveLength(3);
  });

  test("verifies what an earlier job fetched before a later one uses it", timeout, async () => {
    const fetching = (more: string) => `
fetch:
  stage: build
  script:
    - mkdir tool && echo contents > tool/hello.txt
    - (cd tool && sha256sum hello.txt > checksums.txt)${more}
  artifacts: { paths: [tool/] }

install:
  stage: after
  needs: [fetch, go-release-verify]
  script:
    - echo "installed $(cat tool/hello.txt)"
`;
    const include = `    inputs: { release: tool, stage: deploy, any-signer: "true" }\n`;
    const template = "go-release-verify";
    consumer = await Consumer.create(fake, { template, include, jobs: fetching("") });
    const sound = await consumer.tagPipeline();
    expect(sound.log).toContain("installed contents");
    expect(sound.status).toBe(0);
    await consumer.remove();
    const jobs = fetching("\n    - echo other > tool/hello.txt");
    consumer = await Consumer.create(fake, { template, include, jobs });
    const changed = await consumer.tagPipeline();
    expect(changed.log).toContain("tool failed verification");
    expect(changed.log).not.toContain("installed");
    expect(changed.status).not.toBe(0);
    expect(fake.project.releases.size).toBe(0);
  });

  test(
    "of the component itself tries both templates before the catalog has it",
    timeout,
    async () => {
      consumer = await Consumer.create(fake, { template: "go-release" });
      const { status, log } = await consumer.ownPipeline();
      expect(log.match(/hello 0\.1\.0: 2 builds, 2 archives, dry run/gu)).toHaveLength(4);
      expect(log).toMatch(/releasing \d+\.\d+\.\d+ to the catalog/u);
      expect(status).toBe(0);
      expect(fake.project.releases.size).toBe(0);
    },
  );

  test("never runs a bundle with other bytes", timeout, async () => {
    consumer = await Consumer.create(fake, { template: "go-release", include: INPUTS });
    for (const path of fake.repositoryFiles.keys()) {
      fake.repositoryFiles.set(path, Buffer.from("console.log('spoiled bundle ran')"));
    }
    const { status, log } = await consumer.tagPipeline();
    expect(log).toContain("dist/index.js is not the one that version");
    expect(log).not.toContain("spoiled bundle ran");
    expect(status).not.toBe(0);
    expect(fake.project.releases.size).toBe(0);
  });
});
