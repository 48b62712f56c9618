import type { Context } from "../context.ts";
import { copyOut, escapeLiteral, rawQuery } from "../platform/postgres.ts";
import { actorName } from "../requests/requests.ts";
import type { ShownColumn, Table } from "./columns.ts";
import { BinaryRows, type Value } from "./read-binary.ts";

/** Consecutive rows of a table; each has the table's columns, then those made for people where they were asked for. */
export type Rows = readonly (readonly Value[])[];

/**
 * Reads a table of the company's record in the order of its key, as one COPY in the context's transaction: PostgreSQL
 * goes on while what it sent is being written, as far as the connection holds, and row-level security binds as always.
 * Until all is read, or the loop over it is left, nothing else can run in that transaction.
 * @param shown with the columns that are made for people
 */
export async function* readTable(ctx: Context, table: Table, shown: boolean): AsyncGenerator<Rows, void> {
  const columns = shown ? [...table.columns, ...table.shown] : table.columns;
  const reading = new BinaryRows(columns.map(({ type }) => type));
  const at = columns.findIndex(({ type }) => type === "actor");
  const names = at < 0 ? undefined : await actorNames(ctx);
  for await (const bytes of copyOut(ctx.db, copyStatement(ctx, table, shown))) {
    const rows = reading.take(bytes);
    if (names) for (const row of rows) row[at] = names.get(row[at] as string) ?? row[at]!;
    if (rows.length > 0) yield rows;
  }
}

/** What everybody who recorded something is called, by their keys: few people record many entries. */
async function actorNames({ db, company }: Context): Promise<Map<string, string>> {
  const { rows } = await rawQuery(
    db,
    `select e.actor as key, ${actorName} as name
     from (select distinct company_id, actor from entries where company_id = $1) e`,
    [company.id],
  );
  const named = (rows as { key: string; name: string | null }[]).filter(({ name }) => name !== null);
  return new Map(named.map(({ key, name }) => [key, name!]));
}

/**
 * Every table is wanted whole and in the order of its primary key: a walk along that index, joined by walking along the
 * others beside it. What PostgreSQL thinks of the number of rows behind row-level security would have it look up the
 * contents entry by entry and sort everything on disk first.
 */
export async function prepareReading(ctx: Context): Promise<void> {
  for (const setting of ["enable_sort", "enable_nestloop", "enable_hashjoin"]) {
    await rawQuery(ctx.db, `set local ${setting} = off`, []);
  }
  await rawQuery(ctx.db, "set local max_parallel_workers_per_gather = 0", []);
}

/** Exported for the test of its plan. */
export function copyStatement(ctx: Pick<Context, "company">, table: Table, shown: boolean): string {
  return `copy (${selectStatement(ctx, table, shown)}) to stdout (format binary)`;
}

/** COPY takes no parameters: what stands for them is written as literals. */
function selectStatement({ company }: Pick<Context, "company">, table: Table, shown: boolean): string {
  const zone = escapeLiteral(company.timeZone);
  const columns = [
    ...table.columns.map(({ sql }) => sql),
    ...(shown ? table.shown.map((column) => shownSql(column, zone)) : []),
  ];
  const order = table.key.map((name) => table.columns.find((column) => column.name === name)!.sql);
  const text = `select ${columns.join(", ")} from ${table.from} order by ${order.join(", ")}`;
  return text.replaceAll(":company", `${escapeLiteral(company.id)}::uuid`);
}

function shownSql({ type, sql }: ShownColumn, zone: string): string {
  return type === "local" ? `(${sql} at time zone ${zone})` : sql;
}
