import { dateParts } from "./dates-text.ts";
import { matchHeader } from "./guess-headers.ts";
import { isBlank } from "./read-cells.ts";
import type { RawRow } from "./read-raw.ts";

/** Finds the row that names the columns, among titles and headings of groups. Pure. */

/** A name that fits so well, 0 to 1, is the name of a field. */
const leastScore = 0.5;
/** Rows of headings above the header: "Reported" over "Date" and "By". */
const maxGroupRows = 3;

/**
 * Index of the header among the first rows of a table, none of them blank: the row that fills about as many cells as
 * the table below (titles above it fill one or two), unless another one has more names of fields and, unlike data,
 * neither numbers nor dates.
 */
export function findHeader(rows: readonly RawRow[]): number {
  const filled = rows.map(({ cells }) => cells.reduce((sum, cell) => (isBlank(cell) ? sum : sum + 1), 0));
  // The upper quarter: one row with a stray mark in each of 1,000 columns is not the table.
  const most = filled.toSorted((a, b) => b - a)[Math.floor(filled.length / 4)] ?? 0;
  const first = filled.findIndex((cells) => most < 3 || cells * 2 > most);
  if (first < 0) return first;
  let best = { index: first, names: fieldNames(rows[first]!.cells) };
  for (const [index, { cells }] of rows.entries()) {
    if (index === first || !cells.every(isWord)) continue;
    const names = fieldNames(cells);
    if (names >= 2 && names > best.names) best = { index, names };
  }
  return best.index;
}

/** How many different fields a row names. */
export function fieldNames(cells: readonly string[]): number {
  const fields = new Set<string>();
  for (const cell of cells.slice(0, 200)) {
    // A name has a few words; a sentence that contains one is none.
    if (isBlank(cell) || cell.length > 60) continue;
    for (const { field, score } of matchHeader(cell, undefined)) if (score >= leastScore) fields.add(field);
  }
  return fields.size;
}

/** Neither number nor date. */
function isWord(cell: string): boolean {
  return !/^[-+]?[\d.,:'\s]+%?$/.test(cell.trim()) && dateParts(cell.slice(0, 100)) === undefined;
}

/**
 * The header's cells, made clear by headings above it: a name that stands there several times gets the heading of its
 * group ("Date" under "Reported" becomes "Reported Date"), one that is empty the name in the same column above.
 * @param above rows above the header, the nearest last
 * @param width how many columns the table has
 */
export function namedByGroups(header: readonly string[], above: readonly RawRow[], width: number): string[] {
  const groups = above
    .slice(-maxGroupRows)
    .filter(({ cells }) => new Set(cells.filter((cell) => !isBlank(cell))).size > 1)
    .toReversed();
  if (groups.length === 0) return [...header];
  const counts = new Map<string, number>();
  for (const cell of header) counts.set(folded(cell), (counts.get(folded(cell)) ?? 0) + 1);
  return Array.from({ length: width }, (_, column) => {
    const name = header[column] ?? "";
    if (isBlank(name)) return groups.map(({ cells }) => cells[column] ?? "").find((cell) => !isBlank(cell)) ?? "";
    if (counts.get(folded(name)) === 1) return name;
    const heading = headingOf(groups[0]!.cells, column);
    return heading === "" || folded(heading) === folded(name) ? name : `${heading} ${name}`;
  });
}

/** A heading stands in the first of its columns. */
function headingOf(cells: readonly string[], column: number): string {
  for (let at = Math.min(column, cells.length - 1); at >= 0; at--) if (!isBlank(cells[at]!)) return cells[at]!.trim();
  return "";
}

function folded(name: string): string {
  return name.replace(/\s+/g, " ").trim().toLowerCase();
}
