/** For tests: a company whose owner is signed in, and the ways into it. */
import { addPerson } from "../companies/companies.ts";
import { inCompany, outsideCompany, type Context } from "../context.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import type { TestPlatform } from "../../test/harness.ts";
import { createCompanyWithOwner, proveKey, proveSession, signIn, type Entering, type SignedIn } from "./accounts.ts";
import { findOrAddAccount } from "./logins.ts";
import { hashPassword } from "./passwords.ts";
import { startSession } from "./sessions.ts";

export const password = "a long enough password";

/** Networks of their own for each caller, so that one test's tries do not count against another's. */
let networks = 0;
export function newNetwork(): string {
  return `203.0.${(networks >> 8) & 255}.${networks++ & 255}`;
}

export function tokenOf(link: string | undefined): string {
  return link!.split("#")[1]!;
}

/** Hashed once a run: it costs a tenth of a second. */
let hashed: Promise<string> | undefined;

export async function givePassword(platform: TestPlatform, email: string): Promise<void> {
  const hash = await (hashed ??= hashPassword(password));
  await platform.asSuperuser("update accounts set password_hash = $2 where email_key = lower($1)", [email, hash]);
}

/** A company with an owner who has a password and is signed in. */
export async function companyWithOwner(platform: TestPlatform, more: { email?: string; name?: string } = {}) {
  const email = more.email ?? `owner-${newId(platform.clock())}@example.com`;
  const made = await createCompanyWithOwner(platform, {
    name: more.name ?? "Fixture Ltd",
    timeZone: "Europe/Berlin",
    ownerEmail: email,
    ownerName: "Olive Owner",
  });
  await givePassword(platform, email);
  const { token } = await outsideCompany(platform, (outside) => startSession(outside, made.accountId));
  return { ...made, email, token };
}

/** Somebody of a supplier, signed in with a second factor; the same address is the same account in every company. */
export async function someoneOfSupplier(
  platform: TestPlatform,
  companyId: string,
  supplierId: string,
  more: { email?: string; name?: string; role?: "technician" | "account_manager" } = {},
) {
  const { name = "Tom Technician", role = "technician" } = more;
  const email = more.email ?? `tom-${newId(platform.clock())}@example.com`;
  const made = await platform.within(companyId, async (ctx) => {
    const person = await addPerson(ctx, { name, email, supplierId });
    const account = await findOrAddAccount(ctx, { email, name });
    const memberId = newId(ctx.now);
    const row = { id: memberId, person_id: person.id, account_id: account.id, role, created_at: ctx.now };
    await ctx.db
      .insertInto("members")
      .values({ company_id: companyId, ...row })
      .execute();
    return { personId: person.id, memberId, accountId: account.id, email };
  });
  const { token } = await outsideCompany(platform, (outside) =>
    startSession(outside, made.accountId, { secondFactor: true }),
  );
  return { ...made, token };
}

/** Runs `work` in a company as whoever the session's token belongs to. */
export function asSession<T>(
  platform: TestPlatform,
  companyId: string,
  token: string,
  work: (ctx: Context) => Promise<T>,
) {
  return inCompany(platform, companyId, proveSession(hashToken(token)), work);
}

export function asKey<T>(platform: TestPlatform, companyId: string, key: string, work: (ctx: Context) => Promise<T>) {
  return inCompany(platform, companyId, proveKey(hashToken(key)), work);
}

export async function tokenFor(platform: TestPlatform, email: string): Promise<string> {
  return (await entered(signIn(platform, { email, password, network: newNetwork() }))).session.token;
}

/** Who has entered, where no second step is asked for. */
export async function entered(entering: Promise<Entering>): Promise<SignedIn> {
  const result = await entering;
  if ("entered" in result) return result.entered;
  throw new Error(`A second step is asked for: ${result.secondStep.ways.join(", ")}.`);
}

/** The error's code, or what was returned. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "done",
    (error: { code?: string }) => error.code ?? error,
  );
}
