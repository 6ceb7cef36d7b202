import { join, relative } from "node:path";
import { digest } from "../checksums/digest.ts";
import type { Outputs } from "../config/outputs.ts";
import { isGoRelease } from "../model/go-version.ts";
import type { Manifest } from "../model/manifest.ts";
import { MANIFEST, SIGNATURE } from "../model/names.ts";
import type { Plan } from "../model/plan.ts";
import { planDigest } from "../plan/plan-digest.ts";
import { type CommandContext, printJson } from "./context.ts";

/** Tells the world of a finished run: people, later steps, and who asked for JSON. */
export async function report(
  manifest: Manifest,
  output: string,
  call: CommandContext,
): Promise<void> {
  const { host, journal, config } = call;
  const { checksum } = manifest.plan;
  journal.tell({
    type: "released",
    manifest,
    folder: relative(host.surroundings.folder, output) || ".",
    at: journal.now(),
  });
  const path = (name: string): string =>
    manifest.artifacts.some((artifact) => artifact.name === name) ? join(output, name) : "";
  await host.output({
    ...noOutputs(manifest.plan),
    "release-url": manifest.url ?? "",
    manifest: join(output, MANIFEST),
    artifacts: JSON.stringify(manifest.artifacts),
    "shard-digest":
      manifest.shard === undefined ? "" : await digestOf(join(output, MANIFEST), call),
    checksums: path(checksum.name),
    bundle: path(checksum.name + SIGNATURE),
  });
  if (config.settings.json) printJson(call, manifest);
}

async function digestOf(
  path: string,
  { world: { files } }: Pick<CommandContext, "world">,
): Promise<string> {
  return (await digest(() => files.source(path))).sha256;
}

/** The outputs of a run that made no files. */
export function noOutputs(plan: Plan): Outputs {
  const { release, dryRun, go } = plan;
  return {
    version: release.version,
    tag: release.tag ?? "",
    "dry-run": String(dryRun),
    "release-url": "",
    manifest: "",
    artifacts: "[]",
    checksums: "",
    bundle: "",
    "plan-digest": planDigest(plan),
    "shard-digest": "",
    "go-version": isGoRelease(go) ? go.slice("go".length) : "",
    matrix: "",
  };
}
