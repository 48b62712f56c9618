import { importFields, type ImportField } from "./contract.ts";
import { timeFields, type TimeField } from "./parse-columns.ts";
import type { Values } from "./parse-values.ts";

const isTime = new Set<ImportField>(timeFields);

/** Everything the mapped columns of a row say, in one order: equal texts, equal rows. */
export function contentOf(values: Values, row: number): string {
  const parts = importFields.map((field) => {
    if (isTime.has(field)) return values.time(row, field as TimeField) ?? null;
    if (field === "description" || field === "note") return values.text(row, field);
    return values.line(row, field);
  });
  return JSON.stringify(parts);
}

/** What the other columns say, without their names and their order; tells apart what is otherwise the same. */
export function unmappedOf(values: Values, row: number): string {
  const mapped = new Set(Object.values(values.columns.of));
  const cells: string[] = [];
  for (let column = 0; column < values.table.header.length; column++) {
    const line = mapped.has(column) ? null : values.lineOf(values.table.id(row, column));
    if (line !== null) cells.push(line);
  }
  return JSON.stringify(cells.sort());
}

/**
 * What an entry keeps of its row in the source's own words: the cells that are known, under their headers, without
 * those the entry shows as its own.
 * @param before the row before it: then only what differs, with "" for what is no longer known
 */
export function sourceOf(
  values: Values,
  row: number,
  shown: readonly ImportField[],
  before?: number,
): Record<string, string> {
  const { table, columns } = values;
  const left = new Set(shown.map((field) => columns.of[field]));
  const cells: [string, string][] = [];
  for (let column = 0; column < table.header.length; column++) {
    if (left.has(column)) continue;
    const id = table.id(row, column);
    if (before !== undefined && table.id(before, column) === id) continue;
    const known = values.lineOf(id) !== null;
    if (known) cells.push([table.header[column]!, table.word(id)]);
    else if (before !== undefined && values.lineOf(table.id(before, column)) !== null)
      cells.push([table.header[column]!, ""]);
  }
  // A header may be "__proto__": fromEntries makes it a property of its own.
  return Object.fromEntries(cells);
}
