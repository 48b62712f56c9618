import type { Context } from "../context.ts";
import type { NewEvent } from "./events.ts";
import { rawQuery } from "./postgres.ts";

/*
 * Reading events from a position on. Ids are made by the application before the commit, so their order is not the order
 * in which events appear, and "everything after the last id" would skip what is committed late. A position is therefore
 * a snapshot of PostgreSQL: which transactions it had seen. What comes after it is exactly what its snapshot did not see
 * and the reader's does. Nothing is skipped or held back by a transaction that stays open long, nothing comes twice.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */

/** `<snapshot>;<milliseconds>`, e.g. `740:745:740,742;1795510000000`: what clients give back as Last-Event-ID. */
export type Position = string;

export interface StoredEvent extends NewEvent {
  recordedAt: Date;
}

const hourMs = 3_600_000;
/** Whoever was away longer loads anew. */
const oldestPositionMs = 12 * hourMs;
/** Numbers of transactions from before, or of another server (a restored backup), are passed over by their age. */
const oldestEventMs = 24 * hourMs;
const mostEvents = 200;
const shape = /^(\d{1,18}):(\d{1,18}):((?:\d{1,18}(?:,\d{1,18})*)?);(\d{1,15})$/;

/** Where the reading transaction stands (`mode: "read"`: one snapshot). */
export async function currentPosition(ctx: Context): Promise<Position> {
  const { rows } = await rawQuery(ctx.db, "select pg_current_snapshot()::text as snapshot", []);
  return `${(rows[0] as { snapshot: string }).snapshot};${ctx.now.getTime()}`;
}

/** Whether somebody's word for a position is one that PostgreSQL could have given; undefined: load anew. */
export function checkedPosition(given: string, now: Date): Position | undefined {
  const [, xmin, xmax, list, ms] = (given.length <= 4_000 && shape.exec(given)) || [];
  if (!xmin || !xmax || !ms || now.getTime() - Number(ms) > oldestPositionMs) return undefined;
  const open = list ? list.split(",").map(BigInt) : [];
  const [from, to] = [BigInt(xmin), BigInt(xmax)];
  const inOrder = open.every((xid, n) => xid >= from && xid < to && (n === 0 || xid > open[n - 1]!));
  return from >= 1n && to >= from && inOrder ? given : undefined;
}

/** Whoever gives a position that looks far back must not make us walk through years of events. */
const mostWalked = 20_000;

const sinceSnapshot = `
  select type, subject_id, recorded_at, n > ${mostWalked} as beyond
  from (
    select xid, type, subject_id, recorded_at, row_number() over (order by xid) as n from events
    where company_id = $1 and xid >= pg_snapshot_xmin($2::pg_snapshot) and xid < pg_snapshot_xmax(pg_current_snapshot())
    order by xid limit ${mostWalked + 1}
  ) walked
  where n > ${mostWalked} or (not pg_visible_in_snapshot(xid, $2::pg_snapshot) and recorded_at > $3)
  order by n limit ${mostEvents + 1}`;

/**
 * The company's events since a checked position, in a transaction of `mode: "read"`; those of one transaction in no
 * order.
 * @returns undefined: too many to tell one by one (an import), load anew
 */
export async function readEvents(ctx: Context, from: Position): Promise<StoredEvent[] | undefined> {
  const snapshot = from.slice(0, from.indexOf(";"));
  const since = new Date(ctx.now.getTime() - oldestEventMs);
  const { rows } = await rawQuery(ctx.db, sinceSnapshot, [ctx.company.id, snapshot, since]);
  const found = rows as { type: string; subject_id: string | null; recorded_at: Date; beyond: boolean }[];
  if (found.length > mostEvents || found.at(-1)?.beyond) return undefined;
  return found.map((row) => ({ type: row.type, subjectId: row.subject_id, recordedAt: row.recorded_at }));
}
