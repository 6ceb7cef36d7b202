import type { BuildInfo } from "../../model/binary.ts";
import { isSameGo } from "../../model/go-version.ts";
import type { BinaryFault, PlannedBinary } from "./fault.ts";
import { quoteUntrusted } from "./quote-untrusted.ts";

/** Which toolchain made it from which source: Go's version, module, package and commit. */
export function* checkOrigin(
  info: BuildInfo,
  { program, plan }: PlannedBinary,
): Iterable<BinaryFault> {
  if (!isSameGo(info.go, plan.go)) {
    yield {
      is: `was built by ${quoteUntrusted(info.go)}, not ${quoteUntrusted(plan.go)}`,
      cure: "use one Go version: set `go-version`, or put the same one on PATH for every shard",
    };
  }
  const module = info.main?.path;
  if (module !== plan.module.path) {
    yield {
      is: `is of the module ${quoteUntrusted(module)}, not ${plan.module.path}`,
      cure: ANOTHER,
    };
  }
  if (info.path !== program.importPath) {
    yield {
      is: `is the program ${quoteUntrusted(info.path)}, not ${program.importPath}`,
      cure: ANOTHER,
    };
  }
  yield* checkVersion(info, plan);
  yield* checkCommit(info.settings, plan);
}

/** A tag as Go writes it; a pseudo-version ends in a time and a commit, a modified tree's in `+dirty`. */
const TAGGED = /^v\d+\.\d+\.\d+(?!.*(?:\d{14}-[\da-f]{12}|\+)).*$/u;

/** Go stamps the highest of a commit's tags, whichever is being released. */
function* checkVersion(
  { main }: BuildInfo,
  { release }: PlannedBinary["plan"],
): Iterable<BinaryFault> {
  const version = main?.version ?? "";
  const tag = release.tag?.split("/").at(-1);
  if (release.snapshot || tag === undefined || version === tag || !TAGGED.test(version)) return;
  yield {
    is: `has the version ${version}, not ${tag}`,
    cure: "Go stamps the highest tag of the commit that it sees: build in a clone that has only the released tag",
  };
}

const ANOTHER =
  "give every program its own file name with `binary`; another program wrote this file";

/** Only what was stamped: without `-buildvcs`, or outside a repository, there is nothing to compare. */
function* checkCommit(
  settings: BuildInfo["settings"],
  { release, modified }: PlannedBinary["plan"],
): Iterable<BinaryFault> {
  const cure =
    "commit or discard the changes, and make sure nothing changes the tree during the build";
  const revision = settings["vcs.revision"];
  if (revision !== undefined && release.commit !== null && revision !== release.commit) {
    yield {
      is: `was built from the commit ${quoteUntrusted(revision)}, not ${release.commit}`,
      cure,
    };
  }
  const allowed = release.snapshot || modified;
  if (!allowed && (settings["vcs.modified"] ?? "false") !== "false") {
    yield { is: "was built from a modified tree (vcs.modified)", cure };
  }
}
