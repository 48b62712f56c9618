import type { Mount } from "../platform/http-routes.ts";
import {
  addMember,
  createKey,
  endMember,
  getMe,
  listKeys,
  listMembers,
  revokeKey,
  setPassword,
  setUp,
  signIn,
  signOut,
  type SignedIn,
} from "./accounts.ts";
import * as contract from "./contract.ts";

/** Mounts the routes of accounts, sessions, members and API keys. */
export function accountRoutes(mount: Mount): void {
  const enter = (outside: { setSession(token: string, expires: Date): void }, { account, session }: SignedIn) => {
    outside.setSession(session.token, session.expiresAt);
    return account;
  };
  mount.public(contract.setUp, async (outside, { body, request: { network, userAgent } }) =>
    enter(outside, await setUp(outside.platform, { ...body, network, userAgent })),
  );
  mount.public(contract.signIn, async (outside, { body, request: { network, userAgent } }) =>
    enter(outside, await signIn(outside.platform, { ...body, network, userAgent })),
  );
  mount.public(contract.setPassword, async (outside, { body, request: { network, userAgent } }) =>
    enter(outside, await setPassword(outside.platform, { ...body, network, userAgent })),
  );
  mount.account(contract.signOut, async (ctx) => {
    await signOut(ctx);
    ctx.clearSession();
  });
  mount.account(contract.getMe, (ctx) => getMe(ctx));

  mount(contract.listMembers, async (ctx) => ({ items: await listMembers(ctx) }));
  mount(contract.addMember, (ctx, { body }) => addMember(ctx, body));
  mount(contract.endMember, (ctx, { params }) => endMember(ctx, { id: params.member }));

  mount(contract.listKeys, async (ctx) => ({ items: await listKeys(ctx) }));
  mount(contract.createKey, (ctx, { body }) => createKey(ctx, body));
  mount(contract.revokeKey, (ctx, { params }) => revokeKey(ctx, { id: params.key }));
}
