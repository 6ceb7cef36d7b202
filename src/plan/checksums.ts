import type { Config } from "../config/config.ts";
import { type ChecksumAlgorithm, isAlgorithm, isStrong } from "../model/algorithms.ts";
import { ARTIFACT, type ChecksumList, type PlannedChecksums } from "../model/checksum-files.ts";
import { CHECKSUMS, isList } from "../model/names.ts";
import { Problem, Usage } from "../model/problem.ts";
import { fill } from "../model/template.ts";
import { type ReleaseValues, valuesWithoutTarget } from "./names.ts";

/** Which checksum files there are. Throws a `Problem` for names by which nobody would know them. */
export function plannedChecksums({ settings }: Config, values: ReleaseValues): PlannedChecksums {
  const { checksum, checksumName: template, checksumSplit: split } = settings;
  const algorithms = strongFirst(checksum.filter(isAlgorithm));
  if (split && template !== undefined)
    throw new Usage("`checksum-name` and `checksum-split` were both given", {
      hint: "leave out `checksum-name`: the files beside others are named after them",
    });
  const whole = template === undefined ? CHECKSUMS : fill(template, valuesWithoutTarget(values));
  const lists = algorithms.map((algorithm, at): ChecksumList => {
    const name = split ? `${ARTIFACT}.${algorithm}` : listName(whole, algorithm, at);
    return { algorithm, name };
  });
  const unknown = lists.find(({ name }) => !isList(name));
  if (unknown !== undefined) throw nobodysList(unknown.name);
  const [first = { algorithm: "sha256" as const, name: whole }, ...more] = lists;
  return {
    ...first,
    ...(more.length === 0 ? {} : { more }),
    ...(split ? { split } : {}),
  };
}

/** What is named first is what readers are told of. */
function strongFirst(algorithms: readonly ChecksumAlgorithm[]): readonly ChecksumAlgorithm[] {
  return [...algorithms.filter(isStrong), ...algorithms.filter((one) => !isStrong(one))];
}

/** The first list has the name; `checksums.txt` is `checksums.sha1` for another algorithm. */
function listName(name: string, algorithm: ChecksumAlgorithm, at: number): string {
  if (at === 0) return name;
  const inName = /sha256|sha384|sha512/giu;
  if (inName.test(name))
    return name.replaceAll(inName, (found) =>
      found === found.toUpperCase() ? algorithm.toUpperCase() : algorithm,
    );
  return `${name.replace(/\.txt$/u, "")}.${algorithm}`;
}

function nobodysList(name: string): Problem {
  return new Problem(
    "checksum-name",
    `checksum-name: nobody would take ${name} for a list of checksums`,
    {
      hint: "end it with `checksums.txt`, `SHA256SUMS`, `.sha256` or the like: `verify` knows lists by their names",
    },
  );
}
