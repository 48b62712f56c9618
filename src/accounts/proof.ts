import { mayRole, permissionNames, permissionsOfSide, type Permission, type Role } from "../contract.ts";
import type { Actor, CompanyFacts, Context, Proof } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { rolesWithSecondFactor } from "./contract.ts";
import { unauthenticated } from "../platform/http-credentials.ts";
import { rawQuery } from "../platform/postgres.ts";

/*
 * Every call of the API begins here, so who asks, whether they belong here and the company itself are one prepared
 * statement. It is the same one for a company that is somebody else's and for one that does not exist. Row-level
 * security is on: the transaction sees only the company it was opened for.
 */

interface ProofRow {
  token_hash?: Buffer;
  account_id: string;
  scopes: string[] | null;
  key_id: string | null;
  member_id: string | null;
  role: Role;
  person_id: string;
  person_name: string;
  supplier_id: string | null;
  second_factor: boolean;
  company_id: string;
  company_name: string;
  time_zone: string;
  currency: string;
  locale: string;
  settings_version: number;
  /** Of a key alone. */
  key_permissions?: string[] | null;
  key_supplier_id?: string | null;
  maker_role?: Role | null;
  last_used_at?: Date | null;
}

const memberColumns = `m.id as member_id, m.role, p.id as person_id, p.name as person_name, p.supplier_id,
  c.id as company_id, c.name as company_name, c.time_zone, c.currency, c.locale, c.settings_version`;

const memberTables = `(members m
    join people p on p.company_id = m.company_id and p.id = m.person_id
    join companies c on c.id = m.company_id
    left join suppliers u on u.company_id = p.company_id and u.id = p.supplier_id)`;

/** A membership stands as long as neither it nor its supplier has ended and its person has not left. */
const stands = `m.ended_at is null and (p.left_at is null or p.left_at > $3) and (u.ended_at is null or u.ended_at > $3)`;

const bySession = (match: string) => `
  select s.token_hash, s.account_id, null as scopes, null as key_id, s.second_factor_at is not null as second_factor, ${memberColumns}
  from sessions s
  left join ${memberTables} on m.company_id = $2 and m.account_id = s.account_id and ${stands}
  where s.token_hash ${match} and s.expires_at > $3`;

/** A key stands as long as who made it is here, and the supplier it is narrowed to. */
const byKey = (match: string) => `
  select k.token_hash, m.account_id, k.scopes, k.id as key_id, true as second_factor, ${memberColumns},
    k.permissions as key_permissions, k.supplier_id as key_supplier_id, y.role as maker_role, k.last_used_at
  from api_keys k
  left join (members y
    join people yp on yp.company_id = y.company_id and yp.id = y.person_id
    left join suppliers yu on yu.company_id = yp.company_id and yu.id = yp.supplier_id)
    on y.company_id = k.company_id and y.id = k.made_by
  left join suppliers ku on ku.company_id = k.company_id and ku.id = k.supplier_id
  left join ${memberTables} on m.company_id = k.company_id and m.id = k.member_id and ${stands}
  where k.company_id = $2 and k.token_hash ${match} and k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)
    and (k.made_by is null or (y.ended_at is null and (yp.left_at is null or yp.left_at > $3)
      and (yu.ended_at is null or yu.ended_at > $3)))
    and (ku.ended_at is null or ku.ended_at > $3)`;

const byMember = `
  select m.account_id, null as scopes, null as key_id, true as second_factor, ${memberColumns}
  from (select $1::uuid as id, $3::timestamptz as now) asked
  left join ${memberTables} on m.company_id = $2 and m.id = asked.id and ${stands}`;

/**
 * Proves a member by a session. @param tokenHash SHA-256 of the cookie's token
 * @throws AppError unauthenticated: no such session, or it has expired · not_found: not a member of this company (now)
 * · second_factor_required: the role needs one, the session gave none
 */
export function proveSession(tokenHash: Buffer): Proof {
  return prove(bySession("= $1"), tokenHash);
}

/** A key that was used just now. */
export interface KeyUse {
  companyId: string;
  keyId: string;
  /** What was known of it before. */
  lastUsedAt: Date | null;
  now: Date;
}

