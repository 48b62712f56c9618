import { checkSuppliers } from "../companies/companies.ts";
import { may, type Context } from "../context.ts";
import { mayRole, permissionsOfSide, type Permission, type Role } from "../contract.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { hashToken, newApiKey } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import type { ApiKey } from "./contract.ts";
import { revokeKeysWith } from "./key-endings.ts";
import { getMemberByEmail } from "./members.ts";

const columns = [
  "id",
  "name",
  "member_id as memberId",
  "scopes",
  "permissions",
  "supplier_id as supplierId",
  "made_by as madeBy",
  "created_at as createdAt",
  "expires_at as expiresAt",
  "last_used_at as lastUsedAt",
  "revoked_at as revokedAt",
] as const;

type KeyRow = Omit<ApiKey, "createdAt" | "expiresAt" | "lastUsedAt" | "revokedAt"> & {
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

function keyOf(row: KeyRow): ApiKey {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
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
  /** Of what the member and who makes the key may; default: all of it. */
  permissions?: Permission[] | undefined;
  /** Default: the member's own side. */
  supplierId?: string | undefined;
  /** ISO 8601; default: until it is revoked. */
  expiresAt?: string | undefined;
}

/**
 * Makes a key that acts for a member: within the member's role, the key's own limits, and what its maker may at each call.
 * @returns the key: shown now and never again
 * @throws AppError member_not_found · invalid_input on `memberId`, `permissions`, `supplierId`, `expiresAt` · forbidden: a
 * key may not make one that may more or lasts longer
 */
export async function createKey(ctx: Context, input: NewKey): Promise<{ apiKey: ApiKey; key: string }> {
  const { actor } = ctx;
  const own = actor.kind === "member" ? actor : null;
  const scopes = [...new Set(input.scopes ?? (["read", "write"] as const))];
  if (own?.scopes && !scopes.every((scope) => own.scopes!.includes(scope))) throw forbidden();
  const expiresAt = await expiryOf(ctx, input.expiresAt);
  const member = await memberFor(ctx, input);
  await checkSuppliers(ctx, [input.supplierId], "supplierId");
  const permissions = permissionsFor(ctx, member, input);
  const key = newApiKey(ctx.company.id);
  const row = await ctx.db
    .insertInto("api_keys")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      member_id: member.id,
      token_hash: hashToken(key),
      name: input.name,
      scopes,
      permissions,
      supplier_id: input.supplierId ?? null,
      made_by: own?.memberId ?? null,
      made_by_key: own?.keyId ?? null,
      created_at: ctx.now,
      expires_at: expiresAt,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  await recordEvents(ctx, [
    { type: "key.created", subjectId: row.id, audit: { name: row.name, changed: limitsOf(row, member.name) } },
  ]);
  return { apiKey: keyOf(row), key };
}

/** What the audit says of a new key. */
function limitsOf(row: KeyRow, member: string) {
  return {
    actsAs: [null, member],
    scopes: [null, row.scopes.join(", ")],
    permissions: [null, row.permissions?.join(", ") ?? null],
    supplier: [null, row.supplierId],
    expiresAt: [null, row.expiresAt?.toISOString() ?? null],
  } satisfies Record<string, [null, string | null]>;
}

async function expiryOf(ctx: Context, iso: string | undefined): Promise<Date | null> {
  const expiresAt = iso === undefined ? null : new Date(iso);
  if (expiresAt && expiresAt <= ctx.now) {
    throw new AppError("invalid_input", "A key cannot end before it begins. Nothing was made.", {
      expiresAt: "This time has passed.",
    });
  }
  const ends = await ownExpiry(ctx);
  if (ends && expiresAt && expiresAt > ends) throw forbidden();
  return expiresAt ?? ends;
}

/** When the key ends that this one is made with. */
async function ownExpiry(ctx: Context): Promise<Date | null> {
  const keyId = ctx.actor.kind === "member" ? ctx.actor.keyId : undefined;
  if (keyId === undefined) return null;
  const row = await ctx.db
    .selectFrom("api_keys")
    .select("expires_at")
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", keyId)
    .executeTakeFirst();
  return row?.expires_at ?? null;
}

interface ForMember {
  id: string;
  name: string;
  role: Role;
  supplierId: string | null;
}

/** @returns null: all that the member may */
function permissionsFor(ctx: Context, member: ForMember, input: NewKey): Permission[] | null {
  if (input.supplierId !== undefined && member.supplierId !== null && member.supplierId !== input.supplierId) {
    throw new AppError("invalid_input", "This member belongs to another supplier. Nothing was made.", {
      supplierId: "The member sees another supplier's side.",
    });
  }
  const own = ctx.actor.kind === "member" ? ctx.actor.permissions : undefined;
  const asked = input.permissions ?? own;
  if (asked === undefined) return null;
  const beyond = input.permissions?.filter((name) => !may(ctx.actor, name) || !mayRole(member.role, name)) ?? [];
  const outside = input.supplierId === undefined ? [] : asked.filter((name) => !permissionsOfSide.includes(name));
  const refused = [...new Set([...beyond, ...(input.permissions ? outside : [])])];
  if (refused.length > 0) {
    throw new AppError(
      "invalid_input",
      "A key may do nothing that its member, who makes it, or its supplier's side may not. Nothing was made.",
      { permissions: `Not possible for this key: ${refused.join(", ")}.` },
    );
  }
  return [...new Set(asked)];
}

async function memberFor(ctx: Context, input: NewKey): Promise<ForMember> {
  const asked = input.memberId ?? (ctx.actor.kind === "member" ? ctx.actor.memberId : undefined);
  const id = input.memberEmail === undefined ? asked : (await getMemberByEmail(ctx, input.memberEmail)).id;
  const row = id
    ? await ctx.db
        .selectFrom("members as m")
        .innerJoin("people as p", (join) =>
          join.onRef("p.company_id", "=", "m.company_id").onRef("p.id", "=", "m.person_id"),
        )
        .select(["m.id", "m.role", "p.name", "p.supplier_id as supplierId"])
        .where("m.company_id", "=", ctx.company.id)
        .where("m.id", "=", id)
        .where("m.ended_at", "is", null)
        .executeTakeFirst()
    : undefined;
  if (row) return { ...row, role: row.role as Role };
  throw new AppError("invalid_input", "A key acts for a member of this company. Nothing was made.", {
    memberId: "There is no such member.",
  });
}

/**
 * From the commit on the key opens nothing, nor does what was made with it. Revoking it again changes nothing.
 * @throws AppError not_found
 */
export async function revokeKey(ctx: Context, input: { id: string }): Promise<void> {
  const row = await ctx.db
    .selectFrom("api_keys")
    .select(["id", "name"])
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", input.id)
    .executeTakeFirst();
  if (!row) throw notFound();
  await revokeKeysWith(ctx, { keyId: row.id });
  await recordEvents(ctx, [{ type: "key.revoked", subjectId: row.id, audit: { name: row.name } }]);
}
