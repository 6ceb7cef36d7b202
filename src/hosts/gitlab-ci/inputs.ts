import { inputs, kebab } from "../../config/inputs.ts";
import { Usage } from "../../model/problem.ts";

/**
 * The component hands all inputs over in one variable, so that none of them ever meets a shell or YAML:
 *
 *     --- go-release input: targets
 *     ["linux/amd64","darwin/arm64"]
 *     --- go-release input: ldflags
 *     -s -w
 *
 * A line of that form begins an input; all lines up to the next one are its value, as they are. GitLab writes a
 * list as Ruby shows it, `["a", "b", 1.0]`, which is nearly JSON and becomes one item a line. Blank values are not
 * given.
 */
export function readInputs(text: string): Readonly<Record<string, string>> {
  const [before = "", ...records] = text.replaceAll("\r\n", "\n").split(FENCE);
  if (before.trim() !== "") throw new Usage(`GO_RELEASE_INPUTS does not begin with \`${SAMPLE}\``);
  const values: Record<string, string> = {};
  for (let at = 0; at < records.length; at += 2) {
    const name = records[at] ?? "";
    if (Object.hasOwn(values, name)) {
      throw new Usage(`GO_RELEASE_INPUTS: ${name} is given twice`, {
        hint: `no input may contain a line \`${fence(name)}\``,
      });
    }
    values[name] = lines(name, (records[at + 1] ?? "").replace(/^\n|\n$/g, ""));
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
}

/** The line that begins an input. */
export function fence(name: string): string {
  return `--- go-release input: ${name}`;
}

const FENCE = /^--- go-release input: ([a-z][a-z0-9-]*)$/m;

const SAMPLE = fence("NAME");

/** Inputs that the component's spec calls arrays. */
const LISTS: ReadonlySet<string> = new Set(
  Object.entries(inputs)
    .filter(([, { kind }]) => kind === "list" || kind === "map")
    .map(([name]) => kebab(name)),
);

/** The items of a list, one a line; a text that is no list stays as it is. */
function lines(name: string, value: string): string {
  const inside = LISTS.has(name) ? /^\[(.*)\]$/s.exec(value)?.[1]?.trim() : undefined;
  if (inside === undefined) return value;
  const found = [...inside.matchAll(ITEM)];
  if (found.map(([whole]) => whole).join("") !== inside) {
    throw new Usage(`${name}: not every item of ${value} is a string`, {
      hint: 'put each item in quotes, e.g. `["A=1", "B=2"]`',
    });
  }
  return found.map(([, quoted, bare = ""]) => unescaped(quoted) ?? bare).join("\n");
}

/** A quoted text, or a number or boolean as it is written. */
const ITEM = /(?:"((?:[^"\\]|\\.)*)"|(?!nil\b|null\b)([\w.+-]+))(?:\s*,\s*|$)/gsy;

function unescaped(text: string | undefined): string | undefined {
  return text?.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|(["\\#nt]))/g,
    (_, code: string | undefined, mark) =>
      code === undefined ? (ESCAPES[mark] ?? mark) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t" };
