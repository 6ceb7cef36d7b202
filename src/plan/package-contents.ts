import { posix } from "node:path";
import type { Settings } from "../config/inputs.ts";
import type { FileFact, PackageFacts } from "../facts/facts.ts";
import { defined } from "../model/defined.ts";
import type { PackagedFile, PackageFormat } from "../model/packages.ts";
import type { ArchiveStep } from "../model/plan.ts";

type PackageFileRow = Settings["packages"][number]["files"][number];

const asRoot = { owner: "root", group: "root" } as const;

/** Where a distribution has what nobody placed: licences, manual pages, completions, and documentation. */
export function customaryFile(
  { source, name, executable }: ArchiveStep["files"][number],
  format: PackageFormat,
  owner: string,
): readonly PackagedFile[] {
  const plain = { source, ...asRoot, mode: executable ? "0755" : "0644" };
  const base = posix.basename(name);
  const [, page, section] = /^([^.].*\.([1-8]))(?:\.gz)?$/u.exec(base) ?? [];
  if (page !== undefined && section !== undefined && /(^|\/)man/u.test(posix.dirname(name))) {
    return [
      {
        ...plain,
        mode: "0644",
        to: `/usr/share/man/man${section}/${page}.gz`,
        type: "doc",
        ...(base.endsWith(".gz") ? {} : { compressed: true }),
      },
    ];
  }
  const completion = completionPlace(name, format);
  if (completion !== undefined) return [{ ...plain, mode: "0644", to: completion, type: "file" }];
  if (/^(licen[cs]e|copying|notice)/iu.test(base))
    return [{ ...plain, mode: "0644", ...licensePlace(base, format, owner) }];
  return [
    { ...plain, to: `/usr/share/doc/${owner}/${name.replace(/^(\.\.?\/)+/u, "")}`, type: "doc" },
  ];
}

/** Debian Policy §12.5; elsewhere licences have a folder of their own. */
function licensePlace(
  base: string,
  format: PackageFormat,
  owner: string,
): Pick<PackagedFile, "to" | "type"> {
  if (format === "deb") {
    const name = /^(licen[cs]e|copying)(\.(txt|md))?$/iu.test(base) ? "copyright" : base;
    return { to: `/usr/share/doc/${owner}/${name}`, type: "doc" };
  }
  return { to: `/usr/share/licenses/${owner}/${base}`, type: "license" };
}

function completionPlace(name: string, format: PackageFormat): string | undefined {
  if (!/(^|\/)(completions?|autocomplete|contrib|shell)\//iu.test(name)) return undefined;
  const base = posix.basename(name);
  const folder = posix.basename(posix.dirname(name));
  const stem = base.replace(/\.(bash|zsh|fish|sh)$/u, "").replace(/^_/u, "");
  if (/\.fish$/u.test(base)) return `/usr/share/fish/vendor_completions.d/${stem}.fish`;
  if (/\.zsh$|^_/u.test(base) || folder === "zsh")
    return `/usr/share/zsh/${format === "deb" ? "vendor-completions" : "site-functions"}/_${stem}`;
  if (/\.bash$/u.test(base) || folder === "bash")
    return `/usr/share/bash-completion/completions/${stem}`;
  return undefined;
}

/** What the rows of `files` say, and the units of systemd. */
export function ownFiles(
  rows: readonly PackageFileRow[],
  { files, systemd }: PackageFacts,
): readonly PackagedFile[] {
  const units = systemd.map(
    (source): PackagedFile => ({
      source,
      to: `/usr/lib/systemd/system/${posix.basename(source)}`,
      type: "file",
      mode: "0644",
      ...asRoot,
    }),
  );
  return [...rows.flatMap((row, at) => filesOfRow(row, files[at] ?? [])), ...units];
}

function filesOfRow(row: PackageFileRow, found: readonly FileFact[]): readonly PackagedFile[] {
  const { from, to = "", type, mode, owner = "root", group = "root" } = row;
  const whose = { owner, group };
  if (type === "symlink") return [{ link: from, to, type, mode: "0777", ...whose }];
  if (type === "dir")
    return [{ to: to.replace(/(?<=.)\/+$/u, ""), type, mode: mode ?? "0755", ...whose }];
  return found.map(({ source, name, exact, executable }) =>
    defined({
      source,
      to: exact === true ? to : posix.join(to, name),
      type,
      mode: mode ?? (executable ? "0755" : "0644"),
      ...whose,
    }),
  );
}
