import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { IDENTITY, ISSUER, Jobs, type Outcome } from "../../support/gitlab/jobs.ts";
import { temporaryFolder } from "../../support/repository.ts";
import { complaint } from "../../support/runs/reader.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";

const missing = spawnSync("cosign", ["version"]).error !== undefined;
// In CI its absence is a failure, not a reason to pass.
const runs = describe.skipIf(missing && process.env["CI"] === undefined);

let jobs: Jobs;
let sigstore: Sigstore;
beforeEach(async () => {
  [jobs, sigstore] = await Promise.all([Jobs.open({ visibility: "public" }), startSigstore()]);
});
afterEach(async () => {
  await Promise.all([jobs.close(), sigstore.close()]);
});

/** What the end of the job's log offers for copying. */
function offered({ stderr }: Outcome): readonly string[] {
  const [, after = ""] = stderr.split(/to verify, in .*:\n/u);
  return after.split("\n").flatMap((line) => (/^ {2}\w/u.test(line) ? [line.trim()] : []));
}

function plain(log: string): string {
  return log.replaceAll(/\u001b\[\d+m/gu, "");
}

/** A folder in which a reader has put what was published. */
function downloaded(): string {
  const folder = temporaryFolder("go-release-reader-");
  for (const [name, bytes] of Object.entries(jobs.files()))
    writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, "trusted_root.json"), sigstore.trustedRoot);
  return folder;
}

/** The log's commands hold for what was published, and not for one changed byte. */
function expectCommands(outcome: Outcome, reader: string): void {
  const commands = offered(outcome);
  expect(commands).toHaveLength(3);
  for (const command of commands) expect(complaint(reader, command)).toBeUndefined();
  writeFileSync(join(reader, "checksums.txt"), "other\n", { flag: "a" });
  expect(complaint(reader, commands[1] ?? "")).toBeDefined();
}

runs("a GitLab job", () => {
  it("signs as its pipeline's configuration file, which cosign accepts; no secret is anywhere", async () => {
    const outcome = await jobs.run({ watched: true, env: jobs.signing(sigstore) });
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(outcome.stderr).toContain(
      `--certificate-identity ${IDENTITY} --certificate-oidc-issuer ${ISSUER}`,
    );
    expectCommands(outcome, downloaded());
    expect(outcome.seen.length).toBeGreaterThan(3);
    expect(jobs.leaks(outcome)).toEqual([]);
    expect(sigstore.requests.filter((one) => one.endsWith("signingCert"))).toHaveLength(1);
    const who = [`--certificate-identity=${IDENTITY}`, `--certificate-oidc-issuer=${ISSUER}`];
    const env = { GO_RELEASE_TRUSTED_ROOT: join(jobs.folder, "trusted_root.json") };
    const verified = await jobs.run({ args: ["verify", "v1.2.3", ...who], env });
    expect(verified.status, verified.stderr).toBe(0);
    const notes = jobs.gitlab.project.releases.get("v1.2.3")?.description;
    expect(notes).toContain(
      `cosign verify-blob --new-bundle-format --bundle checksums.txt.sigstore.json`,
    );
  });

  it("signs with a key that cosign made; key and password are nowhere", async () => {
    const keys = temporaryFolder("go-release-keys-");
    const COSIGN_PASSWORD = "correct horse battery staple";
    const env = { ...process.env, COSIGN_PASSWORD };
    execFileSync("cosign", ["generate-key-pair"], { cwd: keys, env, stdio: "ignore" });
    const COSIGN_PRIVATE_KEY = readFileSync(join(keys, "cosign.key"), "utf8");
    jobs.secrets.add("the key", COSIGN_PRIVATE_KEY);
    jobs.secrets.add("the key's password", COSIGN_PASSWORD);
    const services = { ...jobs.signing(sigstore), GO_RELEASE_FULCIO_URL: undefined };
    const outcome = await jobs.run({
      watched: true,
      args: ["--sign=key"],
      env: { ...services, COSIGN_PRIVATE_KEY, COSIGN_PASSWORD },
    });
    expect(outcome.status, outcome.stderr).toBe(0);
    const reader = downloaded();
    copyFileSync(join(keys, "cosign.pub"), join(reader, "cosign.pub"));
    expectCommands(outcome, reader);
    expect(jobs.leaks(outcome)).toEqual([]);
  });

  it("that fails tells nobody its secrets either", async () => {
    const outcome = await jobs.run({
      watched: true,
      env: { ...jobs.signing(sigstore), GO_RELEASE_FULCIO_URL: `${sigstore.url}/nowhere` },
    });
    expect(outcome.status).toBe(1);
    expect(plain(outcome.stderr)).toMatch(/error: Fulcio .* answered 404: .*\n {2}→ /u);
    expect(jobs.published()).toBeUndefined();
    expect(jobs.leaks(outcome)).toEqual([]);
  });

  it("without a configuration file in its identity is told why it cannot sign", async () => {
    const env = jobs.signing(sigstore, { ci_config_ref_uri: null });
    const outcome = await jobs.run({ env });
    expect(plain(outcome.stderr)).toContain(
      "error: the identity token does not say which file configures the pipeline (ci_config_ref_uri), and no certificate is issued without it",
    );
    expect(outcome.status).toBe(1);
    expect(sigstore.requests.filter((one) => one.endsWith("signingCert"))).toEqual([]);
    expect(jobs.published()).toBeUndefined();
  });
});
