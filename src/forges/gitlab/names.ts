import { Problem } from "../../model/problem.ts";

/** Throws a `Problem` with every name that GitLab would refuse as a package file or a download path. */
export function checkNames(names: readonly string[]): void {
  const faults = [...names.flatMap(faultsOf), ...collisions(names)];
  if (faults.length === 0) return;
  throw new Problem(
    "gitlab-names",
    `GitLab does not accept these names:\n${faults.map(bullet).join("\n")}`,
    {
      hint: "change `archive-name` or `name` so that names consist of A-Z a-z 0-9 . _ + - and end in a letter or digit",
    },
  );
}

/**
 * The path of a file's permanent URL, `…/-/releases/TAG/downloads` + path. It may not hold a `+` (a version with
 * build metadata has one), which becomes `-`; link and file keep their name.
 */
export function assetPath(name: string): string {
  return `/${name.replaceAll("+", "-")}`;
}

/** The package's name on GitLab; other characters than those it allows become hyphens. */
export function packageName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._+-]+/g, "-").replaceAll(/\.{2,}/g, ".");
}

function bullet(fault: string): string {
  return `  - ${fault}`;
}

function faultsOf(name: string): string[] {
  if (!FILE_NAME.test(name))
    return [`${name}: a package file name may contain only A-Z a-z 0-9 . _ + -`];
  const path = assetPath(name);
  if (path.length > LONGEST_PATH) {
    return [
      `${name}: a download path has at most ${LONGEST_PATH} characters, this one ${path.length}`,
    ];
  }
  if (!ASSET_PATH.test(path)) {
    return [`${name}: a download path has at least three characters and ends in a letter or digit`];
  }
  return [];
}

function collisions(names: readonly string[]): string[] {
  return names
    .filter(
      (name, index) => names.findIndex((other) => assetPath(other) === assetPath(name)) < index,
    )
    .map((name) => `${name}: another file has the download path ${assetPath(name)} too`);
}

/** GitLab's `generic_package_file_name_regex` before it allowed `~` and `@`. */
const FILE_NAME = /^[A-Za-z0-9._+-]+$/;

/** `Releases::Link::FILEPATH_REGEX`. */
const ASSET_PATH = /^\/[^/](?!.*\/\/.*)[-.\w/]+[\da-zA-Z]+$/;

/** `Releases::Link::FILEPATH_MAX_LENGTH`. */
const LONGEST_PATH = 128;
