import type { PlannedInstaller } from "../model/installer.ts";
import { type DigestedDownload, withRelease } from "./digested.ts";
import script from "./install.ps1";

/** `install.ps1`, for Windows PowerShell 5.1 and PowerShell 7. */
export function powershellScript(
  { name, version, url, urlTemplate, forge }: PlannedInstaller,
  downloads: readonly DigestedDownload[],
): string {
  const plus = forge === "gitlab" ? "-" : "+";
  const entries = { Name: name, Version: version, Url: url, UrlTemplate: urlTemplate, Plus: plus };
  return withRelease(script, [
    `$release = ${table(entries)}`,
    "$files = @{",
    ...downloads.flatMap((download) => download.machines.map((one) => fileOf(one, download))),
    "}",
  ]);
}

function fileOf(machine: string, { file, sha256, format, programs }: DigestedDownload): string {
  const list = programs.map(({ path, name }) => table({ Path: path, Name: name })).join(", ");
  const plain = table({ Name: file, Sha256: sha256, Format: format });
  return `  ${quoted(machine)} = ${plain.slice(0, -2)}; Programs = @(${list}) }`;
}

function table(entries: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(entries).map(([key, value]) => `${key} = ${quoted(value)}`);
  return `@{ ${pairs.join("; ")} }`;
}

/** Nothing is expanded between single quotes (about_Quoting_Rules). */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
