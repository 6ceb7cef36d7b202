import { type Scope, selectFiles } from "../archives/files.ts";
import type { Settings } from "../config/inputs.ts";
import type { Git } from "../git/git.ts";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import type { Facts, FileFact, PackageFacts } from "./facts.ts";
import { filesOfRows } from "./files.ts";

type PackageRow = Settings["packages"][number];

/** What each row of `packages` names: files, units of systemd and scripts. Throws a `Problem` for what is not there. */
export async function packageFacts(
  rows: readonly PackageRow[],
  scope: Scope,
  git: Git,
  files: World["files"],
): Promise<Pick<Facts, "packages">> {
  if (rows.length === 0) return {};
  const found: PackageFacts[] = [];
  for (const row of rows) found.push(await factsOf(row, scope, files));
  const sources = found.flatMap(sourcesOf);
  const tracked = await git.tracked(sources);
  const asCommitted = (file: FileFact): FileFact => ({
    ...file,
    executable: tracked.get(file.source)?.executable ?? file.executable,
  });
  return {
    packages: found.map((one) => ({ ...one, files: one.files.map((row) => row.map(asCommitted)) })),
  };
}

/** Every file that goes into a package by a row of its own. */
export function sourcesOf({ files, systemd, scripts }: PackageFacts): readonly string[] {
  return [...files.flat().map(({ source }) => source), ...systemd, ...Object.values(scripts)];
}

async function factsOf(
  { files: rows, systemd, scripts }: PackageRow,
  scope: Scope,
  files: World["files"],
): Promise<PackageFacts> {
  const selected: (readonly FileFact[])[] = [];
  for (const { from, to, strip, type } of rows) {
    if (type === "dir" || type === "symlink") {
      selected.push([]);
      continue;
    }
    const row = { from, to, strip, mode: undefined, os: [] };
    selected.push(await filesOfRows([row], scope, files));
  }
  const units = systemd.length === 0 ? [] : await selectFiles(systemd, true, scope, files);
  for (const [moment, path] of Object.entries(scripts))
    await assertScript(moment, path, scope, files);
  return { files: selected, systemd: units.map(({ source }) => source), scripts };
}

async function assertScript(
  moment: string,
  path: string,
  scope: Scope,
  files: World["files"],
): Promise<void> {
  const found = await selectFiles([path], true, scope, files).catch(() => []);
  if (found.length === 1 && found[0]?.source === path) return;
  throw new Problem("package-script", `packages: there is no file ${path} for ${moment}`, {
    hint: "write the path relative to the module, and commit the script",
  });
}
