import { assertPackable } from "../archives/sorted-entries.ts";
import { windowsFault } from "../archives/windows-names.ts";
import { isPlainName, MANIFEST, PLAN } from "../model/names.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { releasedNames } from "./released-names.ts";

/**
 * Names that are none, and names that would overwrite each other, among released files and inside each archive.
 * A plan may come from another machine: what it names is a file here, in the folder that is meant for it.
 */
export function assertNames(planned: Plan): void {
  const released = [...releasedNames(planned), PLAN, MANIFEST];
  const odd = released.find(isOdd);
  if (odd !== undefined) {
    throw new Problem("name-invalid", `an artifact would be named ${JSON.stringify(odd)}`, {
      hint: "change `archive-name` so that names have only visible characters, no slashes, and do not begin with a dot or a dash",
    });
  }
  const program = planned.builds
    .flatMap(({ programs }) => programs.map(({ binary }) => binary))
    .find(isOdd);
  if (program !== undefined) {
    throw new Problem("name-invalid", `a program would be named ${JSON.stringify(program)}`, {
      hint: "set its name with `binary` in `builds`",
    });
  }
  const twice = repeated(released);
  if (twice !== undefined) {
    throw new Problem("name-taken", `two artifacts would be named ${twice}`, {
      hint: "use more variables in `archive-name`: {os}, {arch}, {level}, and {binary} for bare binaries; give files in `extra-files` other names with `name`",
    });
  }
  refuseOnWindows(planned);
  for (const { name, binaries, files } of planned.archives) {
    const entries = [...binaries, ...files].map((entry) => entry.name);
    const inside = repeated(entries);
    if (inside === undefined) {
      assertPackable(entries);
      continue;
    }
    throw new Problem("name-taken", `two files in ${name} would be named ${inside}`, {
      hint: "give the programs different names with `binary` in `builds`, or change `files`",
    });
  }
}

/** What goes to Windows, or into its own format, is unpacked there. */
function refuseOnWindows({ archives }: Plan): void {
  const faults = archives
    .filter(({ format, target }) => format === "zip" || target?.os === "windows")
    .flatMap(({ name, binaries, files }) =>
      [name, ...[...binaries, ...files].map((entry) => entry.name)].flatMap((one) => {
        const fault = windowsFault(one);
        return fault === undefined ? [] : [`${JSON.stringify(one)} (${fault})`];
      }),
    );
  if (faults.length === 0) return;
  throw new Problem(
    "name-windows",
    `Windows does not allow a file named ${[...new Set(faults)].join(", ")}`,
    {
      hint: "rename it, remove it from `files`, or set the program's name with `binary` in `builds`",
    },
  );
}

function isOdd(name: string): boolean {
  return !isPlainName(name) || /^[.-]/u.test(name);
}

function repeated(names: readonly string[]): string | undefined {
  return names.find(
    (name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index,
  );
}
