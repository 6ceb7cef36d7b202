import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import type { Bench, Outcome } from "./bench.ts";

/** A job of the matrix is given no token, identity or service to sign with, though the project's file asks for it. */
const rightless = {
  INPUT_SIGN: "keyless",
  GITHUB_TOKEN: undefined,
  ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
  "INPUT_FULCIO-URL": undefined,
  "INPUT_REKOR-URL": undefined,
  "INPUT_TSA-URL": undefined,
  "INPUT_TRUSTED-ROOT": undefined,
};

/** The jobs of the matrix that `plan` prints, each in a clone of its own; and their outputs side by side. */
export async function buildShards(on: Bench, to: string): Promise<readonly Outcome[]> {
  const planned = await on.run({ args: ["plan", "--shards=3"], env: rightless });
  const { include } = JSON.parse(planned.outputs["matrix"] ?? "{}") as {
    include: { index: number; shard: string }[];
  };
  const built: Outcome[] = [];
  for (const { index, shard } of include) {
    const outcome = await on.run({ args: ["build", `--shard=${shard}`], env: rightless });
    expect(outcome.status, outcome.stdout).toBe(0);
    cpSync(join(outcome.folder, "dist"), join(to, `shard-${index}`), { recursive: true });
    built.push(outcome);
  }
  return built;
}

/** A shard as it was downloaded, to be changed by an attacker who knows everything about it. */
export class DownloadedShard {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  get manifest(): Manifest {
    return JSON.parse(readFileSync(join(this.folder, "manifest.json"), "utf8")) as Manifest;
  }

  set manifest(manifest: Manifest) {
    writeFileSync(join(this.folder, "manifest.json"), JSON.stringify(manifest));
  }

  /** The path of the archive whose name ends so. */
  archive(ending: string): string {
    const found = this.manifest.artifacts.find(({ name }) => name.endsWith(ending));
    return join(this.folder, found?.name ?? expect.fail(`no archive ends in ${ending}`));
  }

  /** What the manifest says of an archive, made true of the bytes that lie there, or of others. */
  describe(ending: string, bytes: Buffer = readFileSync(this.archive(ending))): void {
    const { manifest } = this;
    for (const artifact of manifest.artifacts) {
      if (!artifact.name.endsWith(ending)) continue;
      artifact.size = bytes.length;
      artifact.sha256 = createHash("sha256").update(bytes).digest("hex");
    }
    this.manifest = manifest;
  }

  /** Other bytes for an archive, with a manifest that agrees. */
  exchange(ending: string, bytes: Buffer): void {
    writeFileSync(this.archive(ending), bytes);
    this.describe(ending, bytes);
  }

  /** As the job reports it. */
  get digest(): string {
    return createHash("sha256")
      .update(readFileSync(join(this.folder, "manifest.json")))
      .digest("hex");
  }
}
