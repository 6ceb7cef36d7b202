import { assertPackable } from "../archives/sorted-entries.ts";
import { windowsFault } from "../archives/windows-names.ts";
import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import { listed } from "../facts/tags.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { fill } from "../model/template.ts";
import { type ReleaseValues, valuesWithoutTarget } from "./names.ts";

interface SourceInputs {
  readonly config: Pick<Config, "settings">;
  readonly facts: Pick<Facts, "source">;
}

/** The archive of the commit's files, where it is wanted. Throws a `Problem` for what no archive can hold. */
export function sourceStep(
  { config: { settings }, facts: { source } }: SourceInputs,
  release: ReleaseValues,
): Pick<Plan, "source"> {
  if (!settings.source) return {};
  if (source === undefined) throw noCommit();
  const named = (template: string): string => fill(template, valuesWithoutTarget(release));
  const folder = named(settings.sourceWrap).replace(/\/+$/u, "");
  const prefix = folder === "" ? "" : `${folder}/`;
  const format = settings.sourceFormat;
  const names = source.paths.map((path) => prefix + path);
  assertPackable(names);
  if (format === "zip") assertOnWindows(names);
  const extension = `.${format}`;
  const name = named(settings.sourceName);
  return {
    source: {
      name: name.endsWith(extension) ? name : name + extension,
      format,
      prefix,
      submodules: settings.sourceSubmodules,
    },
  };
}

/** What the archive lacks, which somebody may have expected in it. */
export function sourceNotices({ source }: Pick<Facts, "source">): readonly string[] {
  if (source === undefined) return [];
  const { submodules, lfs } = source;
  return [
    ...(submodules.length === 0
      ? []
      : [
          `source: ${listed(submodules)}: submodules are left out, as \`git archive\` does; \`source-submodules: true\` packs them`,
        ]),
    ...(lfs ? ["source: of files in Git LFS it holds the pointers, which the commit holds"] : []),
  ];
}

function assertOnWindows(names: readonly string[]): void {
  const faults = names.flatMap((name) => {
    const fault = windowsFault(name);
    return fault === undefined ? [] : [`${JSON.stringify(name)} (${fault})`];
  });
  if (faults.length === 0) return;
  throw new Problem(
    "name-windows",
    `source: Windows does not allow a file named ${listed(faults)}`,
    {
      hint: "rename it, leave it out with `export-ignore` in .gitattributes, or choose `source-format: tar.gz`",
    },
  );
}

function noCommit(): Problem {
  return new Problem("source-commit", "source: there is no commit whose files could be packed", {
    hint: "commit first, or leave `source` out",
  });
}
