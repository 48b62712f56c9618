import { Hono } from "hono";
import type { Route } from "../contract.ts";
import { outsideCompany, type Context, type Platform } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { clearCookie, requireSameOrigin, setCookie, unauthenticated } from "./http-credentials.ts";
import { fileRoute, uploadRoute } from "./http-files.ts";
import { onceOnly, type StoredReply } from "./http-idempotency.ts";
import { inputOf } from "./http-input.ts";
import {
  asMember,
  credentialsFor,
  given,
  turnsFor,
  turnsOfUploads,
  type App,
  type Handled,
  type HttpOptions,
  type Served,
} from "./http-member.ts";
import { changes, prepare, valueOf, type Prepared } from "./http-prepare.ts";
import { etagOf, jsonResponse, matchesEtag, problemResponse, serialised } from "./http-replies.ts";
import type { AccountHandler, AccountOutsideHandler, CompanyHandler, Mount, PublicHandler } from "./http-routes.ts";
import { streamRoute } from "./http-streams.ts";
import type { Log } from "./log.ts";
import type { Tx } from "./postgres.ts";

export type { App, HttpOptions } from "./http-member.ts";

export const apiRoot = "/api/v1";

/** The API as a Hono application, and `mount`, with which features hang their routes into it. */
export function createHttp(asked: HttpOptions): { app: App; mount: Mount; routes: Route[] } {
  const options: Served = { ...asked, turns: turnsFor(asked.platform), uploads: turnsOfUploads() };
  const app: App = new Hono();
  const routes: Route[] = [];
  const { log } = options.platform;
  app.onError((error, call) => problemResponse(call.env.request, error, log, options.statusOfCode));
  app.notFound((call) => missing(routes, call, log));
  const add = (
    route: Route,
    permissions: "company" | "public" | "account",
    run: (call: Handled) => Promise<Response>,
  ) => {
    checkDeclared(route, permissions, routes);
    routes.push(route);
    app.on(route.method.toUpperCase(), apiRoot + route.path.replace(/\{(\w+)\}/g, ":$1"), (call) => {
      call.env.request.routeId = route.id;
      return run(call);
    });
  };
  const mount = (<R extends Route>(route: R, handler: CompanyHandler<R>) =>
    add(route, "company", companyRoute(options, route, handler as never))) as Mount;
  mount.file = (route, handler) => add(route, "company", fileRoute(options, route, handler as never));
  mount.upload = (route, upload, handler) =>
    add(route, "company", uploadRoute(options, route, upload as never, handler as never));
  mount.stream = (route, handler) => add(route, "company", streamRoute(options, route, handler as never));
  mount.public = (route, handler) => add(route, "public", publicRoute(options, route, handler as never));
  mount.account = (route, handler) => add(route, "account", accountRoute(options, route, handler as never));
  mount.accountOutside = (route, handler) =>
    add(route, "account", accountOutsideRoute(options, route, handler as never));
  return { app, mount, routes };
}

/** What no route answers: 405 where another method would do, else 404. */
export function missing(routes: readonly Route[], call: Handled, log: Log): Response {
  const { path } = call.env.request;
  const others = routes.filter((route) => pathOf(route).test(path)).map((route) => route.method.toUpperCase());
  if (!others.length) return problemResponse(call.env.request, notFound(), log);
  const wrongMethod = new AppError("method_not_allowed", `Here only ${others.join(", ")} can be used.`);
  const response = problemResponse(call.env.request, wrongMethod, log);
  response.headers.set("Allow", others.join(", "));
  return response;
}

function pathOf(route: Route): RegExp {
  return new RegExp(`^${apiRoot}${route.path.replace(/\{\w+\}/g, "[^/]+")}$`);
}

function checkDeclared(route: Route, kind: "company" | "public" | "account", mounted: Route[]): void {
  const declared = route.permission === "public" || route.permission === "account" ? route.permission : "company";
  const inCompanyPath = route.path.startsWith("/companies/{company}");
  if (declared !== kind || (kind === "company") !== inCompanyPath) {
    throw new Error(
      `Route ${route.id}: permission ${route.permission} and path ${route.path} do not go with this mount.`,
    );
  }
  if (mounted.some((other) => other.id === route.id)) throw new Error(`Route ${route.id} is mounted twice.`);
}

