import { sql } from "kysely";
import { emailKey, findOrAddPeople } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import type { Member } from "./contract.ts";
import { revokeKeysWith } from "./key-endings.ts";
import { findOrAddAccount } from "./logins.ts";
import { makeToken } from "./tokens.ts";

const passwordHours = 7 * 24;

/** `/password#<token>`: good once, for 7 days; a new one replaces the one before. */
export async function passwordLink(ctx: Context, accountId: string): Promise<string> {
  const made = { kind: "password", subject: accountId, companyId: ctx.company.id, hours: passwordHours } as const;
  return `/password#${await makeToken(ctx, made)}`;
}

function membersOf(ctx: Context) {
  return ctx.db
    .selectFrom("members as m")
    .innerJoin("people as p", (join) =>
      join.onRef("p.company_id", "=", "m.company_id").onRef("p.id", "=", "m.person_id"),
    )
    .innerJoin("accounts as a", "a.id", "m.account_id")
    .select(["m.id", "m.person_id as personId", "p.name", "a.email", "m.role", "p.supplier_id as supplierId"])
    .select(["m.created_at as createdAt", "m.ended_at as endedAt"])
    .where("m.company_id", "=", ctx.company.id);
}

type MemberRow = Omit<Member, "role" | "createdAt" | "endedAt"> & {
  role: string;
  createdAt: Date;
  endedAt: Date | null;
};

function memberOf(row: MemberRow): Member {
  return {
    ...row,
    role: row.role as Member["role"],
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

/** Who has an account in this company, in the order they came; those whose membership has ended too. */
export async function listMembers(ctx: Context): Promise<Member[]> {
  const rows = await membersOf(ctx).orderBy("m.created_at").orderBy("m.id").execute();
  return rows.map(memberOf);
}

export interface NewMember {
  name: string;
  email: string;
  role: "owner" | "coordinator" | "auditor";
}

/**
 * For the operator, who answers for the addresses: gives somebody an account and a role at once. Members invite. Account and person are found by the address or made; a membership that had
 * ended begins anew, without its old keys.
 * @returns with a one-time link (7 days) when the account has no password yet
 * @throws AppError member_exists · person_of_supplier · person_is_member: the address in the record belongs to somebody
 * with another account · forbidden: a member asks
 */
export async function addMember(ctx: Context, input: NewMember): Promise<{ member: Member; passwordLink?: string }> {
  if (ctx.actor.kind === "member") throw forbidden();
  const account = await findOrAddAccount(ctx, input);
  const [person] = await findOrAddPeople(ctx, [{ name: input.name, email: input.email }]);
  await requireFree(ctx, { personId: person!.id, accountId: account.id, supplierId: null });
  const added = await insertMember(ctx, { accountId: account.id, personId: person!.id, role: input.role });
  if (!added) {
    throw new AppError("member_exists", "This person is a member of this company already. Nothing was changed.", {
      email: "Is a member already.",
    });
  }
  const member = memberOf(await membersOf(ctx).where("m.id", "=", added.id).executeTakeFirstOrThrow());
  return account.hasPassword ? { member } : { member, passwordLink: await passwordLink(ctx, account.id) };
}

/**
 * A person has one account in a company, and a supplier's people do not get the company's own roles.
 * @param supplierId whose people they must be; null: the company's own
 * @throws AppError person_of_supplier · person_not_of_supplier · person_is_member
 */
export async function requireFree(
  ctx: Context,
  { personId, accountId, supplierId }: { personId: string; accountId: string | undefined; supplierId: string | null },
): Promise<void> {
  const row = await ctx.db
    .selectFrom("people as p")
    .leftJoin("members as m", (join) =>
      join.onRef("m.company_id", "=", "p.company_id").onRef("m.person_id", "=", "p.id"),
    )
    .select(["p.supplier_id", "m.account_id"])
    .where("p.company_id", "=", ctx.company.id)
    .where("p.id", "=", personId)
    .executeTakeFirstOrThrow();
  if (supplierId && row.supplier_id !== supplierId) {
    throw new AppError(
      "person_not_of_supplier",
      "This person is not one of that supplier's people. Nothing was changed.",
      {
        email: "Is not one of that supplier's people.",
      },
    );
  }
  if (!supplierId && row.supplier_id) {
    throw new AppError(
      "person_of_supplier",
      "This address belongs to one of a supplier's people. Nothing was changed.",
      {
        email: "Belongs to one of a supplier's people.",
      },
    );
  }
  if (row.account_id && accountId && row.account_id !== accountId) {
    throw new AppError("person_is_member", "This person is a member with another address. Nothing was changed.", {
      email: "This person is a member with another address.",
    });
  }
}

/** A membership, new or begun anew after its end. @returns undefined: the account is a member already */
export async function insertMember(
  ctx: Context,
  member: { accountId: string; personId: string; role: Member["role"] },
): Promise<{ id: string } | undefined> {
  const row = await ctx.db
    .insertInto("members")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      person_id: member.personId,
      account_id: member.accountId,
      role: member.role,
      created_at: ctx.now,
    })
    .onConflict((oc) =>
      oc
        .columns(["company_id", "account_id"])
        .doUpdateSet({ ended_at: null, role: member.role, created_at: ctx.now })
        .where("members.ended_at", "is not", null),
    )
    .returning("id")
    .executeTakeFirst();
  if (row) {
    const audit = { name: await nameOfMember(ctx, row.id), changed: { role: [null, member.role] } } as const;
    await recordEvents(ctx, [{ type: "member.added", subjectId: row.id, audit }]);
  }
  return row;
}

