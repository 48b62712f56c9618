import type { ImportField } from "./contract.ts";
import { dateParts } from "./dates-text.ts";
import type { Columns } from "./parse-columns.ts";
import type { Findings } from "./parse-findings.ts";
import type { Table } from "./parse-table.ts";
import type { Words } from "./parse-words.ts";
import { quoted } from "./read-cells.ts";
import { placeOf } from "./read-raw.ts";

/** Columns that mean one thing down to some row and another below: people begin to use a column anew half-way. */

const kinds = { 1: "dates", 2: "numbers", 3: "words" } as const;
type Kind = keyof typeof kinds;
const allKinds = [1, 2, 3] as const;

/** Rows on each side below which nothing is said. */
const leastRows = 5;
/** Share of a side's cells that are of its kind. */
const leastShare = 0.9;
/** Numbers become codes when the ticket system changes: 4711, then INC0004711. Any text may be a number. */
const mixed = new Set<ImportField>(["number", "key", "subject", "description", "note", "asset"]);

/** Doubts each used column that holds one kind of cells down to some row and another kind from there on. */
export function doubtChanges(table: Table, columns: Columns, words: Words, findings: Findings): void {
  const kindOf = kindsIn(table, words);
  const rows = new Int32Array(table.rows);
  const cells = new Uint8Array(table.rows);
  for (const [field, column] of Object.entries(columns.of) as [ImportField, number][]) {
    let count = 0;
    for (let row = 0; row < table.rows; row++) {
      const kind = table.problems.has(row) ? 0 : kindOf(table.id(row, column));
      if (kind === 0) continue;
      rows[count] = row;
      cells[count++] = kind;
    }
    const change = changeIn(cells.subarray(0, count));
    if (!change) continue;
    const { at, before, after } = change;
    if (mixed.has(field) && before !== 1 && after !== 1) continue;
    const row = table.numberOf(rows[at]!);
    const place = placeOf(row, table.sheets);
    const where = `row ${place.row}${place.sheet === undefined ? "" : ` of ${quoted(place.sheet)}`}`;
    const message = `The column ${quoted(table.header[column]!)} holds ${kinds[before]} at first and ${kinds[after]} from ${where} on. Does it mean the same in all rows? Its cells are taken as they stand.`;
    findings.doubtOnce(row, "column_changes", message, count - at, table.header[column]);
  }
}

/** What a cell holds by the number of its text; 0 where nothing is known. Each text is looked at once. */
function kindsIn(table: Table, words: Words): (id: number) => Kind | 0 {
  const known = new Uint8Array(table.size);
  return (id) => {
    const kind = known[id]!;
    if (kind > 0) return (kind - 1) as Kind | 0;
    const text = table.word(id).trim();
    const found = words.isUnknown(text) ? 0 : kindOf(text);
    known[id] = found + 1;
    return found;
  };
}

function kindOf(text: string): Kind {
  if (/^[-+]?\d[\d.,'\s]*%?$/.test(text.slice(0, 100)) && !/^\d+[./-]\d+[./-]\d+/.test(text)) return 2;
  const date = dateParts(text);
  return date !== undefined && date.kind !== "serial" ? 1 : 3;
}

interface Change {
  /** Index of the first cell of the second kind. */
  at: number;
  before: Kind;
  after: Kind;
}

/** The place that divides the cells best into one kind before and another after; undefined where none does so well. */
function changeIn(cells: Uint8Array): Change | undefined {
  const total = [0, 0, 0, 0];
  for (const kind of cells) total[kind]!++;
  if (Math.max(...total) === cells.length || cells.length < 2 * leastRows) return undefined;
  let best: (Change & { fitting: number }) | undefined;
  const seen = [0, 0, 0, 0];
  for (let at = 1; at < cells.length; at++) {
    seen[cells[at - 1]!]!++;
    // The best place is always where the kind changes.
    if (cells[at] === cells[at - 1] || at < leastRows || cells.length - at < leastRows) continue;
    for (const before of allKinds) {
      for (const after of allKinds) {
        const left = seen[before]!;
        const right = total[after]! - seen[after]!;
        if (before === after || left + right <= (best?.fitting ?? 0)) continue;
        if (left < at * leastShare || right < (cells.length - at) * leastShare) continue;
        best = { at, before, after, fitting: left + right };
      }
    }
  }
  return best && { at: best.at, before: best.before, after: best.after };
}