function companyRoute(options: Served, route: Route, handler: CompanyHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    const credentials = credentialsFor(options, route, call);
    const prepared = await prepare(route, schemas, given(call));
    if (!changes(route)) {
      const reply = await asMember(options, route, call, credentials, (ctx) =>
        handler(ctx, valueOf(prepared).input as never),
      );
      return read(options, route, call, reply);
    }
    const written = await asMember(options, route, call, credentials, (ctx) =>
      write(options, route, ctx, valueOf(prepared), handler),
    );
    const headers: Record<string, string> = written.replayed ? { "Idempotency-Replayed": "true" } : {};
    if (written.etag) headers.ETag = written.etag;
    return jsonResponse(written.status, written.text, headers);
  };
}

/** A reading's reply; 304 when the reader has this version already. */
function read(options: HttpOptions, route: Route, call: Handled, reply: unknown): Response {
  const etag = etagOf(route, reply);
  const text = serialised(options, route, reply);
  if (!etag) return jsonResponse(route.status, text);
  const same = matchesEtag(call.env.incoming.headers["if-none-match"], etag);
  return same ? jsonResponse(304, undefined, { ETag: etag }) : jsonResponse(route.status, text, { ETag: etag });
}

async function write(
  options: HttpOptions,
  route: Route,
  ctx: Context,
  { input, repeatable }: Prepared,
  handler: CompanyHandler<Route>,
): Promise<StoredReply & { replayed: boolean; etag?: string | undefined }> {
  let etag: string | undefined;
  const work = async () => {
    const reply = await handler(ctx, input as never);
    etag = etagOf(route, reply);
    return { status: route.status, text: serialised(options, route, reply) };
  };
  if (!repeatable) return { ...(await work()), replayed: false, etag };
  const written = await onceOnly(ctx, repeatable, work);
  if (written.replayed && written.text) etag = etagOf(route, JSON.parse(written.text));
  return { ...written, etag };
}

function publicRoute(options: HttpOptions, route: Route, handler: PublicHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    if (changes(route)) requireSameOrigin(call.env.incoming.headers, options.publicUrl);
    const { input } = valueOf(await prepare(route, schemas, given(call)));
    const { headers, setSession } = sessionHeaders(options);
    const reply = await handler({ platform: platformOf(options, call), setSession }, input as never);
    return jsonResponse(route.status, serialised(options, route, reply), headers);
  };
}

function platformOf(options: HttpOptions, call: Handled): Platform {
  return { ...options.platform, log: call.env.request.logTo(options.platform.log) };
}

/** What a handler says of the session's cookie; the last word counts. */
function sessionHeaders({ cookie }: HttpOptions) {
  const headers: Record<string, string> = {};
  return {
    headers,
    setSession: (token: string, expires: Date) => void (headers["Set-Cookie"] = setCookie(cookie, token, expires)),
    clearSession: () => void (headers["Set-Cookie"] = clearCookie(cookie)),
  };
}

/** Proves the account first: input that cannot be used is spoken of to nobody else. */
async function enterAccount(options: HttpOptions, route: Route, schemas: ReturnType<typeof inputOf>, call: Handled) {
  const { kind, tokenHash } = credentialsFor(options as Served, route, call);
  if (kind !== "session") throw unauthenticated();
  const prepared = await prepare(route, schemas, given(call));
  const platform = platformOf(options, call);
  const account = await outsideCompany(platform, ({ db, now }) => options.proofs.account(db, tokenHash, now));
  return { platform, account, tokenHash, input: valueOf(prepared).input };
}

function accountRoute(options: HttpOptions, route: Route, handler: AccountHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    const { platform, account, tokenHash, input } = await enterAccount(options, route, schemas, call);
    const { headers, setSession, clearSession } = sessionHeaders(options);
    const work = (outside: { db: Tx; now: Date; log: Log }) =>
      handler({ ...outside, account, tokenHash, setSession, clearSession }, input as never);
    const reply = await outsideCompany(platform, work, { accountId: account.id });
    return jsonResponse(route.status, serialised(options, route, reply), headers);
  };
}

function accountOutsideRoute(options: HttpOptions, route: Route, handler: AccountOutsideHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    const { platform, account, tokenHash, input } = await enterAccount(options, route, schemas, call);
    const { headers, setSession } = sessionHeaders(options);
    const reply = await handler({ platform, account, tokenHash, setSession }, input as never);
    return jsonResponse(route.status, serialised(options, route, reply), headers);
  };
}
