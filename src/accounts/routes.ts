import type { Mount, PublicContext } from "../platform/http-routes.ts";
import * as accounts from "./accounts.ts";
import * as contract from "./contract.ts";
import * as invitations from "./contract-invitations.ts";
import * as security from "./contract-security.ts";

/** Mounts the routes of accounts, sessions, second factors, invitations, members and API keys. */
export function accountRoutes(mount: Mount, { publicUrl }: { publicUrl?: string | undefined } = {}): void {
  sessionRoutes(mount, publicUrl);
  securityRoutes(mount, publicUrl);
  invitationRoutes(mount);
  memberRoutes(mount);
}

type HasSession = Pick<PublicContext, "setSession">;

function entered({ setSession }: HasSession, { account, session }: accounts.SignedIn): contract.Account {
  setSession(session.token, session.expiresAt);
  return account;
}

function entering(outside: HasSession, result: accounts.Entering): contract.Entered {
  return "entered" in result
    ? { account: entered(outside, result.entered), secondFactor: null }
    : { account: null, secondFactor: result.secondStep };
}

function sessionRoutes(mount: Mount, publicUrl: string | undefined): void {
  mount.public(contract.setUp, async (outside, { body, request: { network, userAgent } }) =>
    entered(outside, await accounts.setUp(outside.platform, { ...body, network, userAgent })),
  );
  mount.public(contract.signIn, async (outside, { body, request: { network, userAgent } }) =>
    entering(outside, await accounts.signIn(outside.platform, { ...body, network, userAgent })),
  );
  mount.public(contract.setPassword, async (outside, { body, request: { network, userAgent } }) =>
    entering(outside, await accounts.setPassword(outside.platform, { ...body, network, userAgent })),
  );
  mount.public(security.giveSecondFactor, async (outside, { body, request: { network, userAgent } }) =>
    entered(outside, await accounts.giveSecondFactor(outside.platform, { ...body, network, userAgent })),
  );
  mount.public(security.askPasskey, async ({ platform }, { body, request: { network, host } }) => ({
    options: await accounts.askPasskey(platform, { ...body, site: accounts.siteOf(publicUrl, host), network }),
  }));
  mount.public(security.signInWithPasskey, async (outside, { body, request: { network, userAgent, host } }) => {
    const site = accounts.siteOf(publicUrl, host);
    return entered(outside, await accounts.signInWithPasskey(outside.platform, { ...body, site, network, userAgent }));
  });
  mount.account(contract.signOut, async (ctx) => {
    await accounts.signOut(ctx);
    ctx.clearSession();
  });
  mount.account(contract.getMe, (ctx) => accounts.getMe(ctx));
}

function securityRoutes(mount: Mount, publicUrl: string | undefined): void {
  mount.account(security.getSecurity, (ctx) => accounts.getSecurity(ctx));
  mount.accountOutside(security.confirmPassword, (outside, { body }) => accounts.confirmPassword(outside, body));
  mount.accountOutside(security.changePassword, async (outside, { body }) => {
    const { token, expiresAt } = await accounts.changePassword(outside, body);
    outside.setSession(token, expiresAt);
  });
  mount.account(security.beginTotp, (ctx) => accounts.beginTotp(ctx));
  mount.account(security.confirmTotp, async (ctx, { body }) => {
    const { recoveryCodes, session } = await accounts.confirmAuthenticator(ctx, body);
    ctx.setSession(session.token, session.expiresAt);
    return { recoveryCodes };
  });
  mount.account(security.removeTotp, (ctx) => accounts.removeTotp(ctx));
  mount.account(security.renewRecoveryCodes, async (ctx) => ({
    recoveryCodes: await accounts.renewRecoveryCodes(ctx),
  }));
  mount.account(security.beginPasskey, async (ctx, { request: { host } }) => ({
    options: await accounts.beginPasskey(ctx, { site: accounts.siteOf(publicUrl, host) }),
  }));
  mount.account(security.addPasskey, async (ctx, { body, request: { host } }) => {
    const { session, ...added } = await accounts.addPasskey(ctx, { ...body, site: accounts.siteOf(publicUrl, host) });
    ctx.setSession(session.token, session.expiresAt);
    return added;
  });
  mount.account(security.removePasskey, (ctx, { params }) => accounts.removePasskey(ctx, { id: params.passkey }));
  mount.account(security.endSession, (ctx, { params }) => accounts.endSession(ctx, { id: params.session }));
  mount.account(security.endOtherSessions, (ctx) => accounts.endOtherSessions(ctx));
}

function invitationRoutes(mount: Mount): void {
  mount(invitations.listInvitations, async (ctx) => ({ items: await accounts.listInvitations(ctx) }));
  mount(invitations.invite, (ctx, { body }) => accounts.invite(ctx, body));
  mount(invitations.revokeInvitation, (ctx, { params }) => accounts.revokeInvitation(ctx, { id: params.invitation }));
  mount.public(invitations.readInvitation, ({ platform }, { body, request: { network } }) =>
    accounts.readInvitation(platform, { ...body, network }),
  );
  mount.public(invitations.acceptInvitation, async (outside, { body, request: { network, userAgent } }) => {
    const accepted = await accounts.acceptInvitation(outside.platform, { ...body, network, userAgent });
    return { account: entered(outside, accepted), companyId: accepted.companyId };
  });
  mount.accountOutside(invitations.joinCompany, (outside, { body, request: { network } }) =>
    accounts.joinCompany(outside, { ...body, network }),
  );
}

function memberRoutes(mount: Mount): void {
  mount(contract.listMembers, async (ctx) => ({ items: await accounts.listMembers(ctx) }));
  mount(contract.changeMember, (ctx, { params, body }) => accounts.changeMember(ctx, { id: params.member, ...body }));
  mount(contract.endMember, (ctx, { params }) => accounts.endMember(ctx, { id: params.member }));
  mount(contract.makePasswordLink, async (ctx, { params }) => ({
    passwordLink: await accounts.makeMemberPasswordLink(ctx, { id: params.member }),
  }));
  mount(contract.resetSecondFactor, (ctx, { params }) => accounts.resetSecondFactor(ctx, { id: params.member }));

  mount(contract.listKeys, async (ctx) => ({ items: await accounts.listKeys(ctx) }));
  mount(contract.createKey, (ctx, { body }) => accounts.createKey(ctx, body));
  mount(contract.revokeKey, (ctx, { params }) => accounts.revokeKey(ctx, { id: params.key }));
}
