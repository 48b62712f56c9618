import type { z } from "zod";
import type { Problem, Route, RouteReply } from "../contract.ts";
import { learnServerTime } from "./server-time.ts";

/** One part of a call's input: may be left out when nothing in it is needed. */
type Part<Name extends string, T> =
  Record<string, never> extends T
    ? { [K in Name]?: T }
    : Partial<T> extends T
      ? { [K in Name]?: T }
      : { [K in Name]: T };

export type CallInput<R extends Route> = Part<"params", z.input<R["params"]>> &
  Part<"query", z.input<R["query"]>> &
  (undefined extends z.input<R["body"]> ? { body?: undefined } : { body: z.input<R["body"]> });

export interface CallOptions {
  /** The version the reader saw; the server answers 412 when it is no longer the last one. */
  ifMatch?: number;
  /** Kept by the caller across attempts of one submission; made here when absent and the route wants one. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/**
 * What went wrong, as the server's Problem says it. `status` 0 with code `network`: the server was not reached or its
 * answer did not arrive, so it is not known whether something was done (a repeat with the same key is safe).
 */
export class CallError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly logId: string | undefined;

  constructor(problem: Pick<Problem, "status" | "code"> & Partial<Problem>) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = "CallError";
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.fields = problem.fields ?? {};
    this.logId = problem.logId;
  }
}

const root = "/api/v1";
const retryDelays = [400, 1600];

/** The address of a route with its parameters filled in, e.g. for a download link. */
export function address<R extends Route>(route: R, input: Pick<CallInput<R>, never> & Partial<CallInput<R>>): string {
  const params = (input as { params?: Record<string, unknown> }).params ?? {};
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries((input as { query?: Record<string, unknown> }).query ?? {})) {
    if (value !== undefined && value !== "" && value !== null) query.set(key, String(value));
  }
  return root + path + (query.size ? `?${query}` : "");
}

/**
 * Calls a route of the API and gives its reply, typed by the contract. POSTs that are idempotent carry a key that is
 * kept over repeats; a lost connection is tried again by itself only where a repeat cannot do anything twice.
 * Throws {@link CallError}; an aborted signal throws its own reason.
 */
export async function call<R extends Route>(
  route: R,
  input: CallInput<R>,
  options: CallOptions = {},
): Promise<RouteReply<R>> {
  const headers = new Headers({ accept: "application/json" });
  const body = (input as { body?: unknown }).body;
  if (body !== undefined) headers.set("content-type", "application/json");
  if (options.ifMatch !== undefined) headers.set("if-match", `"${options.ifMatch}"`);
  if (route.idempotent) headers.set("idempotency-key", options.idempotencyKey ?? randomKey());
  const request: RequestInit = {
    method: route.method.toUpperCase(),
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    signal: options.signal,
  };
  const repeatable = route.method === "get" || route.idempotent === true;
  const response = await fetchAgain(address(route, input), request, repeatable ? retryDelays : []);
  learnServerTime(response.headers.get("date"));
  if (!response.ok) throw new CallError(await problemOf(response));
  if (response.status === 204 || route.replyType) return undefined as RouteReply<R>;
  try {
    return (await response.json()) as RouteReply<R>;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new CallError({ status: 0, code: "network" });
  }
}

/**
 * Sends a file as the body of a `bytes` route; `onProgress` hears how many bytes have left (fetch cannot tell).
 * Throws {@link CallError}; code `aborted` when the signal stopped it.
 */
export function upload<R extends Route>(
  route: R,
  input: Partial<CallInput<R>>,
  file: Blob,
  options: { onProgress?: (sent: number, total: number) => void } & Pick<CallOptions, "signal" | "idempotencyKey"> = {},
): Promise<RouteReply<R>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(route.method.toUpperCase(), address(route, input));
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    if (route.idempotent) request.setRequestHeader("idempotency-key", options.idempotencyKey ?? randomKey());
    request.upload.addEventListener("progress", (event) => options.onProgress?.(event.loaded, event.total));
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as RouteReply<R>);
      else reject(new CallError(parseProblem(request.status, request.responseText)));
    });
    request.addEventListener("error", () => reject(new CallError({ status: 0, code: "network" })));
    request.addEventListener("abort", () => reject(new CallError({ status: 0, code: "aborted" })));
    options.signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** A random UUID; `crypto.randomUUID` is missing on plain http away from loopback. */
export function randomKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

async function fetchAgain(url: string, request: RequestInit, delays: number[]): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const delay = delays[attempt];
    try {
      const response = await fetch(url, request);
      const passing = response.status === 502 || response.status === 503 || response.status === 504;
      if (!passing || delay === undefined) return response;
    } catch (error) {
      if (request.signal?.aborted) throw error;
      if (delay === undefined) throw new CallError({ status: 0, code: "network" });
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}

async function problemOf(response: Response): Promise<Problem> {
  return parseProblem(response.status, await response.text().catch(() => ""));
}

function parseProblem(status: number, text: string): Problem {
  const unreadable = { type: "about:blank", title: "", status, code: `http_${status}` };
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null && "code" in problem
      ? { ...(problem as Problem), status }
      : unreadable;
  } catch {
    return unreadable;
  }
}
