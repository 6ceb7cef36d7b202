import { parse } from "semver";

/** What is done to a version that was meant to be SemVer, and why; in this order. */
const corrections: readonly {
  readonly why: string;
  readonly where: RegExp;
  readonly instead: string;
}[] = [
  { why: "the `v` is lower case", where: /^V/u, instead: "v" },
  {
    why: "only a `v` comes before the version",
    where: /^[a-z][a-z_./-]*(?=\d)/iu,
    instead: "v",
  },
  { why: "a version has three numbers", where: /^(v?\d+)(?![\d.])/u, instead: "$1.0.0" },
  { why: "a version has three numbers", where: /^(v?\d+\.\d+)(?![\d.])/u, instead: "$1.0" },
  {
    why: "a prerelease follows a hyphen",
    where: /^(v?\d+\.\d+\.\d+)[._]?(?=[a-z_])_?/iu,
    instead: "$1-",
  },
  { why: "an underscore is not allowed", where: /_/gu, instead: "-" },
  { why: "numbers have no leading zeros", where: /(?<![^v.-])0+(?=\d+(?:[.+-]|$))/gu, instead: "" },
];

/**
 * The version that was probably meant, and the rules that were broken; undefined where that is anybody's guess
 * (semver.org, items 2, 9 and 10).
 */
export function nearlySemVer(
  written: string,
): { readonly meant: string; readonly why: readonly string[] } | undefined {
  if (isSemVer(written)) return undefined;
  const why = new Set<string>();
  let meant = written;
  for (const { why: rule, where, instead } of corrections) {
    const better = meant.replace(where, instead);
    if (better !== meant) why.add(rule);
    meant = better;
  }
  return isSemVer(meant) ? { meant, why: [...why] } : undefined;
}

function isSemVer(written: string): boolean {
  return /^v?\d/u.test(written) && parse(written.replace(/^v/u, "")) !== null;
}
