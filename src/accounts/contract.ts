import { z } from "zod";
import { CompanyPath, Email, Id, Instant, Name, permissionNames, roles, route } from "../contract.ts";

export const Role = z.enum(roles).meta({ id: "Role" });
export const Password = z
  .string()
  .min(12, "At least 12 characters.")
  .max(200)
  .meta({ description: "12 to 200 characters" });

export const Membership = z
  .object({
    company: z.object({ id: Id, name: z.string(), timeZone: z.string(), currency: z.string(), locale: z.string() }),
    role: Role,
    personId: Id,
  })
  .meta({ id: "Membership" });
export type Membership = z.infer<typeof Membership>;

export const Account = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    memberships: z.array(Membership),
    secondFactor: z.boolean().meta({ description: "Whether this session gave a second factor" }),
  })
  .meta({ id: "Account" });
export type Account = z.infer<typeof Account>;

/** A role of a supplier's people works across companies, so its sessions need a second factor. */
export const rolesWithSecondFactor: readonly z.infer<typeof Role>[] = ["technician", "account_manager"];

export const ways = ["totp", "recovery_code", "passkey"] as const;

/** Either who has entered, or what is asked for next: then no session has begun. */
export const Entered = z
  .object({
    account: Account.nullable(),
    secondFactor: z
      .object({
        token: z.string().meta({ description: "For the next step; good for ten minutes" }),
        ways: z.array(z.enum(ways)),
      })
      .nullable(),
  })
  .meta({ id: "Entered" });
export type Entered = z.infer<typeof Entered>;

export const SetUp = z
  .object({
    token: z.string().min(20).max(100).meta({ description: "From the one-time set-up link" }),
    name: Name,
    email: Email,
    password: Password,
    companyName: Name,
    timeZone: z.string().min(1).max(64).meta({ description: "IANA zone, e.g. Europe/Berlin" }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default("EUR"),
  })
  .meta({ id: "SetUp" });

/** First start: the one-time link becomes the first account, its company and a session. */
export const setUp = route({
  id: "setUp",
  method: "post",
  path: "/set-up",
  summary: "Use the one-time set-up link: make the first account and its company",
  tag: "accounts",
  permission: "public",
  body: SetUp,
  reply: Account,
  status: 201,
});

export const signIn = route({
  id: "signIn",
  method: "post",
  path: "/sessions",
  summary: "Sign in with e-mail and password",
  tag: "accounts",
  permission: "public",
  body: z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(200) }).meta({ id: "SignIn" }),
  reply: Entered,
  status: 201,
});

export const signOut = route({
  id: "signOut",
  method: "delete",
  path: "/sessions/current",
  summary: "Sign out of this session",
  tag: "accounts",
  permission: "account",
});

export const getMe = route({
  id: "getMe",
  method: "get",
  path: "/me",
  summary: "The signed-in account and its companies",
  tag: "accounts",
  permission: "account",
  reply: Account,
});

/** A link made for a new member (shown for copying; mailed once e-mail exists) becomes a password and a session. */
export const setPassword = route({
  id: "setPassword",
  method: "post",
  path: "/passwords",
  summary: "Use a one-time link to set a password",
  tag: "accounts",
  permission: "public",
  body: z.object({ token: z.string().min(20).max(100), password: Password }).meta({ id: "SetPassword" }),
  reply: Entered,
  status: 201,
});

export const Member = z
  .object({
    id: Id,
    personId: Id,
    name: z.string(),
    email: z.string(),
    role: Role,
    supplierId: Id.nullable(),
    createdAt: Instant,
    endedAt: Instant.nullable(),
  })
  .meta({ id: "Member" });
export type Member = z.infer<typeof Member>;

export const listMembers = route({
  id: "listMembers",
  method: "get",
  path: "/companies/{company}/members",
  summary: "Who has an account in this company",
  tag: "accounts",
  permission: "members.read",
  params: CompanyPath,
  reply: z.object({ items: z.array(Member) }),
});

