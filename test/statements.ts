import type { Context } from "../src/context.ts";

/** The statements that `work` sends through the context's connection, as SQL with placeholders. */
export async function statementsOf(ctx: Pick<Context, "db">, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const executor = ctx.db.getExecutor();
  const original = executor.executeQuery;
  executor.executeQuery = function counted(query) {
    sent.push(query.sql);
    return original.call(this, query) as never;
  };
  try {
    await work();
  } finally {
    executor.executeQuery = original;
  }
  return sent;
}
