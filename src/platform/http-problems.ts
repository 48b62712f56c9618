import { STATUS_CODES } from "node:http";
import type { Problem } from "../contract.ts";
import { AppError, notFound } from "../errors.ts";
import type { LogFields } from "./log.ts";

/** Codes whose status is not the default of {@link statusOf}. Business codes are 409 unless a door says otherwise. */
const statuses: Readonly<Record<string, number>> = {
  malformed_json: 400,
  malformed_request: 400,
  request_aborted: 400,
  unauthenticated: 401,
  forbidden: 403,
  cross_site_request: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  misdirected_request: 421,
  idempotency_key_reused: 422,
  unknown_reference: 422,
  internal_error: 500,
  busy: 503,
  database_unavailable: 503,
  storage_full: 503,
};

/** What a door knows of the statuses of its features' codes; undefined: the rules below decide. */
export type StatusOfCode = (code: string) => number | undefined;

/** The HTTP status of an error: the tables, else 422 for what the input's fields are to blame for, else 409. */
export function statusOf(error: AppError, statusOfCode: StatusOfCode = () => undefined): number {
  const { code } = error;
  const known = statusOfCode(code) ?? (Object.hasOwn(statuses, code) ? statuses[code] : undefined);
  if (known) return known;
  if (code.startsWith("too_many_")) return 429;
  if (code.endsWith("_too_large")) return 413;
  return error.fields || code.startsWith("invalid_") ? 422 : 409;
}

export interface ProblemReply {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** An AppError as application/problem+json. `retryAfter` (seconds) on the error object becomes Retry-After. */
export function problemReply(error: AppError, status: number, logId?: string): ProblemReply {
  const problem: Problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    code: error.code,
    detail: error.message || undefined,
    fields: error.fields && Object.fromEntries(Object.entries(error.fields)),
    logId,
  };
  const headers: Record<string, string> = {};
  if (status === 401) headers["WWW-Authenticate"] = "Bearer";
  const { acceptEncoding } = error as { acceptEncoding?: string };
  if (acceptEncoding) headers["Accept-Encoding"] = acceptEncoding;
  if (status === 429 || status === 503) {
    const seconds = (error as { retryAfter?: unknown }).retryAfter;
    headers["Retry-After"] = String(typeof seconds === "number" ? Math.max(1, Math.ceil(seconds)) : fallback[status]);
  }
  return { status, body: JSON.stringify(problem), headers };
}

const fallback: Record<number, number> = { 429: 60, 503: 5 };

/** What PostgreSQL refuses, as far as the input is to blame or a repeat helps. https://www.postgresql.org/docs/18/errcodes-appendix.html */
const refusals: Readonly<Record<string, () => AppError>> = {
  "23503": () => new AppError("unknown_reference", "Something this refers to does not exist. Nothing was changed."),
  "23505": () => new AppError("already_exists", "This exists already. Nothing was changed."),
  "40001": busy,
  "40P01": busy,
  "55P03": busy,
  "57014": busy,
  "53100": () => new AppError("storage_full", "The installation's disk is full. Nothing was changed."),
  "53300": unavailable,
  "57P01": unavailable,
  "57P02": unavailable,
  "57P03": unavailable,
};
const invalidValues = new Set(["22001", "22003", "22007", "22008", "22021", "22P02", "22P05", "23514"]);

function busy(): AppError {
  return new AppError("busy", "Too much happened at once. Nothing was changed; try again.");
}

function unavailable(): AppError {
  return new AppError("database_unavailable", "The database cannot be reached just now. Nothing was lost; try again.");
}

/** The error as the reader meets it; undefined for one that nobody foresaw (a 500 with a log id and no detail). */
export function expectedError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error.code === "not_found" ? notFound() : error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string" || !isDatabaseError(error)) return undefined;
  if (invalidValues.has(code)) {
    return new AppError("invalid_input", "A value cannot be stored as it is. Nothing was changed.");
  }
  if (code.startsWith("08")) return unavailable();
  return Object.hasOwn(refusals, code) ? refusals[code]!() : undefined;
}

function isDatabaseError(error: unknown): error is { code: string; severity: string; table?: string } {
  return typeof (error as { severity?: unknown } | null)?.severity === "string";
}

/**
 * What the log may keep of an error: where it happened and of which kind. Never a message that quotes what somebody
 * wrote: PostgreSQL's and the JSON parser's do.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const fields: LogFields = { error: error.name, stack: frames.slice(0, 20).join("\n") };
  if (isDatabaseError(error)) {
    const { code, table, constraint, column, routine } = error as unknown as Record<string, string | undefined>;
    return { ...fields, code, table, constraint, column, routine };
  }
  if (!(error instanceof SyntaxError)) fields.reason = error.message.slice(0, 300);
  if (error.cause instanceof Error)
    fields.cause = `${error.cause.name}: ${String((error.cause as { code?: unknown }).code ?? "")}`;
  return fields;
}
