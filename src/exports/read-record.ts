import type { Context } from "../context.ts";
import { rawQuery } from "../platform/postgres.ts";
import type { ShownColumn, Table } from "./columns.ts";

/** Rows of a slice: a few megabytes in memory at any time. */
const sliceRows = 4000;

/** Consecutive rows of a table, each a line of JSON that PostgreSQL has written; no line feed after the last. */
export interface Slice {
  lines: string;
  count: number;
}

/**
 * Reads a table of the company's record in slices, in the order of its key: the lines of a JSON export, which the other
 * writers parse. The next slice is asked for before this one is handed on, so that both sides work at once.
 * @param shown with the columns that are made for people
 */
export async function* readTable(ctx: Context, table: Table, shown: boolean): AsyncGenerator<Slice, void> {
  let pending = ask(ctx, table, shown, undefined);
  try {
    for (;;) {
      const slice = await pending;
      if (slice.count === 0) return;
      const more = slice.count === sliceRows;
      if (more) pending = ask(ctx, table, shown, lastRow(slice));
      // Its failure is met when it is waited for.
      pending.catch(() => {});
      yield slice;
      if (!more) return;
    }
  } finally {
    await pending.catch(() => {});
  }
}

/**
 * Each slice is a walk along an index from where the last one ended; what PostgreSQL thinks of the number of rows behind
 * row-level security would have it start helpers for every one of them.
 */
export async function prepareReading(ctx: Context): Promise<void> {
  await rawQuery(ctx.db, "set local max_parallel_workers_per_gather = 0", []);
}

function lastRow({ lines }: Slice): Record<string, unknown> {
  return JSON.parse(lines.slice(lines.lastIndexOf("\n") + 1)) as Record<string, unknown>;
}

async function ask(
  ctx: Context,
  table: Table,
  shown: boolean,
  last: Record<string, unknown> | undefined,
): Promise<Slice> {
  const { text, values } = sliceQuery(ctx, table, shown, last);
  const { rows } = await rawQuery(ctx.db, text, values);
  return rows[0] as Slice;
}

const typeNames: Record<string, string> = {
  text: "text",
  integer: "int",
  uuid: "uuid",
  instant: "timestamptz",
  date: "date",
};

/** The statement for the slice after `last`; exported for the test of its plan. */
export function sliceQuery(
  ctx: Pick<Context, "company">,
  table: Table,
  shown: boolean,
  last: Record<string, unknown> | undefined,
): { text: string; values: unknown[] } {
  const values: unknown[] = [ctx.company.id];
  const keys = table.key.map((name) => table.columns.find((column) => column.name === name)!);
  const after = (alias?: string) => {
    if (!last) return "true";
    const left = keys.map(({ sql }) => (alias ? sql.replace(/^\w+/, alias) : sql)).join(", ");
    const right = keys.map(({ type }, index) => `$${index + 2}::${typeNames[type]}`).join(", ");
    return `(${left}) > (${right})`;
  };
  if (last) values.push(...keys.map(({ name }) => last[name]));
  const zone = shown && table.shown.some(({ type }) => type === "local") ? values.push(ctx.company.timeZone) : 0;
  const columns = [
    `'${table.name}' as "table"`,
    ...table.columns.map(({ name, sql }) => `${sql} as "${name}"`),
    ...(shown ? table.shown.map((column) => `${shownSql(column, zone)} as "${column.title}"`) : []),
  ];
  const from = table.from.replaceAll(":after(c)", after("c")).replaceAll(":after", after());
  const order = keys.map(({ sql }) => sql).join(", ");
  const text = `select coalesce(string_agg(row_to_json(t)::text, E'\\n'), '') as lines, count(*)::int as count
    from (select ${columns.join(", ")} from ${from} order by ${order} limit ${sliceRows}) t`;
  return { text: text.replaceAll(":company", "$1"), values };
}

function shownSql({ type, sql }: ShownColumn, zone: number): string {
  return type === "local" ? `(${sql} at time zone $${zone})` : sql;
}