/** What a member is called here, for the audit. */
export async function nameOfMember(ctx: Context, id: string): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom("members as m")
    .innerJoin("people as p", (join) =>
      join.onRef("p.company_id", "=", "m.company_id").onRef("p.id", "=", "m.person_id"),
    )
    .select("p.name")
    .where("m.company_id", "=", ctx.company.id)
    .where("m.id", "=", id)
    .executeTakeFirst();
  return row?.name;
}

/**
 * Gives a member another role of the company's own people.
 * @throws AppError not_found: no such member, or ended · last_owner · role_of_supplier
 */
export async function changeMember(
  ctx: Context,
  input: { id: string; role: "owner" | "coordinator" | "staff" | "auditor" },
): Promise<Member> {
  const last = await isLastOwner(ctx, input.id);
  const known = await membersOf(ctx).where("m.id", "=", input.id).where("m.ended_at", "is", null).executeTakeFirst();
  if (!known) throw notFound();
  if (known.supplierId) {
    throw new AppError("role_of_supplier", "A supplier's people keep their supplier's roles. Nothing was changed.");
  }
  if (last && input.role !== "owner") throw lastOwner();
  if (known.role !== input.role) {
    await ctx.db
      .updateTable("members")
      .set({ role: input.role })
      .where("company_id", "=", ctx.company.id)
      .where("id", "=", input.id)
      .execute();
    await recordEvents(ctx, [
      {
        type: "member.role_changed",
        subjectId: input.id,
        audit: { name: known.name, changed: { role: [known.role, input.role] } },
      },
    ]);
  }
  return memberOf({ ...known, role: input.role });
}

/** Locks all owners, so that two of them cannot end each other at the same moment. */
async function isLastOwner(ctx: Context, memberId: string): Promise<boolean> {
  const owners = await ctx.db
    .selectFrom("members")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("role", "=", "owner")
    .where("ended_at", "is", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  return owners.length === 1 && owners[0]!.id === memberId;
}

function lastOwner(): AppError {
  return new AppError(
    "last_owner",
    "A company keeps one owner at least. Nothing was changed; add another owner first.",
  );
}

/**
 * Ends a membership: from the commit on neither a session nor a key of this member, or made by them, opens this company.
 * Keys are revoked, so that a membership that begins anew does not wake them.
 * @throws AppError not_found: no such member, or ended already · last_owner
 */
export async function endMember(ctx: Context, input: { id: string }): Promise<void> {
  if (await isLastOwner(ctx, input.id)) throw lastOwner();
  const ended = await ctx.db
    .updateTable("members")
    .set({ ended_at: ctx.now })
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", input.id)
    .where("ended_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  if (!ended) throw notFound();
  await revokeKeysWith(ctx, { memberId: input.id });
  await recordEvents(ctx, [
    { type: "member.ended", subjectId: input.id, audit: { name: await nameOfMember(ctx, input.id) } },
  ]);
}

/** A member of this company by address. @throws AppError member_not_found */
export async function getMemberByEmail(ctx: Context, email: string): Promise<{ id: string; accountId: string }> {
  const row = await ctx.db
    .selectFrom("members as m")
    .innerJoin("accounts as a", "a.id", "m.account_id")
    .select(["m.id", "m.account_id as accountId"])
    .where("m.company_id", "=", ctx.company.id)
    .where("m.ended_at", "is", null)
    .where("a.email_key", "=", emailKey(email))
    .executeTakeFirst();
  if (row) return row;
  throw new AppError("member_not_found", `${email} is not a member of "${ctx.company.name}". Nothing was changed.`);
}

/** Says of members that they are another person of the record: the same one, known twice. */
export async function moveMembers(ctx: Context, batch: readonly { from: string; to: string }[]): Promise<void> {
  if (batch.length === 0) return;
  await sql`
    update members m set person_id = n."to" from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb)
      as n ("from" uuid, "to" uuid)
    where m.company_id = ${ctx.company.id} and m.person_id = n."from"`.execute(ctx.db);
}
