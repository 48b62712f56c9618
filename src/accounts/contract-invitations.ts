import { z } from "zod";
import { CompanyPath, Email, Id, Instant, Name, route } from "../contract.ts";
import { Account, Password, Role } from "./contract.ts";

export const Invitation = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string(),
    role: Role,
    supplierId: Id.nullable(),
    invitedBy: z.string(),
    createdAt: Instant,
    expiresAt: Instant,
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof Invitation>;

/** Whom a coordinator may invite; an owner may invite everybody. */
export const rolesForCoordinators: readonly z.infer<typeof Role>[] = ["staff", "technician", "account_manager"];

export const listInvitations = route({
  id: "listInvitations",
  method: "get",
  path: "/companies/{company}/invitations",
  summary: "Invitations that wait for an answer, the latest first",
  tag: "accounts",
  permission: "members.read",
  params: CompanyPath,
  reply: z.object({ items: z.array(Invitation) }),
});

/** Nothing of theirs is made before they accept; a second invitation of an address replaces the first. */
export const invite = route({
  id: "invite",
  method: "post",
  path: "/companies/{company}/invitations",
  summary: "Invite somebody; the reply carries the link to hand over, once",
  tag: "accounts",
  permission: "members.invite",
  params: CompanyPath,
  body: z
    .object({
      name: Name,
      email: Email,
      role: Role,
      supplierId: Id.optional().meta({ description: "Of a technician or account manager: their supplier" }),
    })
    .meta({ id: "Invite" }),
  reply: z.object({ invitation: Invitation, link: z.string() }),
  status: 201,
  idempotent: true,
  secretReply: true,
});

export const revokeInvitation = route({
  id: "revokeInvitation",
  method: "delete",
  path: "/companies/{company}/invitations/{invitation}",
  summary: "Take an invitation back: its link opens nothing any more",
  tag: "accounts",
  permission: "members.invite",
  params: CompanyPath.extend({ invitation: Id }),
});

const Token = z.string().min(20).max(100);

/** By POST, so that no link of a mail scanner uses anything up and no token stands in a log. */
export const readInvitation = route({
  id: "readInvitation",
  method: "post",
  path: "/invitations/look",
  summary: "What an invitation's link is for, without using it",
  tag: "accounts",
  permission: "public",
  body: z.object({ token: Token }).meta({ id: "ReadInvitation" }),
  reply: z
    .object({
      companyName: z.string(),
      name: z.string(),
      email: z.string(),
      role: Role,
      invitedBy: z.string(),
      expiresAt: Instant,
      hasAccount: z.boolean().meta({ description: "The address has an account: sign in with it and accept" }),
    })
    .meta({ id: "InvitationLook" }),
});

/** For an address without an account of its own. */
export const acceptInvitation = route({
  id: "acceptInvitation",
  method: "post",
  path: "/invitations/accept",
  summary: "Accept an invitation with a new account",
  tag: "accounts",
  permission: "public",
  body: z.object({ token: Token, name: Name, password: Password }).meta({ id: "AcceptInvitation" }),
  reply: z.object({ account: Account, companyId: Id }),
  status: 201,
});

/** For an address that has an account; of another account's session it is refused. */
export const joinCompany = route({
  id: "joinCompany",
  method: "post",
  path: "/me/memberships",
  summary: "Accept an invitation with the account that is signed in",
  tag: "accounts",
  permission: "account",
  body: z.object({ token: Token }).meta({ id: "JoinCompany" }),
  reply: z.object({ account: Account, companyId: Id }),
  status: 201,
});
