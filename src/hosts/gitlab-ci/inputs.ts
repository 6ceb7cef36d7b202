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
 * list as JSON, which becomes one item a line. Blank values are not given.
 */
export const readInputs = (text: string): Readonly<Record<string, string>> => {
  const [before = "", ...records] = text.replaceAll("\r\n", "\n").split(FENCE);
  if (before.trim() !== "") throw new Usage(`GO_RELEASE_INPUTS does not begin with \`${SAMPLE}\``);
  const inputs: Record<string, string> = {};
  for (let at = 0; at < records.length; at += 2) {
    const name = records[at] ?? "";
    if (Object.hasOwn(inputs, name)) {
      throw new Usage(`GO_RELEASE_INPUTS: ${name} is given twice`, {
        hint: `no input may hold a line that reads \`${fence(name)}\``,
      });
    }
    inputs[name] = lines((records[at + 1] ?? "").replace(/^\n|\n$/g, ""));
  }
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value.trim() !== ""));
};

/** The line that begins an input. */
export const fence = (name: string): string => `--- go-release input: ${name}`;

const FENCE = /^--- go-release input: ([a-z][a-z0-9-]*)$/m;

const SAMPLE = fence("NAME");

const lines = (value: string): string => {
  if (!value.startsWith("[")) return value;
  try {
    const items: unknown = JSON.parse(value);
    const texts = Array.isArray(items) && items.every((item) => typeof item === "string");
    return texts ? items.join("\n") : value;
  } catch {
    return value;
  }
};
