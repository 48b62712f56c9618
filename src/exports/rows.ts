import { AppError } from "../errors.ts";
import type { Column, Table } from "./columns.ts";
import type { TableName } from "./tables.ts";

/** A row of an export, as JSON says it: texts, whole numbers, null; `content` and `week` are objects. */
export type Row = Record<string, unknown>;

export interface Batch {
  table: Table<TableName>;
  rows: Row[];
}

/** Where somebody finds it: `record.jsonl, line 12`, `entries.csv, row 3`, `sheet Requests, row 9`. */
export type Place = () => string;

/** Rows count up to here in a whole number of PostgreSQL. */
const maxInteger = 2 ** 31 - 1;
const shapes = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  // What PostgreSQL writes into JSON, and ISO 8601 as anybody else writes it.
  instant: /^\d{4,6}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d(?::?\d\d)?)(?: BC)?$/,
  date: /^\d{4,6}-\d\d-\d\d(?: BC)?$/,
  hex: /^[0-9a-f]*$/,
} as const;

/** Checks a row against its table, column by column. @throws AppError export_damaged, naming place and column */
export function checkRow(table: Table, row: Row, place: Place): Row {
  for (const column of table.columns) {
    const fault = faultOf(column, row[column.name]);
    if (fault) throw damaged(`${place()}: ${column.name} ${fault}`);
  }
  return row;
}

function faultOf(column: Column, value: unknown): string | undefined {
  if (value === null || value === undefined) return column.required ? "is missing" : undefined;
  switch (column.type) {
    case "integer":
      return Number.isInteger(value) && Math.abs(value as number) <= maxInteger ? undefined : "is not a whole number";
    case "json":
      return typeof value === "object" && Array.isArray(value) === (column.list ?? false)
        ? undefined
        : "is not what belongs there";
    default:
      return typeof value === "string" ? textFault(column, value) : "is not a text";
  }
}

function textFault({ type, max, of }: Column, text: string): string | undefined {
  if (type === "uuid") return shapes.uuid.test(text) ? undefined : "is not an id";
  if (type === "instant") return shapes.instant.test(text) && isMoment(text) ? undefined : "is not an instant";
  if (type === "date") return shapes.date.test(text) ? undefined : "is not a date";
  if (type === "bytes")
    return text.length === max! * 2 && shapes.hex.test(text) ? undefined : `is not ${max} bytes in hexadecimal digits`;
  if (of && !of.includes(text)) return `is none of ${of.join(", ")}`;
  if (max !== undefined && text.length > max) return `is longer than ${max} characters`;
  return text.includes("\0") || !text.isWellFormed() ? "has a character that cannot be kept" : undefined;
}

function isMoment(text: string): boolean {
  return !Number.isNaN(momentOf(text));
}

/** Milliseconds since 1970 of an instant as an export writes it; NaN: none. */
export function momentOf(text: string): number {
  const [, year, rest, bc] = /^(\d{4,6})(-.*?)( BC)?$/.exec(text) ?? [];
  if (year === undefined) return Number.NaN;
  // The year before 1 is 1 BC; years of more than four digits need a sign (ECMA-262 21.4.1.32).
  const astronomical = bc ? 1 - Number(year) : Number(year);
  const digits = String(Math.abs(astronomical));
  const written =
    astronomical >= 0 && astronomical <= 9999
      ? digits.padStart(4, "0")
      : `${astronomical < 0 ? "-" : "+"}${digits.padStart(6, "0")}`;
  return Date.parse(written + rest!.replace(/([+-]\d\d)$/, "$1:00"));
}

export function damaged(what: string): AppError {
  return new AppError("export_damaged", `This export is damaged or was changed. ${what}.`);
}

export function cutShort(what: string): AppError {
  return new AppError(
    "export_cut_short",
    `This export is cut short: ${what}. Get the whole file again, for example by downloading it once more.`,
  );
}

export function notAnExport(why: string): AppError {
  return new AppError("not_an_export", `This is not an export of Openbook: ${why}.`);
}
