import type { Component } from "./component.ts";
import { uuidOf } from "./identifier.ts";
import type { Inventory, InventoryProgram } from "./inventory.ts";

/** SPDX 2.3 (ISO/IEC 5962 with its later additions), JSON: the same as CycloneDX tells. */
export function spdx(inventory: Inventory): string {
  const { name, version, programs, components } = inventory;
  const content = {
    packages: [
      projectPackage(inventory),
      ...programs.map((program) => programPackage(program, version)),
      ...[...components].map(([key, component]) => modulePackage(key, component)),
    ],
    relationships: [
      relate("SPDXRef-DOCUMENT", "DESCRIBES", PROJECT),
      ...programs.flatMap((program) => [
        relate(PROJECT, "CONTAINS", programId(program)),
        ...program.uses.map((key) => relate(programId(program), "DEPENDS_ON", moduleId(key))),
      ]),
    ],
  };
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `${name}-${version}`,
    documentNamespace: `https://spdx.org/spdxdocs/${encodeURIComponent(`${name}-${version}`)}-${uuidOf(JSON.stringify(content))}`,
    creationInfo: {
      created: inventory.date,
      creators: [`Tool: go-release-action-${inventory.generator}`],
    },
    ...content,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const PROJECT = "SPDXRef-Project";
const NOBODY_SAID = "NOASSERTION";

function relate(from: string, type: string, to: string) {
  return {
    spdxElementId: from,
    relationshipType: type,
    relatedSpdxElement: to,
  };
}

/** An SPDXID takes letters, digits, dots and hyphens only; the hash keeps two apart that differ elsewhere. */
function idOf(kind: string, key: string): string {
  return `SPDXRef-${kind}-${key.replace(/[^A-Za-z0-9.-]+/g, "-")}-${uuidOf(key).slice(0, 8)}`;
}
function programId({ artifact, name }: InventoryProgram): string {
  return idOf("Program", `${artifact}/${name}`);
}
function moduleId(key: string): string {
  return idOf("Module", key);
}

const unasserted = {
  downloadLocation: NOBODY_SAID,
  filesAnalyzed: false,
  licenseConcluded: NOBODY_SAID,
  licenseDeclared: NOBODY_SAID,
  copyrightText: NOBODY_SAID,
};

function purlReference(purl: string) {
  return [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }];
}

function cpeReference(cpe: string) {
  return [{ referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: cpe }];
}

function projectPackage({ name, version, purl }: Inventory) {
  return {
    SPDXID: PROJECT,
    name,
    versionInfo: version,
    primaryPackagePurpose: "APPLICATION",
    ...unasserted,
    externalRefs: purlReference(purl),
  };
}

function programPackage(program: InventoryProgram, version: string) {
  return {
    SPDXID: programId(program),
    name: program.name,
    versionInfo: version,
    packageFileName: program.artifact,
    primaryPackagePurpose: "APPLICATION",
    ...unasserted,
    checksums: [{ algorithm: "SHA256", checksumValue: program.sha256 }],
    externalRefs: purlReference(program.purl),
    comment: program.title,
  };
}

function modulePackage(
  key: string,
  { path, version, purl, cpe, toolchain, sum, replaces, folder }: Component,
) {
  const remarks = [
    ...(toolchain === undefined ? [] : [`the toolchain calls itself ${toolchain}`]),
    ...(sum === undefined ? [] : [`go.sum: ${sum}`]),
    ...(replaces === undefined ? [] : [`built in place of ${replaces.path}@${replaces.version}`]),
    ...(folder === undefined ? [] : [`replaced by the folder ${folder}`]),
  ];
  return {
    SPDXID: moduleId(key),
    name: path,
    versionInfo: version,
    primaryPackagePurpose: "LIBRARY",
    ...unasserted,
    ...(purl === undefined
      ? {}
      : {
          externalRefs: [...purlReference(purl), ...(cpe === undefined ? [] : cpeReference(cpe))],
        }),
    ...(remarks.length === 0 ? {} : { comment: remarks.join("; ") }),
  };
}
