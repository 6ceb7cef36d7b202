import type { PackageFormat, PackageStep } from "../model/packages.ts";
import { Problem } from "../model/problem.ts";

/** Throws a `Problem` for what a package manager would refuse, before anything is built. */
export function assertPackage(step: PackageStep): void {
  assertName(step);
  assertRelations(step);
  assertPlaces(step);
}

function assertName({ package: name }: PackageStep): void {
  if (/^[a-z0-9][a-z0-9+.-]+$/u.test(name)) return;
  throw new Problem("package-name", `packages: no package can be named ${JSON.stringify(name)}`, {
    hint: "set `name` in the row of `packages`: at least two of lower-case letters, digits, `+`, `.`, `-`",
  });
}

/** deb-control(5) and Debian Policy §7.1; rpm-dependencies(7); apk-world(5); PKGBUILD(5). */
const RELATION: Readonly<Record<PackageFormat, readonly [RegExp, string]>> = {
  deb: [
    /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?( ?\((<<|<=|=|>=|>>) ?[^\s()]+\))?( ?\| ?[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?( ?\((<<|<=|=|>=|>>) ?[^\s()]+\))?)*$/u,
    "libc6 (>= 2.34)",
  ],
  rpm: [/^(\(.+\)|[^\s<>=()]+(\([^\s]*\))*( ?(<|<=|=|>=|>) ?[^\s<>=]+)?)$/u, "glibc >= 2.34"],
  apk: [/^!?[^\s<>=~]+(([<>]=?|=|~=?)[^\s<>=~]+)?$/u, "musl>=1.2"],
  archlinux: [/^[^\s<>=]+((<|<=|=|>=|>)[^\s<>=:]+)?(: .+)?$/u, "glibc>=2.34"],
};

function assertRelations({ format, relations }: PackageStep): void {
  const [pattern, example] = RELATION[format];
  for (const [kind, words] of Object.entries(relations)) {
    const wrong = words.find((word) => !pattern.test(word));
    if (wrong === undefined) continue;
    throw new Problem(
      "package-relation",
      `packages: ${kind}: ${format} does not understand ${JSON.stringify(wrong)}`,
      {
        hint: `write it as in \`${example}\`; what each format writes differently has a row of its own in \`packages\``,
      },
    );
  }
}

function assertPlaces({ name, files, programs }: PackageStep): void {
  const places = [...programs, ...files].map(({ to }) => to);
  const odd = places.find((to) => !/^\/[^\p{Cc}\\]*[^/\p{Cc}\\]$/u.test(to));
  if (odd !== undefined) {
    throw new Problem(
      "package-place",
      `packages: no file can be installed at ${JSON.stringify(odd)}`,
      {
        hint: "let `to` be an absolute path, or a folder with `/` at its end",
      },
    );
  }
  const twice = places.find((to, at) => places.indexOf(to) < at);
  if (twice === undefined) return;
  throw new Problem(
    "package-place",
    `packages: two files of ${name} would be installed at ${twice}`,
    {
      hint: "change `to` in `files`, or name programs apart with `binary` in `builds`",
    },
  );
}
