import { readFileSync } from "node:fs";
import { Ajv, type AnySchemaObject } from "ajv";
import formats from "ajv-formats";
import { tools } from "./tools.ts";

/** What GitLab's own schema of `.gitlab-ci.yml` says against a document. */
export function faultsOf(document: unknown): readonly unknown[] {
  const schema = JSON.parse(readFileSync(tools.schema, "utf8")) as AnySchemaObject;
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  void validate(document);
  return validate.errors ?? [];
}
