import { sql } from "kysely";
import { emailKey } from "../companies/companies.ts";
import { newId } from "../platform/id.ts";
import type { Tx } from "../platform/postgres.ts";
import type { Account } from "./contract.ts";
import { waysOf } from "./factors.ts";
import { seeSession, startSession, type InSession, type NewSession } from "./sessions.ts";
import { addToken } from "./tokens.ts";

/** Where a request comes from: what limits count by, and what the list of sessions will show. */
export interface From {
  /** An IPv4 address or the /64 of an IPv6 address. */
  network: string;
  userAgent?: string | undefined;
  /** Whether more than a password was given. */
  secondFactor?: boolean | undefined;
}

export interface SignedIn {
  account: Account;
  session: NewSession;
}

/** Starts a session and tells who has entered. */
export async function enter(outside: { db: Tx; now: Date }, accountId: string, from: From): Promise<SignedIn> {
  const session = await startSession(outside, accountId, from);
  await seeOwnMemberships(outside.db, accountId);
  const account = await accountOf(
    { db: outside.db, account: { id: accountId } },
    { secondFactor: !!from.secondFactor },
  );
  return { account, session };
}

/** What is asked for after a right password: no session has begun. */
export interface SecondStep {
  token: string;
  ways: Awaited<ReturnType<typeof waysOf>>;
}

/** Who has entered, or what is asked for next. */
export type Entering = { entered: SignedIn } | { secondStep: SecondStep };

const stepMinutes = 10;

/** After a right password: a session, or the second step where the account has a second factor. */
export async function enterOrAsk(outside: { db: Tx; now: Date }, accountId: string, from: From): Promise<Entering> {
  const ways = await waysOf(outside, accountId);
  if (ways.length === 0) return { entered: await enter(outside, accountId, from) };
  const made = { kind: "second_factor", subject: accountId, companyId: null, hours: stepMinutes / 60 } as const;
  return { secondStep: { token: await addToken(outside, made), ways } };
}

/** For the rest of the transaction the memberships of this account are visible, in all companies. */
export async function seeOwnMemberships(db: Tx, accountId: string | null): Promise<void> {
  // An id from the database: SET takes no parameters, and set_config() does not reach shards.
  await sql.raw(`set local app.account_id = '${accountId ?? ""}'`).execute(db);
}

/** The account with its companies, as its session sees it; the session is in use by that. */
export async function getMe(session: InSession): Promise<Account> {
  return accountOf(session, await seeSession(session));
}

/** The transaction must see the account's own memberships (`app.account_id`). */
export async function accountOf(
  { db, account }: { db: Tx; account: { id: string } },
  { secondFactor }: { secondFactor: boolean },
): Promise<Account> {
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
  return { ...me, memberships, secondFactor };
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
