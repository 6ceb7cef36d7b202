import { Problem } from "../../model/problem.ts";

/**
 * The package version that stands for a tag. GitLab allows `[A-Za-z0-9_+.-]` there and no slash, so every byte
 * (UTF-8) other than letters, digits, dot and hyphen is written as `_` and two upper-case hex digits:
 * `cli/v1.2.3` is `cli_2Fv1.2.3`, `v1.0.0+b7` is `v1.0.0_2Bb7`. Most tags stay as they are.
 */
export function packageVersion(tag: string): string {
  const version = [...new TextEncoder().encode(tag)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return PLAIN.test(character) ? character : `_${hex(byte)}`;
    })
    .join("");
  if (version.length <= LONGEST) return version;
  throw new Problem(
    "gitlab-tag-name",
    `the tag ${tag} is too long for a package version on GitLab`,
    {
      hint: `use a tag that needs at most ${LONGEST} characters; each character other than A-Z a-z 0-9 . - counts as three`,
    },
  );
}

/**
 * Where a file goes when its plain place is taken by other bytes, as after a killed run whose signatures were
 * others: a version of its own that names the content. Nothing is ever overwritten, appended to or deleted.
 */
export function addressedVersion(version: string, sha256: string): string {
  return `${version}${ADDRESS}${sha256.slice(0, 16)}`;
}

/** Whether it is `plain` itself or addresses a content of it. */
export function isVersionOf(version: string, plain: string): boolean {
  return (
    version === plain ||
    (version.startsWith(plain + ADDRESS) && version.length === plain.length + ADDRESS.length + 16)
  );
}

const PLAIN = /[A-Za-z0-9.-]/;

/** `s` is no hex digit, so that no escaped byte looks like it. */
const ADDRESS = "_sha256.";

/** 255 characters, less the room for an address. */
const LONGEST = 255 - ADDRESS.length - 16;

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
