import { join } from "node:path";
import { parsedJson } from "../model/parsed-json.ts";
import { Problem } from "../model/problem.ts";
import type { Command, World } from "../world/world.ts";
import { withoutPasswords } from "./credentials.ts";
import { fetchCure } from "./cures.ts";
import type { Toolchain } from "./toolchain.ts";

/** Why the user's own settings keep a module out of the checksum database, e.g. `GOSUMDB=off`; undefined otherwise. */
export function keptOut(path: string, fetching: Toolchain["fetching"]): string | undefined {
  const { GOSUMDB, GONOSUMDB = "" } = fetching;
  if (GOSUMDB === "off") return "GOSUMDB=off";
  return matchesPrefix(GONOSUMDB, path) ? `GONOSUMDB=${GONOSUMDB}` : undefined;
}

/** As golang.org/x/mod/module, MatchPrefixPatterns: each glob is compared with as many elements as it has itself. */
function matchesPrefix(globs: string, path: string): boolean {
  return globs.split(",").some((written) => {
    const glob = written.replace(/\/$/u, "");
    if (glob === "") return false;
    const elements = path.split("/").slice(0, glob.split("/").length);
    return patternOf(glob).test(elements.join("/"));
  });
}

/** Go's path.Match: `*` and `?` stay within an element. */
function patternOf(glob: string): RegExp {
  const pattern = glob.replace(/\[\^?[^\]]+\]|\*|\?|[\\^$.|+(){}[\]]/gu, (found) => {
    if (found === "*") return "[^/]*";
    if (found === "?") return "[^/]";
    return found.length > 1 ? found : `\\${found}`;
  });
  return new RegExp(`^${pattern}$`, "u");
}

/** What Go says of a module's version: the sum that the checksum database has, or that what it got has another. */
export type SumAnswer =
  | { readonly kind: "sum"; readonly sum: string }
  | { readonly kind: "mismatch"; readonly said: string };

interface SumQuery {
  readonly path: string;
  readonly version: string;
  /** An empty folder: what was fetched before does not count. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Lets `go` fetch a module through the user's own proxies, which compares it with the checksum database. Throws a
 * `Problem` when it cannot tell.
 */
export async function askSumDatabase(
  { path, version, folder, signal }: SumQuery,
  { go, fetching }: Pick<Toolchain, "go" | "fetching">,
  { stream }: Pick<World, "stream">,
): Promise<SumAnswer> {
  const command = downloadModule(`${path}@${version}`, folder, { go, fetching });
  const answer: string[] = [];
  const said: string[] = [];
  const { status } = await stream(command, {
    signal,
    onLine: (line, from) => (from === "stdout" ? answer : said).push(line),
  });
  const { Sum: sum, Error: error = "" } = readAnswer(answer.join("\n"));
  if (status === 0 && sum !== undefined) return { kind: "sum", sum };
  const words = withoutPasswords([error, ...said].filter((text) => text !== "").join("\n"));
  if (/checksum mismatch/u.test(words)) return { kind: "mismatch", said: words };
  throw new Problem("sum-database", `go cannot fetch ${path}@${version}: ${words}`, {
    hint: fetchCure(words) ?? "check the network, GOPROXY and GOSUMDB",
  });
}

/** Its own cache, which can be removed. */
export function downloadModule(
  module: string,
  folder: string,
  { go, fetching }: Pick<Toolchain, "go" | "fetching">,
): Command {
  return {
    file: go,
    args: ["mod", "download", "-modcacherw", "-json", module],
    cwd: folder,
    env: { ...fetching, GOMODCACHE: join(folder, "modules"), GOFLAGS: "" },
  };
}

function readAnswer(text: string): { readonly Sum?: string; readonly Error?: string } {
  return (parsedJson(text) ?? {}) as ReturnType<typeof readAnswer>;
}
