import { isDeepStrictEqual } from "node:util";
import { Hono, type Context as Call } from "hono";
import type { HttpBindings } from "@hono/node-server";
import { mayRole, type Permission, type Route } from "../contract.ts";
import { inCompany, outsideCompany, type Actor, type Context, type Platform, type Proof } from "../context.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import type { Files } from "./files.ts";
import {
  clearCookie,
  credentialsOf,
  requireSameOrigin,
  setCookie,
  unauthenticated,
  type Credentials,
  type SessionCookie,
} from "./http-credentials.ts";
import { onceOnly, type StoredReply } from "./http-idempotency.ts";
import { inputOf } from "./http-input.ts";
import { changes, prepare, valueOf, type Prepared } from "./http-prepare.ts";
import { etagOf, fileResponse, jsonResponse, matchesEtag, problemResponse } from "./http-replies.ts";
import type {
  AccountHandler,
  CompanyHandler,
  FileHandler,
  FileReply,
  Mount,
  PublicHandler,
  UploadHandler,
  UploadOptions,
} from "./http-routes.ts";
import type { StatusOfCode } from "./http-problems.ts";
import { HttpRequest } from "./http-request.ts";
import { openTurns, type Turns } from "./http-turns.ts";
import type { Log } from "./log.ts";
import type { Tx } from "./postgres.ts";

export const apiRoot = "/api/v1";

export interface HttpOptions {
  platform: Platform;
  files: Files;
  publicUrl: string | undefined;
  cookie: SessionCookie;
  /** How what a request brings becomes somebody; each throws unauthenticated or not_found. */
  proofs: {
    session(tokenHash: Buffer): Proof;
    key(tokenHash: Buffer): Proof;
    account(tx: Tx, tokenHash: Buffer, now: Date): Promise<{ id: string }>;
  };
  statusOfCode?: StatusOfCode | undefined;
  /** Tests: a reply that is not exactly what its route declares is an error, so that no contract can lie. */
  checkReplies?: boolean;
}

/** What mounted routes share. */
interface Served extends HttpOptions {
  turns: Turns;
}

export type Bindings = HttpBindings & { request: HttpRequest };
export type App = Hono<{ Bindings: Bindings }>;
type Handled = Call<{ Bindings: Bindings }>;

