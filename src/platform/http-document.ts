import { z } from "zod";
import { Problem, type Route } from "../contract.ts";
import { apiRoot } from "./http.ts";
import { takesBody } from "./http-input.ts";

type Json = Record<string, unknown>;
type Definitions = Record<string, Json>;

export interface DocumentFacts {
  title: string;
  description: string;
  version: string;
  cookieName: string;
}

/**
 * The OpenAPI 3.1 document of routes, in one order whatever theirs is. Schemas are zod's own JSON Schema (draft 2020-12,
 * which OpenAPI 3.1 takes as it is): what a client may send for inputs, what it gets for replies. A schema with
 * `.meta({ id })` becomes a component; one that differs between sending and getting is there as `X` and `XInput`.
 */
export function documentOf(routes: readonly Route[], facts: DocumentFacts): Json {
  const collected = new Components();
  const operations = routes.map((route) => ({ route, operation: operationOf(route, collected) }));
  const problem = collected.add("output", Problem);
  const paths: Record<string, Json> = {};
  operations.sort((a, b) => compare(a.route.path, b.route.path) || order(a.route) - order(b.route));
  for (const { route, operation } of operations) (paths[route.path] ??= {})[route.method] = operation;
  const document: Json = {
    openapi: "3.1.1",
    info: { title: facts.title, description: facts.description, version: facts.version },
    servers: [{ url: apiRoot }],
    paths,
    components: {
      responses: {
        Problem: {
          description: "What went wrong, with a stable `code` (RFC 9457)",
          content: { "application/problem+json": { schema: problem } },
        },
      },
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "An API key of the company, with scopes read and write and its own permissions",
        },
        session: { type: "apiKey", in: "cookie", name: facts.cookieName },
      },
    },
  };
  return collected.resolve(document);
}

const methods = ["get", "post", "put", "patch", "delete"];
const order = (route: Route) => methods.indexOf(route.method);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function operationOf(route: Route, components: Components): Json {
  const parameters = [...parametersOf(route, components), ...headersOf(route)];
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.tag],
    ...(route.permission === "public" || route.permission === "account" ? {} : { "x-permission": route.permission }),
    security: securityOf(route),
    ...(parameters.length ? { parameters } : {}),
    ...bodyOf(route, components),
    responses: {
      [String(route.status)]: replyOf(route, components),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function securityOf(route: Route): Json[] {
  if (route.permission === "public") return [];
  return route.permission === "account" ? [{ session: [] }] : [{ key: [] }, { session: [] }];
}

function parametersOf(route: Route, components: Components): Json[] {
  const from = (place: "path" | "query", schema: z.ZodObject) => {
    const { properties = {}, required = [] } = components.add("input", schema) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, ...property }]) => ({
      name,
      in: place,
      required: place === "path" || required.includes(name),
      ...(description ? { description } : {}),
      schema: property,
      // A list is one parameter, its values separated by commas.
      ...(property.type === "array" ? { style: "form", explode: false } : {}),
    }));
  };
  return [...from("path", route.params), ...from("query", route.query)];
}

function headersOf(route: Route): Json[] {
  const header = (name: string, description: string) => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string" },
  });
  const headers: Json[] = [];
  if (route.idempotent) {
    const kept = route.secretReply
      ? "its repeat is answered with 409"
      : "its repeat within 24 hours gets the same reply";
    headers.push(header("Idempotency-Key", `Makes a repeat safe: ${kept}`));
  }
  if (route.versioned && route.method === "get")
    headers.push(header("If-None-Match", "The ETag the reader has: 304 if unchanged"));
  if (route.versioned && route.method !== "get")
    headers.push(header("If-Match", "The ETag the reader saw: 412 if it has changed"));
  return headers;
}

function bodyOf(route: Route, components: Components): Json {
  if (route.bodyKind === "bytes") {
    return { requestBody: { required: true, content: { "application/octet-stream": {} } } };
  }
  if (!takesBody(route)) return {};
  const schema = components.add("input", route.body);
  return { requestBody: { required: true, content: { "application/json": { schema } } } };
}

function replyOf(route: Route, components: Components): Json {
  if (route.replyType === "text/event-stream") {
    return { description: "Server-sent events, until either side ends it", content: { [route.replyType]: {} } };
  }
  if (route.replyType) return { description: "The file", content: { [route.replyType]: {} } };
  if (route.reply.type === "undefined") return { description: "Done; no content" };
  const etag = { ETag: { description: "The version", schema: { type: "string" } } };
  return {
    description: "Done",
    ...(route.versioned ? { headers: etag } : {}),
    content: { "application/json": { schema: components.add("output", route.reply) } },
  };
}

type Side = "input" | "output";
const refPrefix = "#/components/schemas/";

/** Gathers schemas with an id while routes are walked; names them at the end, when both sides of each are known. */
class Components {
  #sides: Record<Side, Definitions> = { input: {}, output: {} };

  /** The schema as JSON Schema; what has an id is a reference marked with its side until {@link resolve}. */
  add(side: Side, schema: z.ZodType): Json {
    const made = z.toJSONSchema(schema, { io: side, override: ({ jsonSchema }) => tidy(jsonSchema as Json) }) as Json;
    const { $schema: _, $defs = {}, ...own } = mapRefs(made, (ref) => ref.replace("#/$defs/", `${side}:`)) as Json;
    for (const [id, definition] of Object.entries($defs as Definitions)) {
      const known = this.#sides[side][id];
      if (known && JSON.stringify(known) !== JSON.stringify(definition)) {
        throw new Error(`Two different schemas have the id ${id}.`);
      }
      this.#sides[side][id] = definition;
    }
    return own;
  }

  resolve(document: Json): Json {
    const differing = this.#differing();
    const nameOf = (side: Side, id: string) => (side === "input" && differing.has(id) ? `${id}Input` : id);
    const named = (ref: string) => {
      const [side, id] = ref.split(":") as [Side, string];
      return id ? refPrefix + nameOf(side, id) : ref;
    };
    const schemas: Definitions = {};
    for (const side of ["output", "input"] as const) {
      for (const [id, definition] of Object.entries(this.#sides[side])) {
        schemas[nameOf(side, id)] = mapRefs(definition, named) as Json;
      }
    }
    const resolved = mapRefs(document, named) as { components: Json };
    const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => compare(a, b)));
    return { ...resolved, components: { schemas: sorted, ...resolved.components } };
  }

  /** Ids that mean one thing to the sender and another to the reader, themselves or through what they refer to. */
  #differing(): Set<string> {
    const { input, output } = this.#sides;
    const differing = new Set<string>();
    const shared = Object.keys(input).filter((id) => output[id]);
    const plain = (definition: Json) => JSON.stringify(definition).replaceAll(/"(?:input|output):/g, '":');
    const refersTo = (definition: Json, id: string) => JSON.stringify(definition).includes(`"input:${id}"`);
    for (let size = -1; size !== differing.size;) {
      size = differing.size;
      for (const id of shared) {
        const differs = plain(input[id]!) !== plain(output[id]!);
        if (differs || [...differing].some((other) => refersTo(input[id]!, other))) differing.add(id);
      }
    }
    return differing;
  }
}

/** What `format` says already, and what a reader must not rely on (a later version may say more). */
function tidy(schema: Json): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  delete schema.id;
}

function mapRefs(value: unknown, rename: (ref: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapRefs(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "$ref" && typeof item === "string" ? rename(item) : mapRefs(item, rename),
    ]),
  );
}
