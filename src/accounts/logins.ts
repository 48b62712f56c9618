import { sql } from "kysely";
import { emailKey } from "../companies/companies.ts";
import { newId } from "../platform/id.ts";
import type { Tx } from "../platform/postgres.ts";
import type { Account } from "./contract.ts";
import { startSession, type NewSession } from "./sessions.ts";

/** Where a request comes from: what limits count by, and what the list of sessions will show. */
export interface From {
  /** An IPv4 address or the /64 of an IPv6 address. */
  network: string;
  userAgent?: string | undefined;
}

export interface SignedIn {
  account: Account;
  session: NewSession;
}

/** Starts a session and tells who has entered. */
export async function enter(outside: { db: Tx; now: Date }, accountId: string, from: From): Promise<SignedIn> {
  const session = await startSession(outside, accountId, from.userAgent);
  await seeOwnMemberships(outside.db, accountId);
  return { account: await getMe({ db: outside.db, account: { id: accountId } }), session };
}

/** For the rest of the transaction the memberships of this account are visible, in all companies. */
export async function seeOwnMemberships(db: Tx, accountId: string | null): Promise<void> {
  // An id from the database: SET takes no parameters, and set_config() does not reach shards.
  await sql.raw(`set local app.account_id = '${accountId ?? ""}'`).execute(db);
}

/** The account with its companies. The transaction must see its own memberships (`app.account_id`). */
export async function getMe({ db, account }: { db: Tx; account: { id: string } }): Promise<Account> {
  const me = await db
    .selectFrom("accounts")
    .select(["id", "email", "name"])
    .where("id", "=", account.id)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom("members as m")
    .innerJoin("companies as c", "c.id", "m.company_id")
    .select([
      "c.id",
      "c.name",
      "c.time_zone as timeZone",
      "c.currency",
      "c.locale",
      "m.role",
      "m.person_id as personId",
    ])
    .where("m.account_id", "=", account.id)
    .where("m.ended_at", "is", null)
    .orderBy("c.name")
    .orderBy("c.id")
    .execute();
  const memberships = rows.map(({ role, personId, ...company }) => ({
    company,
    role: role as Account["memberships"][number]["role"],
    personId,
  }));
  return { ...me, memberships };
}

export interface FoundAccount {
  id: string;
  name: string;
  email: string;
  hasPassword: boolean;
}

/** The account of an e-mail address in any spelling; made, without a password, when there is none. */
export async function findOrAddAccount(
  { db, now }: { db: Tx; now: Date },
  { email, name }: { email: string; name: string },
): Promise<FoundAccount> {
  const key = emailKey(email);
  const known = await accountByKey(db, key);
  if (known) return known;
  await db
    .insertInto("accounts")
    .values({ id: newId(now), email: email.trim(), email_key: key, name, created_at: now })
    .onConflict((oc) => oc.column("email_key").doNothing())
    .execute();
  return (await accountByKey(db, key))!;
}

async function accountByKey(db: Tx, key: string): Promise<FoundAccount | undefined> {
  const row = await db
    .selectFrom("accounts")
    .select(["id", "name", "email", "password_hash"])
    .where("email_key", "=", key)
    .executeTakeFirst();
  return row && { id: row.id, name: row.name, email: row.email, hasPassword: row.password_hash !== null };
}
