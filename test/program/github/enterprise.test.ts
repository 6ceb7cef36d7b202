import { expect, it } from "vitest";
import { startEnterprise } from "../../support/github/enterprise.ts";
import { FILES, Job, publishedOn, startGitHub } from "../../support/github/job.ts";

it("GitHub Enterprise: an older server of one's own, behind a proxy, with a certificate of its own", async () => {
  const fake = await startGitHub();
  Object.assign(fake.settings, { digests: false, attestations: "absent" });
  const { env, reached } = await startEnterprise(fake);
  const { status, stdout, summary } = await new Job(fake).run({ env });
  expect(status, stdout).toBe(0);
  expect(publishedOn(fake)).toEqual(FILES);
  expect([...reached]).toEqual(["ghe.example.com:443", "uploads.ghe.example.com:443"]);
  expect(summary).toContain("https://ghe.example.com/");
});
