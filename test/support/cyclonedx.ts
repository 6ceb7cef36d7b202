import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";

const require = createRequire(import.meta.url);

/** Validates against CycloneDX's own schema of version 1.6. */
export function cycloneDxValidator() {
  const folder = join(
    dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")),
    "res/schema",
  );
  const schema = (name: string) => {
    const { $id: _own, ...rest } = JSON.parse(
      readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), "utf8"),
    );
    return { ...rest, $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json` };
  };
  const ajv = new Ajv({ strict: false });
  for (const name of ["spdx", "jsf-0.82"]) {
    ajv.addSchema(schema(name));
  }
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addFormat("iri-reference", true).addFormat("idn-email", true);
  return ajv.compile(schema("bom-1.6"));
}
