import { z } from "zod";
import { Id, Instant, route } from "../contract.ts";
import { Account, Password } from "./contract.ts";

/** What a passkey's device and the server tell each other (WebAuthn level 3, 5.1.3 and 5.1.4): opaque to us here. */
const FromDevice = z
  .object({
    id: z.string().max(1400),
    rawId: z.string().max(1400),
    type: z.literal("public-key"),
    response: z.record(
      z.string().max(50),
      z.union([z.string().max(100_000), z.number(), z.array(z.string().max(50)).max(20)]),
    ),
    authenticatorAttachment: z.string().max(50).optional(),
    clientExtensionResults: z.record(z.string().max(50), z.unknown()).optional(),
  })
  .meta({ id: "PasskeyResponse" });
export type FromDevice = z.infer<typeof FromDevice>;
const ToDevice = z.record(z.string(), z.unknown()).meta({ id: "PasskeyOptions" });
const StepToken = z.string().min(20).max(100);

export const giveSecondFactor = route({
  id: "giveSecondFactor",
  method: "post",
  path: "/sessions/second-factor",
  summary: "Sign in, second step: a code of the authenticator, or a recovery code, which is used up",
  tag: "accounts",
  permission: "public",
  body: z.object({ token: StepToken, code: z.string().trim().min(6).max(40) }).meta({ id: "SecondFactor" }),
  reply: Account,
  status: 201,
});

export const askPasskey = route({
  id: "askPasskey",
  method: "post",
  path: "/sessions/passkey/challenge",
  summary:
    "What the browser asks the device for: any passkey of this installation, or one of the account of a first step",
  tag: "accounts",
  permission: "public",
  body: z.object({ token: StepToken.optional() }).meta({ id: "AskPasskey" }),
  reply: z.object({ options: ToDevice }),
});

export const signInWithPasskey = route({
  id: "signInWithPasskey",
  method: "post",
  path: "/sessions/passkey",
  summary: "Sign in with a passkey, alone or as the second step",
  tag: "accounts",
  permission: "public",
  body: z.object({ response: FromDevice }).meta({ id: "SignInWithPasskey" }),
  reply: Account,
  status: 201,
});

export const Session = z
  .object({
    id: Id,
    current: z.boolean(),
    createdAt: Instant,
    lastSeenAt: Instant.nullable(),
    expiresAt: Instant,
    userAgent: z.string().nullable(),
    network: z.string().nullable(),
    secondFactor: z.boolean(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

export const Passkey = z
  .object({ id: Id, name: z.string(), createdAt: Instant, lastUsedAt: Instant.nullable() })
  .meta({ id: "Passkey" });
export type Passkey = z.infer<typeof Passkey>;

export const Security = z
  .object({
    totp: z.boolean(),
    recoveryCodesLeft: z.int(),
    passkeys: z.array(Passkey),
    sessions: z.array(Session),
    passwordChangedAt: Instant.nullable(),
    required: z.boolean().meta({ description: "A role of this account needs a second factor" }),
    confirmed: z.boolean().meta({ description: "Who it is was confirmed within the last quarter of an hour" }),
  })
  .meta({ id: "Security" });
export type Security = z.infer<typeof Security>;

export const getSecurity = route({
  id: "getSecurity",
  method: "get",
  path: "/me/security",
  summary: "The account's second factors and sessions",
  tag: "accounts",
  permission: "account",
  reply: Security,
});

export const confirmPassword = route({
  id: "confirmPassword",
  method: "post",
  path: "/me/confirmations",
  summary: "Give the password again, for what asks for it",
  tag: "accounts",
  permission: "account",
  body: z.object({ password: z.string().min(1).max(200) }).meta({ id: "ConfirmPassword" }),
});

export const changePassword = route({
  id: "changePassword",
  method: "put",
  path: "/me/password",
  summary: "Change the password; every other session ends",
  tag: "accounts",
  permission: "account",
  body: z.object({ password: Password }).meta({ id: "ChangePassword" }),
});

export const beginTotp = route({
  id: "beginTotp",
  method: "post",
  path: "/me/totp",
  summary: "Begin with an authenticator: its secret, which counts once a code of it was given",
  tag: "accounts",
  permission: "account",
  reply: z.object({ secret: z.string(), uri: z.string() }),
  status: 201,
});

export const confirmTotp = route({
  id: "confirmTotp",
  method: "post",
  path: "/me/totp/confirmation",
  summary: "Give the first code of the authenticator; the reply carries recovery codes where there were none, once",
  tag: "accounts",
  permission: "account",
  body: z.object({ code: z.string().trim().min(6).max(10) }).meta({ id: "ConfirmTotp" }),
  reply: z.object({ recoveryCodes: z.array(z.string()).nullable() }),
});

export const removeTotp = route({
  id: "removeTotp",
  method: "delete",
  path: "/me/totp",
  summary: "Remove the authenticator",
  tag: "accounts",
  permission: "account",
});

export const renewRecoveryCodes = route({
  id: "renewRecoveryCodes",
  method: "post",
  path: "/me/recovery-codes",
  summary: "New recovery codes, shown once; the earlier ones are good for nothing from now on",
  tag: "accounts",
  permission: "account",
  reply: z.object({ recoveryCodes: z.array(z.string()) }),
  status: 201,
});

export const beginPasskey = route({
  id: "beginPasskey",
  method: "post",
  path: "/me/passkeys/challenge",
  summary: "What the browser asks the device to make a passkey from",
  tag: "accounts",
  permission: "account",
  reply: z.object({ options: ToDevice }),
});

export const addPasskey = route({
  id: "addPasskey",
  method: "post",
  path: "/me/passkeys",
  summary: "Keep a passkey that the device made; the reply carries recovery codes where there were none, once",
  tag: "accounts",
  permission: "account",
  body: z.object({ name: z.string().trim().min(1).max(100), response: FromDevice }).meta({ id: "AddPasskey" }),
  reply: z.object({ passkey: Passkey, recoveryCodes: z.array(z.string()).nullable() }),
  status: 201,
});

export const removePasskey = route({
  id: "removePasskey",
  method: "delete",
  path: "/me/passkeys/{passkey}",
  summary: "Remove a passkey",
  tag: "accounts",
  permission: "account",
  params: z.object({ passkey: Id }),
});

export const endSession = route({
  id: "endSession",
  method: "delete",
  path: "/me/sessions/{session}",
  summary: "End one of the account's sessions",
  tag: "accounts",
  permission: "account",
  params: z.object({ session: Id }),
});

export const endOtherSessions = route({
  id: "endOtherSessions",
  method: "delete",
  path: "/me/sessions",
  summary: "End every session of the account but this one",
  tag: "accounts",
  permission: "account",
});
