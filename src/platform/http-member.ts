import type { HttpBindings } from "@hono/node-server";
import type { Context as Call, Hono } from "hono";
import type { Permission, Route } from "../contract.ts";
import { inCompany, may, type Actor, type Context, type Platform, type Proof } from "../context.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import type { Files } from "./files.ts";
import { credentialsOf, requireSameOrigin, type Credentials, type SessionCookie } from "./http-credentials.ts";
import { changes } from "./http-prepare.ts";
import type { StatusOfCode } from "./http-problems.ts";
import { type HttpRequest, requestTimeoutMs } from "./http-request.ts";
import { openTurns, type Turns } from "./http-turns.ts";
import type { Tx } from "./postgres.ts";

/** Who asks, and whether they may: how a request becomes a transaction of its company. */

export type Bindings = HttpBindings & { request: HttpRequest };
export type App = Hono<{ Bindings: Bindings }>;
export type Handled = Call<{ Bindings: Bindings }>;

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
export interface Served extends HttpOptions {
  /** Of a company's changes. */
  turns: Turns;
  /** Of a member's uploads. */
  uploads: Turns;
}

/** Credentials, and for a cookie the proof that the change was asked for by our own page. */
export function credentialsFor(options: HttpOptions, route: Route, call: Handled): Credentials {
  const { headers } = call.env.incoming;
  const credentials = credentialsOf(headers, options.cookie);
  if (credentials.kind === "session" && changes(route)) requireSameOrigin(headers, options.publicUrl);
  return credentials;
}

/** How long a change waits for its turn, and then for what another one holds, before the asker is told to try again. */
const patienceMs = 5_000;

/** Of the connections to the database one company's changes hold at most four in ten. */
export function turnsFor({ database }: Platform): Turns {
  const atOnce = Math.max(1, Math.floor(database.size * 0.4));
  return openTurns({ atOnce, waitMs: patienceMs });
}

/**
 * Of one member so many files arrive and are looked at together; others wait, as long as a request may last. Else one of
 * them could fill the disk with files that nobody has counted yet, and keep all readers of spreadsheets to themselves.
 */
export function turnsOfUploads(): Turns {
  return openTurns({
    atOnce: 4,
    waitMs: requestTimeoutMs,
    mostWaiting: 100,
    message:
      "You are sending a great many files at once. This one was not kept; send it again when the others are done.",
  });
}

const uuidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Stands for a company id that cannot be one, so that the same statements run as for one that does not exist. */
const nobodysCompany = "00000000-0000-0000-0000-000000000000";

/** Opens the company's transaction for a request; `work` runs once the actor is proven and its role suffices. */
export async function asMember<T>(
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
  if (!changes(route)) return inCompany(platform, company, prove, proceed, route.records ? "write" : "read");
  return options.turns.take(company, () => inCompany(platform, company, prove, proceed, "write"));
}

/** @throws AppError forbidden: the company is visible, but the role or the key's scopes do not suffice. */
function requirePermission(actor: Actor, route: Route): void {
  if (actor.kind !== "member") return;
  if (!may(actor, route.permission as Permission)) throw forbidden();
  if (actor.scopes && !actor.scopes.includes(changes(route) ? "write" : "read")) {
    throw new AppError("forbidden", "This API key was not given the scope for this.");
  }
}

/** What came with a call, for {@link prepare}. */
export const given = (call: Handled) => ({ ...call.env, params: call.req.param() });
