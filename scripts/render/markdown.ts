import { commands } from "../../src/config/commands.ts";
import { type InputName, inputs, kebab } from "../../src/config/inputs.ts";
import { outputs } from "../../src/config/outputs.ts";
import { shownDefault } from "../../src/report/help.ts";

/** What most people need; docs/configuration.md has all. */
const MOST_NEEDED = [
  "dryRun",
  "main",
  "targets",
  "ldflags",
  "env",
  "archive",
  "archiveName",
  "files",
  "sign",
  "notes",
] as const satisfies readonly InputName[];

/** The README's table of inputs, and where the others are. */
export function inputTable(): string {
  const rows = MOST_NEEDED.map((name) => [
    `\`${kebab(name)}\``,
    shownDefault(inputs[name]),
    inputs[name].from.includes("file") ? "✓" : "",
    inputs[name].help,
  ]);
  const count = Object.keys(inputs).length;
  return `${table(["input", "default", "file", "meaning"], rows)}

All ${count}, each with an example: [docs/configuration.md](docs/configuration.md).`;
}

export function outputTable(): string {
  return table(
    ["output", "meaning"],
    Object.entries(outputs).map(([name, meaning]) => [`\`${name}\``, meaning]),
  );
}

export function commandTable(): string {
  return table(
    ["command", "does"],
    Object.entries(commands).map(([name, does]) => [`\`${name}\``, does]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replace(/\|/gu, "\\|")).join(" | ")} |`)
    .join("\n");
}

/** `text` with what stands between `<!-- name -->` and `<!-- /name -->` replaced. */
export function between(text: string, name: string, content: string): string {
  const start = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const [before, after] = [text.indexOf(start), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the text has no place for ${name}`);
  return `${text.slice(0, before + start.length)}\n${content}\n${text.slice(after)}`;
}
