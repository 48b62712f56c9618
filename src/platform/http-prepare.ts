import type { IncomingMessage } from "node:http";
import type { Route } from "../contract.ts";
import { maxJsonBytes, parseJson, readBytes, requireJson, requirePlain } from "./http-body.ts";
import { checkedKey, digestOfRequest, type Repeatable } from "./http-idempotency.ts";
import { takesBody, type InputOf } from "./http-input.ts";
import type { HttpRequest } from "./http-request.ts";

const bodyTimeoutMs = 60_000;

interface Given {
  incoming: IncomingMessage;
  request: HttpRequest;
  params: Record<string, string>;
}

/** Everything that came with a request, read and checked, but not yet spoken of: a stranger gets 401 or 404 first. */
export interface Prepared {
  input: { params: unknown; query: unknown; body: unknown; request: HttpRequest };
  repeatable: Repeatable | undefined;
}

export type Attempt<T> = { value: T } | { error: unknown };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

export function valueOf<T>(tried: Attempt<T>): T {
  if ("error" in tried) throw tried.error;
  return tried.value;
}

const noBytes = Buffer.alloc(0);
export const changes = (route: Route) => route.method !== "get";

/** Reads the body before any transaction opens: a slow sender must not hold a connection of the database. */
export async function prepare(route: Route, schemas: InputOf<Route>, given: Given): Promise<Attempt<Prepared>> {
  const { incoming, request } = given;
  let bytes: Buffer = noBytes;
  try {
    if (takesBody(route) || route.bodyKind === "bytes") requirePlain(incoming.headers["content-encoding"]);
    if (takesBody(route)) {
      requireJson(incoming.headers["content-type"]);
      bytes = await readBytes(incoming, maxJsonBytes, bodyTimeoutMs);
    }
  } catch (error) {
    return { error };
  }
  return attempt(() => {
    const params = schemas.params(given.params);
    const query = schemas.query(request.search);
    const body = takesBody(route) ? schemas.body(parseJson(bytes)) : undefined;
    const key = route.idempotent ? incoming.headers["idempotency-key"] : undefined;
    const repeatable = key === undefined ? undefined : repeatableOf(route, String(key), request, bytes);
    return { input: { params, query, body, request }, repeatable };
  });
}

function repeatableOf(route: Route, key: string, request: HttpRequest, bytes: Buffer): Repeatable {
  const target = request.path + request.search;
  return {
    key: checkedKey(key),
    routeId: route.id,
    digest: digestOfRequest(target, bytes),
    secret: !!route.secretReply,
  };
}
