import { defined } from "../model/defined.ts";
import type { Component } from "./component.ts";
import { uuidOf } from "./identifier.ts";
import type { Inventory, InventoryProgram } from "./inventory.ts";

/** CycloneDX 1.6 (ECMA-424): the project, its programs and the modules they are linked from. */
export function cyclonedx(inventory: Inventory): string {
  const { name, version, purl, programs, components } = inventory;
  const content = {
    metadata: {
      timestamp: inventory.date,
      tools: {
        components: [
          { type: "application", name: "go-release-action", version: inventory.generator },
        ],
      },
      component: { type: "application", "bom-ref": ROOT, name, version, purl },
    },
    components: [
      ...programs.map((program) => programComponent(program, version)),
      ...[...components].map(([key, component]) => moduleComponent(key, component)),
    ],
    dependencies: [
      { ref: ROOT, dependsOn: programs.map(refOf) },
      ...programs.map((program) => ({
        ref: refOf(program),
        dependsOn: program.uses.map(moduleRef),
      })),
      ...[...components.keys()].map((key) => ({ ref: moduleRef(key) })),
    ],
  };
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const ROOT = "project";
function refOf({ artifact, name }: InventoryProgram): string {
  return `program:${artifact}/${name}`;
}
function moduleRef(key: string): string {
  return `module:${key}`;
}

function programComponent(program: InventoryProgram, version: string) {
  return {
    type: "application",
    "bom-ref": refOf(program),
    name: program.name,
    version,
    description: program.title,
    hashes: [{ alg: "SHA-256", content: program.sha256 }],
    purl: program.purl,
    properties: [
      { name: "go:target", value: program.target },
      { name: "go:package", value: program.importPath },
      { name: "release:artifact", value: program.artifact },
    ],
  };
}

function moduleComponent(
  key: string,
  { path, version, purl, cpe, toolchain, sum, replaces, folder }: Component,
) {
  const properties = [
    ...(toolchain === undefined ? [] : [{ name: "go:toolchain", value: toolchain }]),
    ...(sum === undefined ? [] : [{ name: "go:sum", value: sum }]),
    ...(folder === undefined ? [] : [{ name: "go:replacedByFolder", value: folder }]),
  ];
  return defined({
    type: "library",
    "bom-ref": moduleRef(key),
    name: path,
    version,
    scope: "required",
    cpe,
    purl,
    ...(replaces === undefined
      ? {}
      : {
          pedigree: {
            ancestors: [
              {
                type: "library",
                name: replaces.path,
                version: replaces.version,
                purl: replaces.purl,
              },
            ],
          },
        }),
    ...(properties.length === 0 ? {} : { properties }),
  });
}
