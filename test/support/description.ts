import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";

type Json = Record<string, unknown>;

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly query: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly valid: ValidateFunction;
  }[];
  readonly body: ValidateFunction | undefined;
  readonly answers: ReadonlyMap<string, ValidateFunction | undefined>;
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** An API's official description (OpenAPI 3 or Swagger 2), against which a fake checks all that passes. */
export class Description {
  readonly #operations: Operation[];

  constructor(document: object) {
    const root = modern(document) as Json;
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      coerceTypes: false,
      validateSchema: false,
    });
    formats.default(ajv);
    ajv.addSchema({ ...root, $id: "api" });
    const compile = (schema: unknown): ValidateFunction => ajv.compile(absolute(schema) as object);
    this.#operations = Object.entries(object(root["paths"])).flatMap(([path, item]) =>
      Object.entries(object(item)).map(([method, operation]) =>
        read(root, path, method, object(operation), compile),
      ),
    );
  }

  /** What is wrong with a request; undefined when the description does not know the operation. */
  request(
    method: string,
    url: URL,
    contentType: string,
    body: Buffer,
  ): readonly string[] | undefined {
    const operation = this.#find(method, url.pathname);
    if (operation === undefined) return undefined;
    const faults = operation.query.flatMap(({ name, required, valid }) => {
      const value = url.searchParams.get(name);
      if (value === null) return required ? [`${operation.id}: query ${name} is missing`] : [];
      return valid(value) || valid(parse(Buffer.from(value)))
        ? []
        : [`${operation.id}: query ${name}: ${complaints(valid)}`];
    });
    if (operation.body === undefined || !contentType.startsWith("application/json")) return faults;
    return operation.body(parse(body))
      ? faults
      : [...faults, `${operation.id}: body: ${complaints(operation.body)}`];
  }

  /** What is wrong with an answer; an undescribed status is a fault only when it means success. */
  response(method: string, url: URL, status: number, json: unknown): readonly string[] {
    const operation = this.#find(method, url.pathname);
    if (operation === undefined) return [];
    const answer = operation.answers.get(String(status));
    if (!operation.answers.has(String(status)) && status < 300)
      return [`${operation.id}: answer ${status} is not described`];
    if (answer === undefined || json === undefined || answer(json)) return [];
    return [`${operation.id}: answer ${status}: ${complaints(answer)}`];
  }

  #find(method: string, path: string): Operation | undefined {
    const matches = this.#operations.filter(
      (one) => one.method === method && one.pattern.test(path),
    );
    return matches[0];
  }
}

function read(
  root: Json,
  path: string,
  method: string,
  operation: Json,
  compile: (schema: unknown) => ValidateFunction,
): Operation {
  const parameters = ((operation["parameters"] ?? []) as unknown[]).map((one) => follow(root, one));
  const legacy = parameters.find((one) => one["in"] === "body");
  const modernBody = object(
    object(object(operation["requestBody"])["content"])["application/json"],
  );
  const body = legacy?.["schema"] ?? modernBody["schema"];
  return {
    id: String(operation["operationId"]),
    method: method.toUpperCase(),
    pattern: pathPattern(path),
    query: parameters
      .filter((one) => one["in"] === "query")
      .map((one) => ({
        name: String(one["name"]),
        required: one["required"] === true,
        valid: compile(
          one["schema"] ?? { type: one["type"] ?? "string", enum: one["enum"] ?? undefined },
        ),
      })),
    body: body === undefined ? undefined : compile(body),
    answers: new Map(
      Object.entries(object(operation["responses"])).map(([status, answer]) => {
        const described = follow(root, answer);
        const schema =
          described["schema"] ?? object(object(described["content"])["application/json"])["schema"];
        return [status, schema === undefined ? undefined : compile(schema)];
      }),
    ),
  };
}

/** `{id}` is one segment, `*path` one or more, `(…)` is optional: OpenAPI's and Grape's ways. */
function pathPattern(path: string): RegExp {
  const literal = path.replaceAll(/[.+?^$|[\]\\]/g, "\\$&");
  const source = literal
    .replaceAll("(", "(?:")
    .replaceAll(")", ")?")
    .replaceAll(/\*\w+/g, ".+")
    .replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${source}$`);
}

function follow(root: Json, node: unknown): Json {
  const reference = object(node)["$ref"];
  if (typeof reference !== "string") return object(node);
  const target = reference
    .slice(2)
    .split("/")
    .reduce<unknown>((at, key) => object(at)[key.replaceAll("~1", "/")], root);
  return follow(root, target);
}

/** JSON schema as ajv knows it: `nullable` becomes a type, references point into the whole document. */
function modern(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(modern);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, modern(value)]),
  ) as Json;
  const { nullable, "x-nullable": legacy, ...schema } = copy;
  // Swagger 2's upload: not JSON, so nothing that a schema could check.
  if (schema["type"] === "file") delete schema["type"];
  if (nullable !== true && legacy !== true) return schema;
  return { anyOf: [{ type: "null" }, schema] };
}

function absolute(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(absolute);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === "$ref" && typeof value === "string" ? value.replace(/^#/, "api#") : absolute(value),
    ]),
  );
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function complaints(validate: ValidateFunction): string {
  return (validate.errors ?? [])
    .map(({ instancePath, message }) => `${instancePath} ${message}`)
    .join("; ");
}
