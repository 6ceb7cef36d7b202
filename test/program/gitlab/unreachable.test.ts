import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JOB_TOKEN } from "../../support/gitlab/fake-gitlab.ts";
import { Jobs } from "../../support/gitlab/jobs.ts";

const folder = mkdtempSync(join(tmpdir(), "unreachable-"));
const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
let jobs: Jobs;
let secure: ReturnType<typeof createServer>;
beforeAll(async () => {
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert];
  execFileSync("openssl", [...made, "-subj", "/CN=gitlab", "-days", "2"], { stdio: "ignore" });
  secure = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
  await new Promise<void>((ready) => secure.listen(0, "127.0.0.1", ready));
  jobs = await Jobs.open();
});
afterAll(async () => {
  secure.close();
  await jobs.close();
  rmSync(folder, { recursive: true });
});

interface Case {
  readonly of: string;
  readonly env: () => Readonly<Record<string, string>>;
  readonly says: RegExp;
  readonly cure: RegExp;
  /** Seconds that the whole job may take, most of it the four jobs' own start on a busy machine. */
  readonly within: number;
}

function at(origin: string): Readonly<Record<string, string>> {
  return { CI_API_V4_URL: `${origin}/api/v4`, CI_SERVER_URL: origin };
}

const cases: readonly Case[] = [
  {
    of: "a certificate that is not trusted",
    env: () => at(`https://127.0.0.1:${(secure.address() as AddressInfo).port}`),
    says: /GitLab \(https:\/\/127\.0\.0\.1:\d+\/\S+\) has a certificate that is not trusted: self-signed certificate/u,
    cure: /NODE_EXTRA_CA_CERTS.*CI_SERVER_TLS_CA_FILE/u,
    within: 45,
  },
  {
    of: "a token that holds a line break",
    env: () => ({ CI_JOB_TOKEN: `${JOB_TOKEN}\nmore` }),
    says: /GitLab \(http:\/\/127\.0\.0\.1:\d+\/\S+\) cannot be called: the token holds a line break/u,
    cure: /printf %s/u,
    within: 45,
  },
  {
    of: "an instance that nobody listens at",
    env: () => at("http://127.0.0.1:9"),
    says: /GitLab \(http:\/\/127\.0\.0\.1:9\/\S+\) cannot be reached in \d tries: connect ECONNREFUSED/u,
    cure: /reachable from here.*HTTPS_PROXY/u,
    within: 85,
  },
  {
    of: "an instance without an address",
    env: () => at("https://gitlab.invalid"),
    says: /GitLab \(https:\/\/gitlab\.invalid\/\S+\) cannot be resolved by DNS in \d tries: getaddrinfo/u,
    cure: /DNS/u,
    within: 85,
  },
];

it.concurrent.each(cases)("a job with $of says so in time", async ({ env, says, cure, within }) => {
  const start = performance.now();
  const args = ["--sign=none", "--targets=linux/amd64"];
  const outcome = await jobs.run({ args, env: env() });
  const told = outcome.stderr.replaceAll(/\u001b\[\d+m/gu, "");
  expect(outcome.status, told).toBe(1);
  expect(told).toMatch(says);
  expect(told.slice(told.indexOf("→"))).toMatch(cure);
  expect((performance.now() - start) / 1000).toBeLessThan(within);
  expect(jobs.leaks(outcome)).toEqual([]);
  expect(jobs.published()).toBeUndefined();
});
