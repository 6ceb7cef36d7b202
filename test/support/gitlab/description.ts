import { Description } from "../description.ts";
import swagger from "./api.swagger2.json" with { type: "json" };

type Json = Record<string, unknown>;

/** GitLab's own description, put right where it says what GitLab does not do. */
export function description(): Description {
  const document = structuredClone(swagger) as unknown as {
    paths: Record<string, Record<string, { parameters?: Json[]; responses: Json }>>;
    definitions: Record<string, { properties: Record<string, Json> }>;
  };
  const { paths, definitions } = document;
  const release = definitions["API_Entities_Release"]?.properties ?? {};
  // Lists, described as a single entity.
  for (const name of ["milestones", "evidences"])
    release[name] = { type: "array", items: release[name] };
  const parts = (release["assets"] as { properties: Record<string, Json> }).properties;
  for (const name of ["links", "sources"]) parts[name] = { type: "array", items: parts[name] };
  for (const entity of ["API_Entities_Package", "API_Entities_PackageFile"]) {
    const { properties } = definitions[entity] ?? { properties: {} };
    properties["pipelines"] = { type: "array", items: properties["pipelines"] };
  }
  // A number, described as a text.
  for (const name of ["id", "iid", "project_id"]) {
    const milestone = definitions["API_Entities_MilestoneWithStats"]?.properties ?? {};
    milestone[name] = { type: "integer" };
  }
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      // Parts of the path, described as a query.
      operation.parameters = (operation.parameters ?? []).filter(
        ({ in: where, name }) => !(where === "query" && path.includes(`*${String(name)}`)),
      );
      // Answered with 200 and the entity, described as 204.
      if (method === "delete" && /releases/.test(path)) operation.responses["200"] = {};
    }
  }
  return new Description(document);
}
