import { sql } from "kysely";
import { createCompany, findOrAddPeople, type NewCompany } from "../companies/companies.ts";
import { outsideCompany, type Context, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import { newId } from "../platform/id.ts";
import type { Tx } from "../platform/postgres.ts";
import { enter, findOrAddAccount, type From, type SignedIn } from "./logins.ts";
import { insertMember, passwordLink } from "./members.ts";
import { hashPassword } from "./passwords.ts";
import { checkLink, consumeToken, invalidLink, makeToken } from "./tokens.ts";

const setUpHours = 24;

/**
 * The way into an installation that has no account yet: a path with a one-time token that lasts 24 hours and replaces
 * the ones made before. For whoever sees the server's own output; being first at the port opens nothing.
 * @returns `/set-up#<token>`; undefined when there are accounts
 */
export async function ensureSetUpLink(platform: Platform): Promise<string | undefined> {
  return outsideCompany(platform, async (outside) => {
    if (await hasAccounts(outside.db)) return undefined;
    const token = await makeToken(outside, {
      kind: "set_up",
      subject: "installation",
      companyId: null,
      hours: setUpHours,
    });
    return `/set-up#${token}`;
  });
}

async function hasAccounts(db: Tx): Promise<boolean> {
  return (await db.selectFrom("accounts").select("id").limit(1).executeTakeFirst()) !== undefined;
}

export interface SetUpInput extends Omit<NewCompany, "id" | "name">, From {
  token: string;
  name: string;
  email: string;
  password: string;
  companyName: string;
}

/**
 * Uses the set-up link: the first account, its company and a session, in one transaction. The link stays good when
 * something in the input cannot be used.
 * @throws AppError invalid_link · already_set_up · invalid_input · too_many_attempts
 */
export async function setUp(platform: Platform, input: SetUpInput): Promise<SignedIn> {
  await checkLink(platform, "set_up", input);
  const passwordHash = await hashPassword(input.password);
  const id = newId(platform.clock());
  const { name, email, companyName, timeZone, currency, locale } = input;
  return outsideCompany(
    platform,
    async (outside) => {
      // One at a time: two links made by two starts at once must not both find the installation empty.
      await sql`select pg_advisory_xact_lock(hashtextextended('set_up', 0))`.execute(outside.db);
      if (!(await consumeToken(outside, "set_up", input.token))) throw invalidLink();
      if (await hasAccounts(outside.db)) throw alreadySetUp();
      const owner = { name, email, passwordHash };
      const founded = await foundCompany(outside, { id, name: companyName, timeZone, currency, locale, owner });
      return enter(outside, founded.accountId, input);
    },
    { companyId: id },
  );
}

function alreadySetUp(): AppError {
  return new AppError("already_set_up", "This installation has been set up. Nothing was changed; sign in.");
}

export interface FoundedCompany {
  companyId: string;
  accountId: string;
  personId: string;
  memberId: string;
  /** `/password#<token>` when the owner has no password yet: good once, for 7 days. */
  passwordLink?: string;
}

export interface NewCompanyWithOwner extends Omit<NewCompany, "id"> {
  ownerEmail: string;
  /** Default: what stands before the @. */
  ownerName?: string | undefined;
}

/**
 * The operator makes a company and gives it to its owner, whose account is found by the address or made.
 * @throws AppError invalid_input
 */
export async function createCompanyWithOwner(platform: Platform, input: NewCompanyWithOwner): Promise<FoundedCompany> {
  const id = newId(platform.clock());
  const { ownerEmail, ownerName, ...company } = input;
  if (!/^[^\s@]+@[^\s@]+$/.test(ownerEmail.trim())) {
    throw new AppError("invalid_input", `"${ownerEmail}" is not an e-mail address. Nothing was made.`, {
      ownerEmail: "Not an e-mail address.",
    });
  }
  const owner = { email: ownerEmail.trim(), name: ownerName ?? ownerEmail.trim().split("@")[0]! };
  return outsideCompany(platform, (outside) => foundCompany(outside, { ...company, id, owner }), { companyId: id });
}

type Outside = Pick<Context, "db" | "now" | "log">;
type Owner = { name: string; email: string; passwordHash?: string };

async function foundCompany(outside: Outside, input: NewCompany & { owner: Owner }): Promise<FoundedCompany> {
  const { owner, ...company } = input;
  const account = await findOrAddAccount(outside, owner);
  const ctx = await createCompany(outside, company);
  const [person] = await findOrAddPeople(ctx, [{ name: owner.name, email: owner.email }]);
  const member = await insertMember(ctx, { accountId: account.id, personId: person!.id, role: "owner" });
  const founded = { companyId: company.id, accountId: account.id, personId: person!.id, memberId: member!.id };
  if (owner.passwordHash) {
    await outside.db
      .updateTable("accounts")
      .set({ password_hash: owner.passwordHash, password_changed_at: outside.now })
      .where("id", "=", account.id)
      .execute();
    return founded;
  }
  return account.hasPassword ? founded : { ...founded, passwordLink: await passwordLink(ctx, account.id) };
}
