import { commands } from "../../src/config/commands.ts";
import { inputs, kebab } from "../../src/config/inputs.ts";
import { outputs } from "../../src/config/outputs.ts";
import { shownDefault } from "../../src/report/help.ts";

/** The README's table of inputs. */
export function inputTable(): string {
  return table(
    ["input", "default", "file", "meaning"],
    Object.entries(inputs).map(([name, input]) => [
      `\`${kebab(name)}\``,
      shownDefault(input),
      input.from.includes("file") ? "✓" : "",
      "commands" in input && input.commands !== undefined && input.commands.length < 3
        ? `${input.help} (${input.commands.map((command) => `\`${command}\``).join(", ")})`
        : input.help,
    ]),
  );
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
