import { hash } from "node:crypto";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { rawQuery } from "./postgres.ts";

/** A reply as it was first given: the JSON text, stored so that a repeat gets the same bytes. */
export interface StoredReply {
  status: number;
  /** undefined: no content. */
  text: string | undefined;
}

export interface Repeatable {
  /** The Idempotency-Key. */
  key: string;
  routeId: string;
  /** SHA-256 over the target and the body's bytes. */
  digest: Buffer;
  /** The reply carries a secret: it is not stored, a repeat gets 409. */
  secret: boolean;
}

const keptHours = 24;
const keyShape = /^[\x21-\x7e]{1,200}$/;

/** @throws AppError invalid_input: not 1 to 200 visible ASCII characters. */
export function checkedKey(key: string): string {
  if (keyShape.test(key)) return key;
  const message = "Must be 1 to 200 visible ASCII characters.";
  throw new AppError("invalid_input", `Idempotency-Key: ${message}`, { "Idempotency-Key": message });
}

export function digestOfRequest(target: string, body: Buffer): Buffer {
  return hash("sha256", Buffer.concat([Buffer.from(`${target}\n`), body]), "buffer");
}

const claim = `insert into idempotency_keys (company_id, actor, route, key, body_digest, created_at)
  values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1`;
const keep = `update idempotency_keys set status = $5, reply = $6
  where company_id = $1 and actor = $2 and route = $3 and key = $4`;
const find = `select body_digest, status, reply, created_at from idempotency_keys
  where company_id = $1 and actor = $2 and route = $3 and key = $4`;
const forget = `delete from idempotency_keys
  where company_id = $1 and actor = $2 and route = $3 and key = $4 and created_at < $5`;
const forgetOld = "delete from idempotency_keys where company_id = $1 and created_at < $2";

interface Row {
  body_digest: Buffer;
  status: number | null;
  reply: string | null;
  created_at: Date;
}

/**
 * Runs `work` unless this actor ran the same with the same key in the last 24 hours: then the stored reply comes back.
 * All in the caller's transaction: a work that fails leaves its key unused, and a parallel twin waits in the insert
 * until the first one has ended.
 * @throws AppError idempotency_key_reused (other body) · idempotency_key_used (the reply had a secret, not stored)
 */
export async function onceOnly(
  ctx: Context,
  repeatable: Repeatable,
  work: () => Promise<StoredReply>,
): Promise<StoredReply & { replayed: boolean }> {
  const own = [ctx.company.id, actorKey(ctx), repeatable.routeId, repeatable.key];
  for (let attempt = 0; attempt < 3; attempt++) {
    const claimed = await rawQuery(ctx.db, claim, [...own, repeatable.digest, ctx.now]);
    if (claimed.rows.length) return { ...(await claimedWork(ctx, own, repeatable, work)), replayed: false };
    const before = await rawQuery(ctx.db, find, own);
    const row = before.rows[0] as Row | undefined;
    const oldest = new Date(ctx.now.getTime() - keptHours * 3_600_000);
    if (row && row.created_at >= oldest) return { ...replay(row, repeatable), replayed: true };
    await rawQuery(ctx.db, forget, [...own, oldest]);
  }
  throw new AppError("busy", "The same key was used several times at once. Try again.");
}

async function claimedWork(
  ctx: Context,
  own: string[],
  repeatable: Repeatable,
  work: () => Promise<StoredReply>,
): Promise<StoredReply> {
  const reply = await work();
  if (!repeatable.secret) await rawQuery(ctx.db, keep, [...own, reply.status, reply.text ?? null]);
  if (++claims % 500 === 0) {
    await rawQuery(ctx.db, forgetOld, [ctx.company.id, new Date(ctx.now.getTime() - keptHours * 3_600_000)]);
  }
  return reply;
}

/** Old keys go in passing, one company at a time, so that no job has to walk over all of them. */
let claims = 0;

function replay(row: Row, repeatable: Repeatable): StoredReply {
  if (!row.body_digest.equals(repeatable.digest)) {
    throw new AppError(
      "idempotency_key_reused",
      "This Idempotency-Key was used for something else in the last 24 hours. Nothing was changed; send a new key.",
    );
  }
  if (row.status === null) {
    throw new AppError(
      "idempotency_key_used",
      "This was done already; its reply carried a secret that is shown only once and was not kept.",
    );
  }
  return { status: row.status, text: row.reply ?? undefined };
}

function actorKey(ctx: Context): string {
  return ctx.actor.kind === "member" ? `member:${ctx.actor.memberId}` : `${ctx.actor.kind}:${ctx.actor.name}`;
}
