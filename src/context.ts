import { sql } from "kysely";
import { mayRole, type Permission, type Role } from "./contract.ts";
import { AppError, notFound } from "./errors.ts";
import type { Database, Tx } from "./platform/postgres.ts";
import type { Log } from "./platform/log.ts";

/** Who acts. A member through the browser or a key; the operator by command; the system by a job. */
export type Actor =
  | {
      kind: "member";
      accountId: string;
      memberId: string;
      personId: string;
      name: string;
      role: Role;
      /** Set for a supplier's people: they see what concerns that supplier. */
      supplierId: string | null;
      /** What an API key is limited to; null: a session, no limit beyond the role. */
      scopes: readonly string[] | null;
      /** What an API key is narrowed to, itself and by who made it; else: all that the role may. */
      permissions?: readonly Permission[] | undefined;
      /** The key itself. */
      keyId?: string | undefined;
    }
  | { kind: "operator"; name: string }
  | { kind: "system"; name: string };

export interface CompanyFacts {
  id: string;
  name: string;
  timeZone: string;
  currency: string;
  locale: string;
  /** Changes with hours, holidays, targets, time zone: the key of what may be kept in memory. */
  settingsVersion: number;
}

/** First argument of every feature function: one transaction, one company, one actor, one moment. */
export interface Context {
  db: Tx;
  company: CompanyFacts;
  actor: Actor;
  /** The moment of recording, to the millisecond; a feature never asks the clock itself. */
  now: Date;
  log: Log;
}

export type Clock = () => Date;
export interface Platform {
  database: Database;
  clock: Clock;
  log: Log;
  /** How long a change waits for a row that another one holds before it fails as busy; default: as long as it takes. */
  lockWaitMs?: number | undefined;
}

/** What proves, in the same transaction, that somebody may be in this company. Throws not_found or unauthenticated. */
export type Proof = (tx: Tx, companyId: string, now: Date) => Promise<{ actor: Actor; company: CompanyFacts }>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function checkedUuid(value: string): string {
  if (!uuid.test(value)) throw notFound();
  return value;
}

const wholeMs = (ms: number) => `'${Math.round(ms)}ms'`;

/** `SET LOCAL` takes no parameters, so the value is checked here; the function set_config() does not reach shards. */
function opening(mode: "read" | "write", settings: Record<string, string>, lockWaitMs?: number): string {
  const begin = mode === "read" ? "begin isolation level repeatable read read only" : "begin";
  const waits = mode === "write" && lockWaitMs ? [`set local lock_timeout = ${wholeMs(lockWaitMs)}`] : [];
  const lines = Object.entries(settings).map(([name, value]) => `set local ${name} = '${checkedUuid(value)}'`);
  return [begin, ...waits, ...lines].join("; ");
}

/**
 * Opens a transaction for one company, proves the actor in it, and runs `work`. No network I/O inside.
 * `mode: "read"` sees one snapshot.
 */
export async function inCompany<T>(
  platform: Platform,
  companyId: string,
  prove: Proof,
  work: (ctx: Context) => Promise<T>,
  mode: "read" | "write" = "write",
): Promise<T> {
  const id = companyId.toLowerCase();
  const begin = opening(mode, { "app.company_id": id }, platform.lockWaitMs);
  return platform.database.transaction(begin, async (db) => {
    const now = platform.clock();
    const { actor, company } = await prove(db, id, now);
    const side = sideOf(actor);
    if (side) await sql.raw(`set local app.supplier_id = '${checkedUuid(side)}'`).execute(db);
    return work({ db, company, actor, now, log: platform.log });
  });
}

/** Whether an actor may do what a permission names: by their role, and of a key by what it was given. */
export function may(actor: Actor, permission: Permission): boolean {
  if (actor.kind !== "member") return true;
  return mayRole(actor.role, permission) && (actor.permissions?.includes(permission) ?? true);
}

/** No supplier has this id. */
const nobodys = "00000000-0000-0000-0000-000000000000";

/** Whose part of the record the actor sees; null: all of it. A supplier's role without a supplier sees nothing. */
export function sideOf(actor: Actor): string | null {
  if (actor.kind !== "member") return null;
  const isTheirs = actor.role === "technician" || actor.role === "account_manager";
  return actor.supplierId ?? (isTheirs ? nobodys : null);
}

/** How an actor is kept: in the header of an entry, beside a change, with a file. */
export function actorKey(actor: Actor): string {
  return actor.kind === "member" ? `person:${actor.personId}` : `${actor.kind}:${actor.name}`;
}

/** Of a key without a name in the record: "operator:command" is "command". */
export function bareActor(key: string): string {
  return key.replace(/^\w+:/, "");
}

/**
 * Asks one question of the whole company although the actor sees only their side of it: for a limit that holds for
 * all. The answer is a number, never a row.
 */
export async function askWholeCompany(ctx: Context, question: () => Promise<number>): Promise<number> {
  const side = sideOf(ctx.actor);
  if (side) await sql.raw("set local app.supplier_id = ''").execute(ctx.db);
  const answer = await seeBothSides(ctx, question);
  if (side) await sql.raw(`set local app.supplier_id = '${checkedUuid(side)}'`).execute(ctx.db);
  return answer;
}

/**
 * The company's view with what its suppliers noted for themselves: for what must cover the whole record (the check of
 * its chains, the index of words) and shows nobody what it read.
 */
export async function seeBothSides<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  await sql.raw("set local app.both_sides = 'on'").execute(ctx.db);
  const done = await work();
  await sql.raw("set local app.both_sides = ''").execute(ctx.db);
  return done;
}

/** The operator's or the system's way in: the company must exist, nothing else is asked. */
export function asOperator(name = "operator", kind: "operator" | "system" = "operator"): Proof {
  return async (tx, companyId) => {
    const row = await tx
      .selectFrom("companies")
      .select(["id", "name", "time_zone", "currency", "locale", "settings_version"])
      .where("id", "=", companyId)
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", `There is no company ${companyId} on this installation.`);
    return {
      actor: { kind, name },
      company: {
        id: row.id,
        name: row.name,
        timeZone: row.time_zone,
        currency: row.currency,
        locale: row.locale,
        settingsVersion: row.settings_version,
      },
    };
  };
}

/** A transaction outside any company: accounts, sessions, tokens; with an account set, its own memberships. */
export async function outsideCompany<T>(
  platform: Platform,
  work: (ctx: { db: Tx; now: Date; log: Log }) => Promise<T>,
  settings: { accountId?: string; companyId?: string } = {},
): Promise<T> {
  const set: Record<string, string> = {};
  if (settings.accountId) set["app.account_id"] = settings.accountId;
  if (settings.companyId) set["app.company_id"] = settings.companyId;
  return platform.database.transaction(opening("write", set), (db) =>
    work({ db, now: platform.clock(), log: platform.log }),
  );
}