export const changeMember = route({
  id: "changeMember",
  method: "patch",
  path: "/companies/{company}/members/{member}",
  summary: "Give a member another role; it holds from the next call on",
  tag: "accounts",
  permission: "members.manage",
  params: CompanyPath.extend({ member: Id }),
  body: z.object({ role: z.enum(["owner", "coordinator", "staff", "auditor"]) }).meta({ id: "ChangeMember" }),
  reply: Member,
});

/** For a member who has lost the password; only where the account belongs to this company alone. */
export const makePasswordLink = route({
  id: "makePasswordLink",
  method: "post",
  path: "/companies/{company}/members/{member}/password-link",
  summary: "Make a one-time link by which a member sets a new password",
  tag: "accounts",
  permission: "members.manage",
  params: CompanyPath.extend({ member: Id }),
  reply: z.object({ passwordLink: z.string() }),
  status: 201,
  secretReply: true,
});

/** For a member who has lost every second factor; only where the account belongs to this company alone. */
export const resetSecondFactor = route({
  id: "resetSecondFactor",
  method: "delete",
  path: "/companies/{company}/members/{member}/second-factor",
  summary: "Remove a member's authenticator, passkeys and recovery codes, and end their sessions",
  tag: "accounts",
  permission: "members.manage",
  params: CompanyPath.extend({ member: Id }),
});

export const endMember = route({
  id: "endMember",
  method: "delete",
  path: "/companies/{company}/members/{member}",
  summary: "End a membership: sessions and keys stop working for this company at once",
  tag: "accounts",
  permission: "members.manage",
  params: CompanyPath.extend({ member: Id }),
});

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    memberId: Id,
    scopes: z.array(z.string()),
    permissions: z
      .array(z.string())
      .nullable()
      .meta({ description: "What it may do of what its member may; null: all of it" }),
    supplierId: Id.nullable().meta({ description: "It sees what this supplier's people see, and reads" }),
    madeBy: Id.nullable().meta({
      description: "The member who made it; it never may more than they; null: by command",
    }),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
    lastUsedAt: Instant.nullable().meta({ description: "To the minute" }),
    revokedAt: Instant.nullable(),
  })
  .meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof ApiKey>;

export const listKeys = route({
  id: "listKeys",
  method: "get",
  path: "/companies/{company}/keys",
  summary: "API keys of this company",
  tag: "accounts",
  permission: "keys.manage",
  params: CompanyPath,
  reply: z.object({ items: z.array(ApiKey) }),
});

export const createKey = route({
  id: "createKey",
  method: "post",
  path: "/companies/{company}/keys",
  summary: "Make an API key that acts for a member, within limits; the key is shown once",
  tag: "accounts",
  permission: "keys.manage",
  params: CompanyPath,
  body: z
    .object({
      name: z.string().trim().min(1).max(100),
      memberId: Id.optional().meta({ description: "Defaults to the caller" }),
      scopes: z
        .array(z.enum(["read", "write"]))
        .min(1)
        .default(["read", "write"]),
      permissions: z
        .array(z.enum(permissionNames))
        .min(1)
        .optional()
        .meta({ description: "Of those that its member and the caller have; default: all of its member's" }),
      supplierId: Id.optional().meta({ description: "Reading alone, of what this supplier's people see" }),
      expiresAt: Instant.optional(),
    })
    .meta({ id: "CreateKey" }),
  reply: z.object({ apiKey: ApiKey, key: z.string() }),
  status: 201,
  idempotent: true,
  secretReply: true,
});

export const revokeKey = route({
  id: "revokeKey",
  method: "delete",
  path: "/companies/{company}/keys/{key}",
  summary: "Revoke an API key, and those that were made with it",
  tag: "accounts",
  permission: "keys.manage",
  params: CompanyPath.extend({ key: Id }),
});
