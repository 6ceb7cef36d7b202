import { everyVariable } from "../model/template.ts";
import { plans } from "./commands.ts";
import { checked, choice, flag, type Input, list, map, optional, text } from "./input-types.ts";
import { spellings } from "./name-spellings.ts";
import { rows } from "./rows.ts";

const FORMATS = ["deb", "rpm", "apk", "archlinux"];
const MOMENTS = /^(preinstall|postinstall|preremove|postremove)$/u;

/** Debian Policy §5.6.7, the strictest of the formats' rules. */
function packageName(value: string): string | undefined {
  return /^[a-z0-9][a-z0-9+.-]+$/u.test(value)
    ? undefined
    : "must be at least two of lower-case letters, digits, `+`, `.`, `-`";
}

function wholeNumber(value: string): string | undefined {
  return /^\d{1,9}$/u.test(value) ? undefined : "must be a whole number";
}

function absolutePath(value: string): string | undefined {
  return /^\/[^\p{Cc}]*$/u.test(value) && !/(^|\/)\.\.?(\/|$)/u.test(value)
    ? undefined
    : "must be an absolute path without `..`, e.g. `/usr/bin`";
}

function account(value: string): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_.-]*\$?$/u.test(value)
    ? undefined
    : "must be the name of an account";
}

function relation(help: string): Input<readonly string[]> {
  return list(help, []);
}

/** Packages for package managers. */
export const packageInputs = {
  preset: choice(
    "`terraform-provider`: names, targets, manifest and OpenPGP signature as the registries of Terraform and OpenTofu want them",
    ["none", "terraform-provider"],
    "none",
    { commands: plans },
  ),
  packages: rows(
    "packages for Linux distributions, made by nfpm: formats of `deb`, `rpm`, `apk`, `archlinux`, or one row for each kind of package",
    {
      formats: list("`deb`, `rpm`, `apk`, `archlinux`", [], {
        fault: (words) => {
          const wrong = words.find((word) => !FORMATS.includes(word));
          return wrong === undefined && words.length > 0
            ? undefined
            : { rule: `must be of ${FORMATS.join(", ")}` };
        },
      }),
      builds: optional(list("names of the `builds` whose programs it holds", []), "all"),
      targets: list("only for these targets, as globs over `os/arch/level`", [], {
        shown: "all of Linux",
      }),
      name: checked("name of the package", packageName, {
        shown: "the project's `name`, in lower case",
      }),
      fileName: text("name of the released file, without its extension", undefined, {
        shown: "as the distribution writes it",
        variables: everyVariable,
      }),
      names: spellings,
      bindir: checked("folder that the programs are installed in", absolutePath, {
        shown: "`/usr/bin`",
      }),
      release: checked(
        "how often this version was packaged",
        (value) => (/^[1-9]\d{0,8}$/u.test(value) ? undefined : "must be a whole number from 1 on"),
        { shown: "`1`" },
      ),
      epoch: checked("number that goes before every version", wholeNumber, { shown: "none" }),
      section: text("section of the distribution", undefined),
      priority: text("Debian's priority", "optional"),
      files: rows(
        "further files of the package",
        {
          from: text("glob, relative to the module; where a symlink leads", ""),
          to: checked(
            "absolute path: a folder when it ends with `/` or `from` is a glob",
            absolutePath,
          ),
          strip: flag("leave out the folders that the files lie in", false),
          type: choice(
            "`config` files are kept when the package is upgraded",
            ["file", "config", "config-noreplace", "doc", "dir", "symlink"],
            "file",
          ),
          mode: checked(
            "permissions, in octal",
            (value) =>
              /^[0-7]{3,4}$/u.test(value) ? undefined : 'must be octal digits, e.g. "0644"',
            { shown: "0755 for what may be executed and folders, else 0644" },
          ),
          owner: checked("account that owns it", account, { shown: "`root`" }),
          group: checked("group that owns it", account, { shown: "`root`" }),
        },
        { required: ["to"] },
      ),
      systemd: list("unit files of systemd, as globs", []),
      scripts: map(
        "files that run at `preinstall`, `postinstall`, `preremove`, `postremove`",
        {},
        { names: MOMENTS, refuse: () => undefined },
      ),
      depends: relation("packages that it needs, as the format writes them"),
      recommends: relation("packages that are installed with it (deb, rpm)"),
      suggests: relation("packages that go well with it (deb, rpm)"),
      conflicts: relation("packages that cannot be installed beside it"),
      provides: relation("names that it can stand for"),
      replaces: relation("packages that it takes the place of"),
    },
    { shorthand: "formats", required: ["formats"], shown: "none", commands: plans },
  ),
} satisfies Record<string, Input<unknown>>;
