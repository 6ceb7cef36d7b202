import { join, relative } from "node:path";
import type { Outputs } from "../config/outputs.ts";
import type { Manifest } from "../model/manifest.ts";
import { MANIFEST, SIGNATURE } from "../model/names.ts";
import type { Plan } from "../model/plan.ts";
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
    checksums: path(checksum.name),
    bundle: path(checksum.name + SIGNATURE),
  });
  if (config.settings.json) printJson(call, manifest);
}

/** The outputs of a run that made no files. */
export function noOutputs({ release, dryRun }: Plan): Outputs {
  return {
    version: release.version,
    tag: release.tag ?? "",
    "dry-run": String(dryRun),
    "release-url": "",
    manifest: "",
    artifacts: "[]",
    checksums: "",
    bundle: "",
    matrix: "",
  };
}
