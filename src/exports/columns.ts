/**
 * What the tables of an export are made of. A column is declared once: how PostgreSQL says it, what it may hold, how
 * wide it is in a workbook. Writers, readers and checks all go by this.
 */
export type ColumnType = "text" | "integer" | "uuid" | "instant" | "date" | "bytes" | "json";

export interface Column {
  /** The same in all three formats. */
  name: string;
  type: ColumnType;
  /** Over the aliases of the table's `from`. */
  sql: string;
  /** null is refused. */
  required: boolean;
  /** Most characters of a text, bytes of `bytes`. */
  max?: number | undefined;
  /** The only words it may hold. */
  of?: readonly string[] | undefined;
  /** Of `json`: a list and not an object. */
  list?: boolean | undefined;
  /** In a workbook, in characters. */
  width: number;
}

/** A column for people, made from the others: in a workbook before them, not read when an export is brought back. */
export interface ShownColumn {
  title: string;
  /** `local`: a time of the company's zone; `actor`: the key of who recorded it, shown as a name. */
  type: "text" | "integer" | "local" | "actor";
  sql: string;
  width: number;
}

export interface Table<Name extends string = string> {
  name: Name;
  /** Name of its sheet. */
  title: string;
  columns: readonly Column[];
  shown: readonly ShownColumn[];
  /** What a workbook shows first, by name or title; what programs need stands to the right of it. */
  first: readonly string[];
  /** FROM and its joins; `:company` stands for the company. */
  from: string;
  /** What orders the rows, each once: the names of columns; with the company before them the table's primary key. */
  key: readonly string[];
}

const widths: Record<ColumnType, number> = {
  text: 20,
  integer: 9,
  uuid: 14,
  instant: 26,
  date: 12,
  bytes: 14,
  json: 40,
};

type Limits = Pick<Column, "max" | "of" | "list"> & { sql?: string; width?: number; optional?: boolean };

/** Columns of one alias: `columnsOf("r")("reportedAt", "instant")` reads `r.reported_at`. Required unless `optional`. */
export function columnsOf(alias: string) {
  return (name: string, type: ColumnType, { sql, width, optional, ...limits }: Limits = {}): Column => {
    const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return {
      name,
      type,
      sql: sql ?? `${alias}.${snake}`,
      required: !optional,
      width: width ?? widths[type],
      ...limits,
    };
  };
}
