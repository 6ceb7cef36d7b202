import { gitSettings } from "../go/environment.ts";
import { Problem } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";

export type GitCallerEnvironment = Readonly<Record<string, string | undefined>>;

/** No prompts, no foreign GIT_DIR, and no bare repository that was committed as a folder (git-config(1)). */
export function gitEnvironment(
  env: GitCallerEnvironment,
  trusted: readonly string[],
): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(
      INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    ),
    ...gitSettings(trusted, [["safe.bareRepository", "explicit"]]),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
  };
}

const INHERITED = [
  ...["PATH", "PATHEXT", "HOME", "USERPROFILE", "SYSTEMROOT", "SystemRoot", "TMPDIR", "TEMP"],
  // Who called sudo owns the checkout, and git asks for that.
  "SUDO_UID",
];

/** git's own words name the folder, and a remedy that is worse than none for what is not one's own. */
export function foreignRepository(stderr: string): Problem {
  const root = /repository at '(.*)'/u.exec(stderr)?.[1] ?? "a parent folder";
  return new Problem(
    "repository-foreign",
    `the git repository in ${root} belongs to another user`,
    {
      hint: `its configuration could run programs as you: move the module out of it, or if you trust it, run \`git config --global --add safe.directory ${shellWord(root)}\``,
    },
  );
}
