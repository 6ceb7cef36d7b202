import type { Manifest } from "../../model/manifest.ts";
import { readerCommands } from "../../report/how-to-verify.ts";
import { dryRunNote, manifestTable, timeTable } from "../../report/plan-table.ts";

/** The end of the job's log: what was released, and how anybody verifies it. */
export function summary(manifest: Manifest, folder: string): string {
  const { url } = manifest;
  const commands = readerCommands(manifest);
  const unpublished = dryRunNote(manifest) ?? "nothing was published";
  return [
    manifestTable(manifest),
    "",
    timeTable(manifest),
    url === null ? `${unpublished}; the files are in ${folder}` : `published: ${url}`,
    ...(commands.length === 0 ? [] : ["", "to verify as a consumer:"]),
    ...commands.map((line) => `  ${line}`),
  ].join("\n");
}
