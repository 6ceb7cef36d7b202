import { stringify } from "yaml";
import { commands } from "../../src/config/commands.ts";
import type { Input } from "../../src/config/input-types.ts";
import { type InputName, inputs, kebab } from "../../src/config/inputs.ts";
import { outputs } from "../../src/config/outputs.ts";
import { sentence } from "../../src/report/help.ts";

const HEADER = "# Generated from src/config/inputs.ts by `npm run render`.\n";

/**
 * `action.yml`. Inputs have no defaults here: a default would win over the configuration file
 * (docs.github.com, "Metadata syntax for GitHub Actions").
 */
export function renderAction(runtime: "node20" | "node24", main: string): string {
  return (
    HEADER +
    stringify(
      {
        name: "Go release",
        description:
          "Cross-builds, packs, checksums, signs, proves and publishes Go software, with nothing left half done",
        author: "go-release-action",
        branding: { icon: "package", color: "blue" },
        inputs: {
          command: {
            description: `What to do: ${Object.keys(commands)
              .filter((name) => name !== "init")
              .join(", ")} (default: \`release\`)`,
            required: false,
          },
          // Apart from `token`, which may be for another forge: this one never leaves GitHub.
          "github-token": {
            description: "the job's own token, for this repository's releases; leave it as it is",
            required: false,
            default: "${{ github.token }}",
          },
          ...Object.fromEntries(
            (Object.keys(inputs) as InputName[])
              .filter((name) => inputs[name].from.includes("host"))
              .map((name) => [kebab(name), actionInput(inputs[name])]),
          ),
        },
        outputs: Object.fromEntries(
          Object.entries(outputs).map(([name, description]) => [name, { description }]),
        ),
        runs: { using: runtime, main },
      },
      { lineWidth: 0 },
    )
  );
}

function actionInput(input: Input<unknown>): Record<string, unknown> {
  return {
    description: sentence(input),
    required: false,
  };
}
