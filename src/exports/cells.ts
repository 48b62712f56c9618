import type { Column } from "./columns.ts";

/**
 * How a text stands in a cell of CSV or of a workbook and comes back unchanged. Characters that a cell cannot keep are
 * written `_xHHHH_`, as in workbooks (ECMA-376 22.4.2.4); a text that looks so already gets its first `_` written so.
 * An apostrophe before a text says "this is text": before what a spreadsheet program takes for a formula, before a text
 * that begins with an apostrophe itself, and alone for a text without characters. Nothing and no text differ.
 */

// oxlint-disable-next-line no-control-regex -- finding control characters is its purpose
const unkept = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uD800-\uDFFF\uFEFF\uFFFE\uFFFF]/;
/** Halves of surrogate pairs only where they stand alone. */
const unkeptOnes =
  // oxlint-disable-next-line no-control-regex -- as above
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFEFF\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const looksWritten = /_(?=x[0-9A-Fa-f]{4}_)/g;
const readBack = /_x([0-9A-Fa-f]{4})_/g;

/** What a spreadsheet program takes for the beginning of a formula, or what may hide one. */
// oxlint-disable-next-line no-control-regex -- NUL is one of them
const formula = /^[=+\-@\t\r\n\u0000＝'＋－＠]/;

/** A text for a cell that knows no types, so that no program computes it: CSV. */
export function safeText(text: string): string {
  return formula.test(text) || text === "" ? `'${kept(text)}` : kept(text);
}

/** A text for a cell whose type is text: a workbook. */
export function typedText(text: string): string {
  return text.startsWith("'") || text === "" ? `'${kept(text)}` : kept(text);
}

function kept(text: string): string {
  let safe = text.includes("_x") ? text.replace(looksWritten, "_x005F_") : text;
  if (unkept.test(safe)) safe = safe.replace(unkeptOnes, writtenAs);
  return safe;
}

function writtenAs(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
}

/** The value of a cell: what JSON would say. A cell that cannot be one is left for the check of the row to refuse. */
export function valueOf(column: Column, cell: string): unknown {
  if (cell === "") return null;
  switch (column.type) {
    case "integer":
      return /^-?\d{1,15}$/.test(cell) ? Number(cell) : cell;
    case "json":
      return jsonOf(textOf(cell));
    case "date":
      // A workbook's dates are read with a time of day.
      return cell.replace(/T00:00:00$/, "");
    default:
      return textOf(cell);
  }
}

export function textOf(cell: string): string {
  const text = cell.startsWith("'") ? cell.slice(1) : cell;
  return text.includes("_x")
    ? text.replace(readBack, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
