import { cpSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { Bench, type Outcome } from "./bench.ts";
import { buildShards, DownloadedShard } from "./shards.ts";

interface AssaultRun {
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly took: number;
}

/** Shards of a release, and a publisher to whom a changed copy of them is handed. */
export class Assault {
  readonly bench: Bench;
  readonly #shards: string;

  private constructor(bench: Bench, shards: string) {
    this.bench = bench;
    this.#shards = shards;
  }

  static async open(): Promise<Assault> {
    const bench = await Bench.open();
    const shards = join(bench.folder, "built");
    await buildShards(bench, shards);
    return new Assault(bench, shards);
  }

  /** A copy of what was downloaded: one shard for each of linux/amd64, darwin/arm64 and windows/amd64. */
  shards(): { readonly folder: string; readonly shard: (index: number) => DownloadedShard } {
    const folder = mkdtempSync(join(this.bench.folder, "downloaded-"));
    cpSync(this.#shards, folder, { recursive: true });
    return { folder, shard: (index) => new DownloadedShard(join(folder, `shard-${index}`)) };
  }

  async publish(
    from: string,
    options: {
      readonly args?: readonly string[];
      readonly env?: Readonly<Record<string, string | undefined>>;
      readonly folder?: string;
    } = {},
  ): Promise<AssaultRun> {
    const start = Date.now();
    const args = ["publish", `--from=${from}`, ...(options.args ?? [])];
    const outcome = await this.bench.run({ ...options, args });
    return { outcome, took: Date.now() - start };
  }

  /** Everything that left the publisher: what was uploaded, what was certified and what was put into the log. */
  harm(): readonly string[] {
    const { github, sigstore } = this.bench;
    return [
      ...github.releases.flatMap(({ assets }) => assets.map(({ name }) => `uploaded ${name}`)),
      ...sigstore.requests.filter((one) => /signingCert|log\/entries/u.test(one)),
    ];
  }

  /** For the next attack. */
  forget(): void {
    this.bench.github.releases = [];
    this.bench.moments.length = 0;
    this.bench.sigstore.requests.length = 0;
    this.bench.sigstore.received.length = 0;
    this.bench.sigstore.claims = {};
  }
}

/** Nothing left the publisher, and it said in its own words why. */
export function expectRefused(assault: Assault, { outcome }: AssaultRun): void {
  expect(assault.harm(), outcome.stdout).toEqual([]);
  expect(outcome.status, outcome.stdout + outcome.stderr).toBe(1);
  expect(outcome.stdout).toContain("::error title=Not released::");
}
