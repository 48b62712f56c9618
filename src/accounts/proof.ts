import type { Role } from "../contract.ts";
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

const byKey = (match: string) => `
  select k.token_hash, m.account_id, k.scopes, k.id as key_id, true as second_factor, ${memberColumns}
  from api_keys k
  left join ${memberTables} on m.company_id = k.company_id and m.id = k.member_id and ${stands}
  where k.company_id = $2 and k.token_hash ${match} and k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)`;

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

/**
 * Proves a member by an API key, which belongs to one company and is unknown in every other.
 * @throws AppError unauthenticated: no such key here, expired or revoked · not_found: its member's membership has ended
 */
export function proveKey(tokenHash: Buffer): Proof {
  return prove(byKey("= $1"), tokenHash);
}

/**
 * Proves a member by who they are, for work that goes on after they asked for it: with the rights they have by now.
 * @throws AppError not_found: the membership has ended
 */
export function proveMember(memberId: string): Proof {
  return prove(byMember, memberId);
}

function prove(statement: string, credential: Buffer | string): Proof {
  return async (tx, companyId, now) => {
    const { rows } = await rawQuery(tx, statement, [credential, companyId, now]);
    const row = rows[0] as ProofRow | undefined;
    if (!row) throw unauthenticated();
    if (row.member_id === null) throw notFound();
    if (!row.second_factor && rolesWithSecondFactor.includes(row.role)) throw secondFactorRequired();
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
    supplierId: row.supplier_id,
    scopes: row.scopes,
    ...(row.key_id === null ? {} : { keyId: row.key_id }),
  };
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