/**
 * Proves a member by an API key, which belongs to one company and is unknown in every other.
 * @param onUse hears of each key that opens something; it must not wait for the transaction it is called in
 * @throws AppError unauthenticated: no such key here, expired or revoked, or who made it has left · not_found: its
 * member's membership has ended
 */
export function proveKey(tokenHash: Buffer, onUse?: (use: KeyUse) => void): Proof {
  const statement = byKey("= $1");
  return prove(statement, tokenHash, ({ key_id, last_used_at, company_id }, now) =>
    onUse?.({ companyId: company_id, keyId: key_id!, lastUsedAt: last_used_at ?? null, now }),
  );
}

/**
 * Proves a member by who they are, for work that goes on after they asked for it: with the rights they have by now.
 * @throws AppError not_found: the membership has ended
 */
export function proveMember(memberId: string): Proof {
  return prove(byMember, memberId);
}

function prove(statement: string, credential: Buffer | string, onProven?: (row: ProofRow, now: Date) => void): Proof {
  return async (tx, companyId, now) => {
    const { rows } = await rawQuery(tx, statement, [credential, companyId, now]);
    const row = rows[0] as ProofRow | undefined;
    if (!row) throw unauthenticated();
    if (row.member_id === null) throw notFound();
    if (!row.second_factor && rolesWithSecondFactor.includes(row.role)) throw secondFactorRequired();
    onProven?.(row, now);
    return { actor: actorOf(row, row.member_id), company: companyOf(row) };
  };
}

/** What somebody brought when they began something that goes on. */
export interface Held {
  kind: "session" | "key";
  tokenHash: Buffer;
}

/**
 * Who of many is still a member of this company, by the same rules as when they began: for what stays open, such as a
 * stream of events. One statement for all sessions, one for all keys.
 * @returns by the credential's hash in hex; whoever is missing has no right here any more
 */
export async function findStanding(
  ctx: Context,
  held: readonly Held[],
): Promise<Map<string, Actor & { kind: "member" }>> {
  const standing = new Map<string, Actor & { kind: "member" }>();
  const statements = { session: bySession("= any($1::bytea[])"), key: byKey("= any($1::bytea[])") };
  for (const kind of ["session", "key"] as const) {
    const hashes = held.filter((one) => one.kind === kind).map(({ tokenHash }) => tokenHash);
    if (hashes.length === 0) continue;
    const { rows } = await rawQuery(ctx.db, statements[kind], [hashes, ctx.company.id, ctx.now]);
    for (const row of rows as ProofRow[]) {
      const lacksFactor = !row.second_factor && rolesWithSecondFactor.includes(row.role);
      if (row.member_id === null || lacksFactor) continue;
      standing.set(row.token_hash!.toString("hex"), actorOf(row, row.member_id));
    }
  }
  return standing;
}

function secondFactorRequired(): AppError {
  return new AppError(
    "second_factor_required",
    "Your role works for several companies, so it needs a second factor. Add an authenticator or a passkey to your account, then go on.",
  );
}

function actorOf(row: ProofRow, memberId: string): Actor & { kind: "member" } {
  return {
    kind: "member",
    accountId: row.account_id,
    memberId,
    personId: row.person_id,
    name: row.person_name,
    role: row.role,
    supplierId: sideOfRow(row),
    scopes: row.scopes,
    ...(row.key_id === null ? {} : { keyId: row.key_id }),
    ...narrowed(row),
  };
}

/** A member's own side comes first: a key leads to no other one. */
const sideOfRow = (row: ProofRow) => row.supplier_id ?? row.key_supplier_id ?? null;

/** What is left of a role when a key acts: what it was given, of what its maker may by now. */
function narrowed(row: ProofRow): { permissions?: Permission[] } {
  const { key_permissions: given, maker_role: maker, key_supplier_id: side } = row;
  if (!given && !maker && !side) return {};
  const permissions = permissionNames.filter(
    (name) =>
      (!given || given.includes(name)) &&
      (!maker || mayRole(maker, name)) &&
      (!side || permissionsOfSide.includes(name)),
  );
  return permissions.length === permissionNames.length ? {} : { permissions };
}

function companyOf(row: ProofRow): CompanyFacts {
  return {
    id: row.company_id,
    name: row.company_name,
    timeZone: row.time_zone,
    currency: row.currency,
    locale: row.locale,
    settingsVersion: row.settings_version,
  };
}
