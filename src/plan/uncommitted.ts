import type { Facts, SourceDifference } from "../facts/facts.ts";
import { listed } from "../facts/tags.ts";
import { defined } from "../model/defined.ts";
import type { BuildStep, DifferenceKind, Plan, SourceFile } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";

/** What each difference is called, and what is to be done about it. */
const WORDS: Readonly<Record<DifferenceKind, { readonly is: string; readonly cure: string }>> = {
  absent: {
    is: "not in the commit",
    cure: "commit it or remove it, or declare what an earlier step makes with `generated`",
  },
  missing: {
    is: "in the commit, and not here",
    cure: "check the whole commit out (`git sparse-checkout disable`, `git update-index --no-skip-worktree`)",
  },
  changed: {
    is: "not as the commit has it",
    cure: "restore it with `git checkout`, after `git update-index --no-assume-unchanged --no-skip-worktree` where git overlooks it, or declare it with `generated`",
  },
  "line-ends": {
    is: "other line ends than in the commit",
    cure: "write `* text=auto eol=lf` into .gitattributes, or clone again with `core.autocrlf` off",
  },
  filtered: {
    is: "rewritten by a filter of .gitattributes",
    cure: "commit what is to be released, or declare it with `generated`",
  },
  pointer: {
    is: "a Git LFS pointer in place of the file",
    cure: "fetch it with `git lfs pull`, or `lfs: true` of actions/checkout",
  },
  lfs: {
    is: "not the file that its Git LFS pointer names",
    cure: "restore it with `git lfs checkout`, or `git add` and commit it",
  },
  outside: {
    is: "outside of the repository",
    cure: "move it into the repository, or require a published version of the module",
  },
  link: {
    is: "a link out of the repository",
    cure: "put the file in the link's place, or let it lead to one in the repository",
  },
  submodule: {
    is: "in a submodule at another commit",
    cure: "run `git submodule update --init --recursive`",
  },
};

/** Of what the commit does not hold: what goes into this plan. */
export function sourcesOf(
  differences: readonly SourceDifference[],
  builds: readonly BuildStep[],
): readonly SourceDifference[] {
  const built = new Set(builds.flatMap(({ programs }) => programs.map((one) => one.importPath)));
  return differences.filter(({ programs }) => programs.some((program) => built.has(program)));
}

/** Files that may differ, as the plan and the provenance name them. */
export function generatedOf(differences: readonly SourceDifference[]): SourceFile[] {
  return sorted(differences.filter(({ declared }) => declared).map(fileOf));
}

/** Files that may not. */
export function uncommittedOf(differences: readonly SourceDifference[]): Plan["uncommitted"] {
  const found = differences
    .filter(({ declared }) => !declared)
    .map((difference) => ({
      ...fileOf(difference),
      ...defined({ within: difference.within }),
      difference: difference.deviation.kind,
      ...defined({ detail: difference.deviation.detail }),
    }));
  return sorted(found);
}

function fileOf({ path, sha256 }: SourceDifference): SourceFile {
  return { path, ...defined({ sha256 }) };
}

function sorted<File extends SourceFile>(files: readonly File[]): File[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is to be done where nobody changed anything and the checkout itself made files differ; undefined else. */
export function checkoutCure({ differences }: Pick<Facts, "differences">): string | undefined {
  const kinds = new Set(differences.map(({ deviation }) => deviation.kind));
  const [kind, ...others] = kinds;
  return kind !== undefined && others.length === 0 && BY_CHECKOUT.includes(kind)
    ? WORDS[kind].cure
    : undefined;
}

const BY_CHECKOUT: readonly DifferenceKind[] = ["line-ends", "pointer", "submodule"];

/** A real release is its commit and nothing else; a dry run may hold more, and says so. */
export function assertCommitted({
  dryRun,
  release,
  uncommitted,
}: Pick<Plan, "dryRun" | "release" | "uncommitted">): void {
  if (dryRun || release.tag === null || uncommitted.length === 0) return;
  throw uncommittedProblem(release.tag, uncommitted);
}

export function uncommittedProblem(tag: string, uncommitted: Plan["uncommitted"]): Problem {
  const groups = grouped(uncommitted);
  const lines = groups.map(({ kind, names }) => `  ${WORDS[kind].is}: ${listed(names)}`);
  return new Problem("uncommitted", [`${tag} would not be its commit alone`, ...lines].join("\n"), {
    hint: groups.map(({ kind }) => WORDS[kind].cure).join("; "),
  });
}

/** One sentence for each kind of difference, with its cure. */
export function uncommittedWarnings(uncommitted: Plan["uncommitted"]): readonly string[] {
  return grouped(uncommitted).map(
    ({ kind, names }) =>
      `${listed(names)}: ${WORDS[kind].is}, and a release would be refused; ${WORDS[kind].cure}`,
  );
}

function grouped(uncommitted: Plan["uncommitted"]) {
  const groups = new Map<DifferenceKind, Set<string>>();
  for (const { path, within, difference, detail } of uncommitted) {
    const names = groups.get(difference) ?? new Set();
    const more = detail === undefined ? "" : ` (${detail})`;
    names.add(`${within ?? path}${more}`);
    groups.set(difference, names);
  }
  return [...groups].map(([kind, names]) => ({ kind, names: [...names] }));
}

/** That Go stamps a version of its own into a build with changed files, though they are declared. */
export function stampNotice(
  tag: string | null,
  { modified }: Pick<Facts, "modified">,
): readonly string[] {
  if (modified.length === 0) return [];
  return [
    `${listed(modified)}: declared with \`generated\`, and git shows it as changed or untracked: Go stamps vcs.modified=true and ${tag ?? "the version"}+dirty; what .gitignore names leaves the stamp as it is`,
  ];
}
