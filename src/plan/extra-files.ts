import { posix } from "node:path";
import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import { listed } from "../facts/tags.ts";
import { isForeignSignature, isList, isSbom, SIGNATURE } from "../model/names.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { fill } from "../model/template.ts";
import { type ReleaseValues, valuesWithoutTarget } from "./names.ts";

interface ExtraFilesInputs {
  readonly config: Pick<Config, "settings">;
  readonly facts: Pick<Facts, "extraFiles">;
}

/** The files that are released as they are, each under its name. Throws a `Problem` for a name that is another's. */
export function extraFileSteps(
  { config, facts }: ExtraFilesInputs,
  release: ReleaseValues,
): Pick<Plan, "extraFiles"> {
  const extraFiles = config.settings.extraFiles.flatMap(({ from, name }, index) => {
    const sources = facts.extraFiles[index] ?? [];
    if (name !== undefined && sources.length > 1) throw severalOfOneName(from, name, sources);
    return sources.map((source) => ({
      source,
      name: name === undefined ? posix.basename(source) : fill(name, valuesWithoutTarget(release)),
    }));
  });
  const names = extraFiles.map(({ name }) => name);
  const evidence = names.find((name) => isEvidenceOf(name, names));
  if (evidence !== undefined) throw namedAsEvidence(evidence);
  return extraFiles.length === 0 ? {} : { extraFiles };
}

/** Whether those who verify would read it as what this program says of the files. */
function isEvidenceOf(name: string, names: readonly string[]): boolean {
  return (
    isList(name) || isSbom(name) || name.endsWith(SIGNATURE) || isForeignSignature(name, names)
  );
}

function severalOfOneName(from: string, name: string, sources: readonly string[]): Problem {
  return new Problem(
    "name-taken",
    `extra-files: \`${from}\` matches ${listed(sources)}, and all would be named ${name}`,
    { hint: "write one row for each file, or leave `name` out" },
  );
}

function namedAsEvidence(name: string): Problem {
  return new Problem(
    "name-evidence",
    `extra-files: ${name} is a name of checksums, signatures and SBOMs of the release itself`,
    { hint: "give it another name with `name`" },
  );
}
