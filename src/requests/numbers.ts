import type { Context } from "../context.ts";
import { nextNumbers } from "./opening.ts";

/** Running numbers that were taken from the company's counter and are given out one by one. */
export interface NumberBlock {
  /** Of those not given out yet. */
  next: number;
  /** The last one; below `next`: none is left. */
  last: number;
}

/**
 * Takes numbers for what will be written by another, long transaction: the counter's row stays locked until the end of
 * this one, and nobody can log a call meanwhile. Numbers of a block that is not used up are missing in the record, as
 * if nobody had ever had them; {@link returnNumbers} mostly prevents that.
 */
export async function reserveNumbers(ctx: Context, count: number): Promise<NumberBlock> {
  if (count === 0) return { next: 1, last: 0 };
  const next = await nextNumbers(ctx, count);
  return { next, last: next + count - 1 };
}

/** Gives back what is left of a block, where nobody took a number since: what was never written leaves no gap then. */
export async function returnNumbers(ctx: Context, { next, last }: NumberBlock): Promise<void> {
  if (next > last) return;
  await ctx.db
    .updateTable("company_counters")
    .set({ value: next - 1 })
    .where("company_id", "=", ctx.company.id)
    .where("name", "=", "request")
    .where("value", "=", last)
    .execute();
}

/** The first of so many numbers in a row: of the block, as far as it goes, else the company's next ones. */
export async function numbersFrom(ctx: Context, block: NumberBlock | undefined, count: number): Promise<number> {
  if (!block || block.last - block.next + 1 < count) return nextNumbers(ctx, count);
  block.next += count;
  return block.next - count;
}
