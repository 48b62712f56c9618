import type { z } from "zod";
import type { Route, RouteInput } from "../contract.ts";
import { AppError, notFound } from "../errors.ts";

const maxFields = 100;

/** Checks what came with a request against the route's schemas; made once per route. */
export interface InputOf<R extends Route> {
  /** @throws AppError not_found: an id that is none is as missing as any other. */
  params(given: Record<string, string>): RouteInput<R>["params"];
  /** @throws AppError invalid_input */
  query(search: string): RouteInput<R>["query"];
  /** @throws AppError invalid_input */
  body(given: unknown): RouteInput<R>["body"];
}

export function inputOf<R extends Route>(route: R): InputOf<R> {
  const known = new Set(Object.keys(route.query.shape));
  return {
    params(given) {
      const result = route.params.safeParse(given);
      if (!result.success) throw notFound();
      return result.data as RouteInput<R>["params"];
    },
    query(search) {
      return parsed(route.query, readQuery(search, known)) as RouteInput<R>["query"];
    },
    body: (given) => parsed(route.body, given) as RouteInput<R>["body"],
  };
}

/** Whether a route takes a JSON body. */
export function takesBody(route: Route): boolean {
  return route.bodyKind !== "bytes" && route.body.type !== "undefined";
}

function parsed(schema: z.ZodType, given: unknown): unknown {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw invalidInput(result.error.issues);
}

/** A filter that is misspelt or given twice would answer another question than the one asked: refused. */
function readQuery(search: string, known: ReadonlySet<string>): Record<string, string> {
  const query: Record<string, string> = {};
  if (search.length < 2) return query;
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (!known.has(name)) fields.set(name.slice(0, 100), "There is no such parameter.");
    else if (Object.hasOwn(query, name)) fields.set(name, "Given twice; separate several values with commas.");
    else if (value.includes("\0")) fields.set(name, "Has a character that cannot be stored (NUL).");
    else query[name] = value;
    if (fields.size >= maxFields) break;
  }
  if (fields.size) throw refused(fields);
  return query;
}

function refused(fields: Map<string, string>): AppError {
  const message = "Some of what was sent cannot be used. Nothing was changed.";
  return new AppError("invalid_input", message, Object.fromEntries(fields));
}

/** Zod's issues as one message per field, the field as a dotted path (`promise.dueAt`, `holidays.3.date`). */
function invalidInput(issues: readonly z.core.$ZodIssue[]): AppError {
  const fields = new Map<string, string>();
  collect(issues, [], fields);
  return refused(fields);
}

function collect(
  issues: readonly z.core.$ZodIssue[],
  above: readonly PropertyKey[],
  fields: Map<string, string>,
): void {
  for (const issue of issues) {
    if (fields.size >= maxFields) return;
    const path = [...above, ...issue.path];
    const option = issue.code === "invalid_union" ? nearestOption(issue.errors) : undefined;
    if (option) collect(option, path, fields);
    else {
      const name = path.map(String).join(".").slice(0, 200);
      if (!fields.has(name)) fields.set(name, issue.message);
    }
  }
}

/** Of a union's alternatives the one that was meant: it fails, but not at the first thing it looks at. */
function nearestOption(options: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const inside = options.filter((issues) => issues.every((issue) => issue.path.length > 0));
  const meant = inside.find((issues) => !issues.some(isMissing));
  return meant ?? (options.length === 1 ? options[0] : undefined);
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" && issue.message.endsWith("received undefined");
}
