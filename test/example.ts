/** Made-up input for a route, out of the OpenAPI document: the least that its schemas accept. */

export type Json = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: Json;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  permission: string | undefined;
  security: Json[];
  parameters: Parameter[];
  body: Json | undefined;
  takesBytes: boolean;
}

type Document = { paths: Record<string, Record<string, Json>>; components: { schemas: Record<string, Json> } };

/** Every operation of a document, one by one. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { content = {} } = (operation.requestBody ?? {}) as { content?: Record<string, { schema?: Json }> };
      return {
        id: String(operation.operationId),
        method: method.toUpperCase(),
        path,
        permission: operation["x-permission"] as string | undefined,
        security: operation.security as Json[],
        parameters: (operation.parameters ?? []) as Parameter[],
        body: content["application/json"]?.schema,
        takesBytes: "application/octet-stream" in content,
      };
    }),
  );
}

const formats: Record<string, string> = {
  uuid: "0197a1c0-0000-7000-8000-000000000000",
  "date-time": "2026-11-24T08:00:00.000Z",
  date: "2026-11-24",
  email: "somebody@example.com",
};
const patterns: Record<string, string> = { "^[A-Z]{3}$": "EUR", "^[\\w-]{43}$": "A".repeat(43) };

/** A value that a schema accepts: required properties only, the first alternative, the shortest list. */
export function exampleOf(schema: Json, schemas: Record<string, Json>): unknown {
  if (typeof schema.$ref === "string") return exampleOf(schemas[schema.$ref.split("/").at(-1)!]!, schemas);
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const alternatives = (schema.oneOf ?? schema.anyOf) as Json[] | undefined;
  if (alternatives) return exampleOf(alternatives[0]!, schemas);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object") return exampleObject(schema, schemas);
  if (type === "array") {
    return Array.from({ length: Number(schema.minItems ?? 0) }, () => exampleOf(schema.items as Json, schemas));
  }
  if (type === "integer" || type === "number") return Math.max(Number(schema.minimum ?? 1), 1);
  if (type === "boolean") return true;
  return exampleText(schema);
}

function exampleObject(schema: Json, schemas: Record<string, Json>): Json {
  const properties = (schema.properties ?? {}) as Record<string, Json>;
  const required = (schema.required ?? []) as string[];
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name]!, schemas)]));
}

function exampleText(schema: Json): string {
  if (typeof schema.format === "string" && formats[schema.format]) return formats[schema.format]!;
  if (typeof schema.pattern === "string" && patterns[schema.pattern]) return patterns[schema.pattern]!;
  return "x".repeat(Math.max(Number(schema.minLength ?? 1), 1));
}
