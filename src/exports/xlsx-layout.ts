import type { Column, ShownColumn, Table } from "./columns.ts";

/** How a table lies in a sheet of a workbook. */
export interface SheetColumn {
  header: string;
  width: number;
  /** Exact: read again when the export is brought back; shown: made for people. */
  column: { exact: Column } | { shown: ShownColumn };
  /** Stands among what people look at, and not among what programs need. */
  leads: boolean;
}

/** The sheet with what the export says of itself, and the one with what is too long for a cell. */
export const aboutSheet = "About";
export const longSheet = "Long texts";
/** Labels of the rows in which programs read what the export is. */
export const aboutRows = { manifest: "For programs", ending: "For programs: rows" } as const;
export const longHeaders = ["Table", "Row", "Column", "Part", "Text"] as const;
/** Characters a cell keeps, by every spreadsheet program. */
export const maxCell = 32_767;
/** Rows of a sheet below its header; more go on in another sheet of the same title and a number. */
export const maxSheetRows = 1_000_000;

/** What is looked at first, then what programs need. */
export function sheetColumns(table: Table): SheetColumn[] {
  const exact = (column: Column, leads: boolean): SheetColumn => ({
    header: leads ? titleOf(column.name) : column.name,
    width: Math.max(column.width, leads ? titleOf(column.name).length + 3 : 0),
    column: { exact: column },
    leads,
  });
  const first = table.first.map((name): SheetColumn => {
    const shown = table.shown.find(({ title }) => title === name);
    if (shown) return { header: shown.title, width: shown.width, column: { shown }, leads: true };
    return exact(
      table.columns.find((column) => column.name === name)!,
      true,
    );
  });
  const rest = table.columns.filter(({ name }) => !table.first.includes(name));
  return [...first, ...rest.map((column) => exact(column, false))];
}

/** `responseMinutes` becomes `Response minutes`. */
export function titleOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0]!.toUpperCase() + words.slice(1);
}

/** The sheet in which the rows of a table go on: the first, second, … */
export function sheetName(table: Pick<Table, "title">, ordinal: number): string {
  return ordinal === 1 ? table.title : `${table.title} ${ordinal}`;
}

/** What a row is known by among the long texts. */
export function rowKey(table: Table, row: Record<string, unknown>): string {
  return table.key.map((name) => String(row[name])).join(" ");
}
