import * as z from "zod/mini";
import { fileInputs } from "../../src/config/file.ts";
import type { Input } from "../../src/config/input-types.ts";
import { buildInputs, inputs, kebab } from "../../src/config/inputs.ts";
import { Manifest } from "../../src/model/manifest.ts";
import { Plan } from "../../src/model/plan.ts";
import { shownDefault } from "../../src/report/help.ts";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** JSON schema of `.go-release.yaml`, for editors. */
export function configSchema(): string {
  return text({
    $schema: DRAFT,
    title: "Configuration of a Go release (.go-release.yaml)",
    type: ["object", "null"],
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(fileInputs.map((name) => [kebab(name), property(inputs[name])])),
      builds: {
        description: "one row for every program, or group of programs, with flags of its own",
        type: "array",
        items: {
          type: "object",
          additionalProperties: false,
          properties: {
            name: { type: "string", description: "tells builds apart" },
            binary: { type: "string", description: "name of the program, without `.exe`" },
            ...Object.fromEntries(
              Object.entries(buildInputs).map(([name, input]) => [kebab(name), property(input)]),
            ),
          },
        },
      },
    },
  });
}

function property(input: Input<unknown>): Record<string, unknown> {
  return {
    description: `${input.help} (default: ${shownDefault(input)})`,
    ...input.schema,
  };
}

export function planSchema(): string {
  return text({ title: "plan.json", ...z.toJSONSchema(Plan) });
}

export function manifestSchema(): string {
  return text({ title: "manifest.json", ...z.toJSONSchema(Manifest) });
}

function text(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
