import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Manifest } from "../../../src/model/manifest.ts";
import { commandsFor } from "../../../src/report/verify-commands.ts";
import { embeddedServices } from "../../../src/signers/trust/services.ts";
import { agePlan } from "../../support/releases/binaries.ts";
import { type Folder, release } from "../../support/releases/folder.ts";
import { tokenOf } from "../../support/sigstore/identity-tokens.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";
import { describeWith } from "../../support/tools.ts";

const { repository } = agePlan.destination;
const archive = "age_1.3.1_linux_amd64.tar.gz";
const own = `${repository}/.github/workflows/release.yml@refs/tags/v1.3.1`;
const reused = "octo/flows/.github/workflows/release.yml@refs/tags/v1";

/** What GitHub's token tells of a job, as far as Fulcio puts it into the certificate. */
function tokenFor(workflow: string) {
  return tokenOf({
    sub: `https://github.com/${workflow}`,
    job_workflow_ref: workflow,
    workflow_ref: own,
    repository,
    repository_owner: repository.split("/")[0],
    ref: "refs/tags/v1.3.1",
    sha: "0123456789abcdef0123456789abcdef01234567",
    event_name: "push",
    runner_environment: "github-hosted",
  });
}

let sigstore: Sigstore;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gh-"));
  sigstore = await startSigstore();
  // `gh` reads one trust root a line.
  writeFileSync(join(folder, "trusted_root.jsonl"), `${sigstore.trustedRoot}\n`);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await sigstore.close();
});

function put(files: Folder) {
  for (const [name, data] of Object.entries(files)) writeFileSync(join(folder, name), data);
}

/** The reader's own command, pasted into a shell; only the trust root is not GitHub's. */
function accepts(files: Folder): { readonly status: number | null; readonly stderr: string } {
  put(files);
  const manifest = Manifest.parse(JSON.parse(String(files["manifest.json"])));
  const [fulcioUrl = ""] = embeddedServices().fulcioUrls;
  const [{ url: rekorUrl } = { url: "" }] = embeddedServices().logs;
  const signing = { ...manifest.plan.signing, fulcioUrl, rekorUrl };
  const command = commandsFor({ ...manifest, plan: { ...manifest.plan, signing } }).at(-1)?.command;
  return spawnSync("sh", ["-c", `${command} --custom-trusted-root trusted_root.jsonl`], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, HTTPS_PROXY: "http://127.0.0.1:1" },
    encoding: "utf8",
  });
}

/** The same services as GitHub's own instance is: time stamps, and no log of signatures that anybody could read. */
function unlogged(): string {
  const root = JSON.parse(sigstore.trustedRoot) as object;
  return JSON.stringify({ ...root, tlogs: [] });
}

describeWith("gh")(
  "gh attestation verify judges GitHub's own instance",
  { timeout: 60_000 },
  () => {
    it("by its time stamps", async () => {
      const trustedRoot = unlogged();
      const identity = { kind: "token", token: tokenFor(own) } as const;
      const files = await release(sigstore.signing({ rekorUrl: null }), { identity, trustedRoot });
      put(files);
      writeFileSync(join(folder, "unlogged.jsonl"), `${trustedRoot}\n`);
      const manifest = Manifest.parse(JSON.parse(String(files["manifest.json"])));
      const signing = { ...manifest.plan.signing, fulcioUrl: "https://fulcio.githubapp.com" };
      const commands = commandsFor({ ...manifest, plan: { ...manifest.plan, signing } });
      expect(commands.map(({ command }) => command.split(" ")[0])).toEqual(["sha256sum", "gh"]);
      const run = () =>
        spawnSync(
          "sh",
          ["-c", `${commands.at(-1)?.command} --custom-trusted-root unlogged.jsonl`],
          {
            cwd: folder,
            env: { PATH: process.env["PATH"], HOME: folder, HTTPS_PROXY: "http://127.0.0.1:1" },
            encoding: "utf8",
          },
        );
      const sound = run();
      expect(sound.status, sound.stderr).toBe(0);
      put({ [archive]: `${String(files[archive])}x` });
      expect(run().status).toBe(1);
    });
  },
);

describeWith("gh")("gh attestation verify judges the provenance", { timeout: 60_000 }, () => {
  it.each([
    ["Rekor v1 and TSA", {}, own],
    ["Rekor v1", { tsaUrl: null }, own],
    ["Rekor v2 and TSA", { rekorVersion: 2 }, own],
    ["a reusable workflow", {}, reused],
  ] as const)("of %s", async (_name, change, workflow) => {
    const { trustedRoot } = sigstore;
    const identity = { kind: "token", token: tokenFor(workflow) } as const;
    const files = await release(sigstore.signing(change), { identity, trustedRoot });
    const sound = accepts(files);
    expect(sound.status, sound.stderr).toBe(0);
    expect(accepts({ ...files, [archive]: `${String(files[archive])}x` }).status).toBe(1);
    const name = "provenance.sigstore.json";
    const bundle = String(files[name]);
    const at = bundle.indexOf('"sig":"') + 40;
    const other = bundle[at] === "A" ? "B" : "A";
    const damaged = bundle.slice(0, at) + other + bundle.slice(at + 1);
    expect(accepts({ ...files, [name]: damaged }).status).toBe(1);
    const manifest = String(files["manifest.json"]);
    const elsewhere = manifest.replaceAll(`"${repository}"`, '"octo/other"');
    expect(accepts({ ...files, "manifest.json": elsewhere }).status).toBe(1);
  });
});
