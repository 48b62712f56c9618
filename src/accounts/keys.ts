import type { Context } from "../context.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { hashToken, newApiKey } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import type { ApiKey } from "./contract.ts";
import { getMemberByEmail } from "./members.ts";

const columns = [
  "id",
  "name",
  "member_id as memberId",
  "scopes",
  "created_at as createdAt",
  "expires_at as expiresAt",
  "revoked_at as revokedAt",
] as const;

type KeyRow = Omit<ApiKey, "createdAt" | "expiresAt" | "revokedAt"> & {
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
};

function keyOf(row: KeyRow): ApiKey {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}

/** All keys of the company, the latest first; revoked and expired ones too. Never the keys themselves. */
export async function listKeys(ctx: Context): Promise<ApiKey[]> {
  const rows = await ctx.db
    .selectFrom("api_keys")
    .select(columns)
    .where("company_id", "=", ctx.company.id)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  return rows.map(keyOf);
}

export interface NewKey {
  name: string;
  /** Whom the key acts for; default: who makes it. The operator may name the member by address. */
  memberId?: string | undefined;
  memberEmail?: string | undefined;
  /** Default: read and write. */
  scopes?: ("read" | "write")[] | undefined;
  /** ISO 8601; default: until it is revoked. */
  expiresAt?: string | undefined;
}

/**
 * Makes a key that acts for a member, within the member's role and the key's scopes.
 * @returns the key: shown now and never again
 * @throws AppError member_not_found · invalid_input on `memberId`, `expiresAt` · forbidden: a key may not make a wider one
 */
export async function createKey(ctx: Context, input: NewKey): Promise<{ apiKey: ApiKey; key: string }> {
  const scopes = [...new Set(input.scopes ?? (["read", "write"] as const))];
  const own = ctx.actor.kind === "member" ? ctx.actor.scopes : null;
  if (own && !scopes.every((scope) => own.includes(scope))) throw forbidden();
  const expiresAt = expiryOf(ctx, input.expiresAt);
  const memberId = await memberFor(ctx, input);
  const key = newApiKey(ctx.company.id);
  const row = await ctx.db
    .insertInto("api_keys")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      member_id: memberId,
      token_hash: hashToken(key),
      name: input.name,
      scopes,
      created_at: ctx.now,
      expires_at: expiresAt,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  await recordEvents(ctx, [
    {
      type: "key.created",
      subjectId: row.id,
      audit: { name: row.name, changed: { scopes: [null, scopes.join(", ")] } },
    },
  ]);
  return { apiKey: keyOf(row), key };
}

function expiryOf(ctx: Context, iso: string | undefined): Date | null {
  if (iso === undefined) return null;
  const expiresAt = new Date(iso);
  if (expiresAt > ctx.now) return expiresAt;
  throw new AppError("invalid_input", "A key cannot end before it begins. Nothing was made.", {
    expiresAt: "This time has passed.",
  });
}

async function memberFor(ctx: Context, input: NewKey): Promise<string> {
  if (input.memberEmail !== undefined) return (await getMemberByEmail(ctx, input.memberEmail)).id;
  const id = input.memberId ?? (ctx.actor.kind === "member" ? ctx.actor.memberId : undefined);
  const row = id
    ? await ctx.db
        .selectFrom("members")
        .select("id")
        .where("company_id", "=", ctx.company.id)
        .where("id", "=", id)
        .where("ended_at", "is", null)
        .executeTakeFirst()
    : undefined;
  if (row) return row.id;
  throw new AppError("invalid_input", "A key acts for a member of this company. Nothing was made.", {
    memberId: "There is no such member.",
  });
}

/** From the commit on the key opens nothing. Revoking it again changes nothing. @throws AppError not_found */
export async function revokeKey(ctx: Context, input: { id: string }): Promise<void> {
  const row = await ctx.db
    .updateTable("api_keys")
    .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(ctx.now)) }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", input.id)
    .returning(["id", "name"])
    .executeTakeFirst();
  if (!row) throw notFound();
  await recordEvents(ctx, [{ type: "key.revoked", subjectId: row.id, audit: { name: row.name } }]);
}