/** The API as a Hono application, and `mount`, with which features hang their routes into it. */
export function createHttp(given: HttpOptions): { app: App; mount: Mount; routes: Route[] } {
  const options: Served = { ...given, turns: turnsFor(given.platform) };
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
  mount.public = (route, handler) => add(route, "public", publicRoute(options, route, handler as never));
  mount.account = (route, handler) => add(route, "account", accountRoute(options, route, handler as never));
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

const given = (call: Handled) => ({ ...call.env, params: call.req.param() });

/** Credentials, and for a cookie the proof that the change was asked for by our own page. */
function credentialsFor(options: HttpOptions, route: Route, call: Handled): Credentials {
  const { headers } = call.env.incoming;
  const credentials = credentialsOf(headers, options.cookie);
  if (credentials.kind === "session" && changes(route)) requireSameOrigin(headers, options.publicUrl);
  return credentials;
}

/** How long a change waits for its turn, and then for what another one holds, before the asker is told to try again. */
const patienceMs = 5_000;

/** Of the connections to the database one company's changes hold at most four in ten. */
function turnsFor({ database }: Platform): Turns {
  const atOnce = Math.max(1, Math.floor(database.size * 0.4));
  return openTurns({ atOnce, waitMs: patienceMs });
}

const uuidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Stands for a company id that cannot be one, so that the same statements run as for one that does not exist. */
const nobodysCompany = "00000000-0000-0000-0000-000000000000";

/** Opens the company's transaction for a request; `work` runs once the actor is proven and its role suffices. */
async function asMember<T>(
  options: Served,
  route: Route,
  call: Handled,
  credentials: Credentials,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const { request } = call.env;
  const given = call.req.param("company") ?? "";
  const company = uuidShape.test(given) ? given.toLowerCase() : nobodysCompany;
  const platform = { ...options.platform, log: request.logTo(options.platform.log), lockWaitMs: patienceMs };
  const prove = options.proofs[credentials.kind](credentials.tokenHash);
  if (credentials.company && credentials.company !== company) {
    // A key of another company: asked there whether it is one, it is nobody (401) or a stranger here (404).
    await inCompany(platform, credentials.company, prove, async () => {}, "read");
    throw notFound();
  }
  const proceed = (ctx: Context) => {
    request.company = ctx.company.id;
    request.actor = ctx.actor.kind === "member" ? ctx.actor.memberId : ctx.actor.kind;
    requirePermission(ctx.actor, route);
    return work(ctx);
  };
  // Only changes wait for each other.
  if (!changes(route)) return inCompany(platform, company, prove, proceed, "read");
  return options.turns.take(company, () => inCompany(platform, company, prove, proceed, "write"));
}

/** @throws AppError forbidden: the company is visible, but the role or the key's scopes do not suffice. */
function requirePermission(actor: Actor, route: Route): void {
  if (actor.kind !== "member") return;
  if (!mayRole(actor.role, route.permission as Permission)) throw forbidden();
  if (actor.scopes && !actor.scopes.includes(changes(route) ? "write" : "read")) {
    throw new AppError("forbidden", "This API key was not given the scope for this.");
  }
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

function serialised(options: HttpOptions, route: Route, reply: unknown): string | undefined {
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

function fileRoute(options: Served, route: Route, handler: FileHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    const credentials = credentialsFor(options, route, call);
    const prepared = await prepare(route, schemas, given(call));
    const file: FileReply = await asMember(options, route, call, credentials, (ctx) =>
      handler(ctx, valueOf(prepared).input as never),
    );
    return fileResponse(call.env, file, file.type ?? route.replyType ?? "application/octet-stream");
  };
}

/** Who asks and whether they may is settled before the first byte is taken, and again in the transaction that uses it. */
function uploadRoute(
  options: Served,
  route: Route,
  { maxBytes, examine = async () => undefined }: UploadOptions<Route, unknown>,
  handler: UploadHandler<Route, unknown>,
) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    const credentials = credentialsFor(options, route, call);
    const prepared = await prepare(route, schemas, given(call));
    const { input } = await asMember(options, route, call, credentials, async () => valueOf(prepared));
    const file = await options.files.storeFile(call.env.incoming, { maxBytes });
    try {
      const examined = await examine(file, input as never);
      const reply = await asMember(options, route, call, credentials, (ctx) =>
        handler(ctx, { ...input, file, examined } as never),
      );
      return jsonResponse(route.status, serialised(options, route, reply));
    } catch (error) {
      await options.files.deleteFile(file.key);
      throw error;
    }
  };
}

function publicRoute(options: HttpOptions, route: Route, handler: PublicHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    if (changes(route)) requireSameOrigin(call.env.incoming.headers, options.publicUrl);
    const { input } = valueOf(await prepare(route, schemas, given(call)));
    const headers: Record<string, string> = {};
    const platform = { ...options.platform, log: call.env.request.logTo(options.platform.log) };
    const setSession = (token: string, expires: Date) =>
      void (headers["Set-Cookie"] = setCookie(options.cookie, token, expires));
    const reply = await handler({ platform, setSession }, input as never);
    return jsonResponse(route.status, serialised(options, route, reply), headers);
  };
}

function accountRoute(options: HttpOptions, route: Route, handler: AccountHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    const { kind, tokenHash } = credentialsFor(options, route, call);
    if (kind !== "session") throw unauthenticated();
    const prepared = await prepare(route, schemas, given(call));
    const headers: Record<string, string> = {};
    const clearSession = () => void (headers["Set-Cookie"] = clearCookie(options.cookie));
    const platform = { ...options.platform, log: call.env.request.logTo(options.platform.log) };
    const account = await outsideCompany(platform, ({ db, now }) => options.proofs.account(db, tokenHash, now));
    const { input } = valueOf(prepared);
    const work = (outside: { db: Tx; now: Date; log: Log }) =>
      handler({ ...outside, account, tokenHash, clearSession }, input as never);
    const reply = await outsideCompany(platform, work, { accountId: account.id });
    return jsonResponse(route.status, serialised(options, route, reply), headers);
  };
}
