import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isDeepStrictEqual } from "node:util";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Route } from "../contract.ts";
import { AppError } from "../errors.ts";
import { errorFields, expectedError, problemReply, statusOf, type StatusOfCode } from "./http-problems.ts";
import type { HttpRequest } from "./http-request.ts";
import type { FileReply } from "./http-routes.ts";
import type { Log } from "./log.ts";

/** What JSON text is sent as. Plain header objects keep the server's short path: no Headers object is made. */
export function jsonResponse(status: number, text: string | undefined, headers: Record<string, string> = {}): Response {
  headers["Cache-Control"] = "no-store";
  if (text === undefined) return new Response(null, { status, headers });
  headers["Content-Type"] = "application/json; charset=utf-8";
  return new Response(text, { status, headers });
}

/** The text of a reply; undefined: no content. */
export function serialised(options: { checkReplies?: boolean }, route: Route, reply: unknown): string | undefined {
  if (route.status === 204 || reply === undefined) {
    if (options.checkReplies && !route.reply.safeParse(undefined).success)
      throw new Error(`${route.id} gave no reply.`);
    return undefined;
  }
  const text = JSON.stringify(reply);
  if (options.checkReplies) checkReply(route, text);
  return text;
}

/** @throws Error when the reply lacks something its route declares, or says more than that. */
function checkReply(route: Route, text: string): void {
  const sent: unknown = JSON.parse(text);
  const result = route.reply.safeParse(sent);
  if (!result.success) throw new Error(`${route.id} does not reply what it declares: ${result.error.message}`);
  if (!isDeepStrictEqual(result.data, sent)) throw new Error(`${route.id} replies more than it declares.`);
}

/** `"<version>"` of a reply that has one, on a route that takes it back as If-Match. */
export function etagOf(route: Route, reply: unknown): string | undefined {
  if (!route.versioned || typeof reply !== "object" || reply === null) return undefined;
  const { version } = reply as { version?: unknown };
  return typeof version === "number" ? `"${version}"` : undefined;
}

export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  return ifNoneMatch.split(",").some((given) => given.trim().replace(/^W\//, "") === etag || given.trim() === "*");
}

/** An error as a Problem. One that nobody foresaw goes to the log with its place, and to the reader with its id only. */
export function problemResponse(
  request: HttpRequest | undefined,
  error: unknown,
  log: Log,
  statusOfCode?: StatusOfCode,
): Response {
  const expected = expectedError(error);
  if (!expected) {
    log.error("a request failed", { request: request?.id, route: request?.routeId, ...errorFields(error) });
    const unknown = new AppError("internal_error", "Something went wrong on our side. Nothing was changed.");
    return problem(unknown, 500, request?.id);
  }
  if (!(error instanceof AppError) || error.cause) {
    log.warn("the database refused a request", {
      request: request?.id,
      route: request?.routeId,
      ...errorFields(error),
    });
  }
  return problem(expected, statusOf(expected, statusOfCode));
}

/** After this nothing more is waited for. What was refused for its size is still on its way: http-rest.ts. */
const closing = new Set([408]);

function problem(error: AppError, status: number, logId?: string): Response {
  const reply = problemReply(error, status, logId);
  const headers: Record<string, string> = {
    ...reply.headers,
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
  };
  if (closing.has(status)) headers.Connection = "close";
  return new Response(reply.body, { status, headers });
}

interface Sides {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

/** A download: whatever is in the file, the browser neither shows nor runs it. */
export async function fileResponse({ incoming, outgoing }: Sides, file: FileReply, type: string): Promise<Response> {
  const headers: Record<string, string> = {
    "Content-Type": type,
    "Content-Disposition": attachment(file.fileName),
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
  };
  if (file.etag) {
    // Kept by the reader's browser alone, and shown from there only after it was asked whether they still may.
    Object.assign(headers, { ETag: file.etag, "Cache-Control": "private, no-cache" });
    if (matchesEtag(incoming.headers["if-none-match"], file.etag)) return new Response(null, { status: 304, headers });
  }
  if (typeof file.body !== "function" && !(file.body instanceof Readable)) {
    return new Response(file.body as Uint8Array<ArrayBuffer>, { headers });
  }
  if (file.size !== undefined) headers["Content-Length"] = String(file.size);
  if (incoming.method === "HEAD") {
    if (file.body instanceof Readable) file.body.destroy();
    return new Response(null, { headers });
  }
  const body = typeof file.body === "function" ? await file.body() : file.body;
  outgoing.writeHead(200, headers);
  // Too late for another status: a stream that breaks off ends the connection, which the reader notices.
  await pipeline(body, outgoing).catch(() => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

/** RFC 6266 with both forms of the name. */
function attachment(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
