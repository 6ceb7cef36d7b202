import type { Input } from "../../src/config/input-types.ts";
import { type InputName, inputs, kebab } from "../../src/config/inputs.ts";
import { shownDefault } from "../../src/report/help.ts";
import { examples } from "./examples.ts";

/** The headings, each before the input that it begins with. */
const sections: Readonly<Partial<Record<InputName, string>>> = {
  workingDirectory: "What is released",
  main: "Builds",
  archive: "Archives and names",
  source: "Files beside the archives",
  checksum: "Checksums and signatures",
  sbom: "What the release says of itself",
  forge: "Where it goes",
  notes: "Notes and the release",
  concurrency: "This call",
  certificateIdentity: "Verifying",
};

const HEAD = `# Configuration

Every input, in one order for all ways to give it: as \`with:\` on GitHub, \`inputs:\` on GitLab, \`--input value\` in a terminal, \`GO_RELEASE_<NAME>\` in the environment, or as a key of \`.go-release.yaml\`. What only the caller may give is never read from that file, for it is of the commit. Several kinds of build are rows of \`builds\`, each with a \`name\`, a \`binary\` and keys of its own from the section on builds:

\`\`\`yaml
builds:
  - name: tool
    main: ./cmd/tool
  - name: toold
    main: ./cmd/toold
    targets: linux/*
\`\`\`
`;

/** docs/configuration.md: each input with its default, who may give it, and an example. */
export function configurationPage(): string {
  const parts = Object.entries(inputs).map(([name, input]) => {
    const section = sections[name as InputName];
    return `${section === undefined ? "" : `## ${section}\n\n`}${entry(name as InputName, input)}`;
  });
  return `${HEAD}\n${parts.join("\n")}`;
}

function entry(name: InputName, input: Input<unknown>): string {
  const example = examples[name];
  if (example === undefined)
    throw new Error(`scripts/render/examples.ts has no example of ${name}`);
  const language = input.from.includes("file") ? "yaml" : "text";
  return [
    `### \`${kebab(name)}\``,
    "",
    `${sentence(input.help)} Default: ${shownDefault(input)}.${ownersOf(input)}${templateOf(input)}`,
    "",
    `\`\`\`${language}`,
    example,
    "```",
    "",
  ].join("\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function ownersOf({ from, decides, commands }: Input<unknown>): string {
  const owner = from.includes("file")
    ? ""
    : ` Only the caller may give it${decides === undefined ? "" : `: it decides ${decides}`}.`;
  const few = commands !== undefined && commands.length < 3;
  return few ? `${owner} Of ${commands.map((one) => `\`${one}\``).join(", ")}.` : owner;
}

function templateOf({ variables }: Input<unknown>): string {
  return variables === undefined ? "" : " Variables in braces are filled in.";
}
