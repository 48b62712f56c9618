import { setImmediate } from "node:timers/promises";
import { Email } from "../contract.ts";
import type { AssetKind } from "../assets/contract.ts";
import type { ListField, ListMapping, ListName } from "./contract.ts";
import { dateFormatOf, newDateEvidence, noteDate, parseLocalDateTime, settleDates, type DateFormat } from "./dates.ts";
import { fieldKinds, listColumnsOf, type ListColumns } from "./lists-fields.ts";
import { guessAssetKind } from "./lists-words.ts";
import { Findings } from "./parse-findings.ts";
import type { Table } from "./parse-table.ts";
import { foldWord, tidy, tidyText, wordsOf } from "./parse-words.ts";
import { quoted } from "./read-cells.ts";

/** One row of a list: what it says, and nothing of what it leaves open. */
export interface ListRow {
  /** Of the row in the table. */
  index: number;
  /** As a spreadsheet program numbers it. */
  number: number;
  /** Texts as they are kept: addresses bare, days as YYYY-MM-DD, kinds as the contract's words. */
  says: ReadonlyMap<ListField, string>;
}

export interface ListRows {
  rowCount: number;
  rows: ListRow[];
  findings: Findings;
}

/** Rows dealt with before others have their turn. */
const turn = 5_000;

/**
 * Reads the rows of a list by its mapping; those with a cell that cannot be kept are refused. Pure but for the time it
 * takes.
 * @throws AppError mapping_invalid
 */
export async function readListRows(list: ListName, table: Table, mapping: ListMapping): Promise<ListRows> {
  const columns = listColumnsOf(list, mapping, table.header);
  const findings = new Findings({ sheets: table.sheets });
  for (const [row, { code, message }] of table.problems) findings.refuse(row, table.numberOf(row), code, message);
  const cells = new Cells(table, columns, mapping);
  const rows: ListRow[] = [];
  for (let index = 0; index < table.rows; index++) {
    if (index % turn === turn - 1) await setImmediate();
    if (findings.isRefused(index)) continue;
    const row = cells.read(index, findings);
    if (row) rows.push(row);
  }
  cells.doubt(findings);
  return { rowCount: table.rows, rows, findings };
}

/** What a cell says, or why it says nothing that can be kept. */
type Said = { text: string } | { code: string; message: string };

class Cells {
  private readonly table: Table;
  private readonly columns: ListColumns;
  private readonly isUnknown: (text: string) => boolean;
  private readonly formats = new Map<ListField, DateFormat>();
  private readonly kinds: Map<string, AssetKind>;
  private readonly unknownKinds = new Map<string, { row: number; count: number }>();

  constructor(table: Table, columns: ListColumns, mapping: ListMapping) {
    this.table = table;
    this.columns = columns;
    const { unknownWords } = mapping;
    this.isUnknown = wordsOf({ layout: "requests", columns: {}, unknownWords }).isUnknown;
    this.kinds = new Map(Object.entries(mapping.kinds ?? {}).map(([word, kind]) => [foldWord(word), kind]));
    for (const [field, column] of columns) {
      if (fieldKinds[field].holds === "date") this.formats.set(field, this.formatOf(column, mapping));
    }
  }

  private formatOf(column: number, { dateOrder }: ListMapping): DateFormat {
    const evidence = newDateEvidence();
    const seen = new Set<number>();
    for (let row = 0; row < this.table.rows; row++) seen.add(this.table.id(row, column));
    for (const id of seen) {
      const text = this.table.word(id).trim();
      if (!this.isUnknown(text)) noteDate(evidence, text);
    }
    return settleDates(dateFormatOf(evidence), dateOrder);
  }

  /** @returns undefined: the row is refused, for the first of its cells that cannot be kept, or says nothing at all */
  read(index: number, findings: Findings): ListRow | undefined {
    const number = this.table.numberOf(index);
    const says = new Map<ListField, string>();
    for (const [field, column] of this.columns) {
      const cell = this.table.text(index, column);
      const text = fieldKinds[field].holds === "lines" ? tidyText(cell) : tidy(cell);
      if (this.isUnknown(text)) continue;
      const said = this.say(field, text, number);
      if ("code" in said) {
        findings.refuse(index, number, said.code, said.message);
        return undefined;
      }
      says.set(field, said.text);
    }
    return { index, number, says };
  }

  private say(field: ListField, text: string, row: number): Said {
    const { holds, most, called } = fieldKinds[field];
    if (holds === "email") return emailIn(text);
    if (text.length > most) {
      const message = `${sentence(called)} has ${text.length.toLocaleString("en")} characters; at most ${most} are kept.`;
      return { code: "too_long", message };
    }
    if (holds === "phone") return phoneIn(text);
    if (holds === "date") return this.dayIn(field, text);
    return { text: holds === "word" ? this.kindOf(text, row) : text };
  }

  private dayIn(field: ListField, text: string): Said {
    const read = parseLocalDateTime(text, this.formats.get(field));
    if (!("problem" in read)) return { text: read.plain.toPlainDate().toString() };
    const code = read.problem === "ambiguous_date" ? "ambiguous_date" : "unreadable_date";
    return { code, message: `${sentence(fieldKinds[field].called)}: ${read.message}` };
  }

  private kindOf(word: string, row: number): AssetKind {
    const kind = this.kinds.get(foldWord(word)) ?? guessAssetKind(word);
    if (kind) return kind;
    const known = this.unknownKinds.get(word);
    if (known) known.count++;
    else this.unknownKinds.set(word, { row, count: 1 });
    return "other";
  }

  doubt(findings: Findings): void {
    for (const [word, { row, count }] of this.unknownKinds) {
      const shown = word.length > 60 ? `${word.slice(0, 60).toWellFormed()}…` : word;
      findings.doubt(row, "unknown_kind", `“${shown}” is not known as a kind of asset: it comes in as “other”.`, count);
    }
  }
}

/** "mailto:ana@example.org", "Ana Lopes <ana@example.org>", "ana@example.org" */
export function emailIn(text: string): Said {
  const bare = (/<([^<>]+)>/.exec(text)?.[1] ?? text).replace(/^mailto:/i, "").trim();
  if (Email.safeParse(bare).success) return { text: bare };
  const several = bare.split("@").length > 2;
  const message = several
    ? `${quoted(text)} holds several e-mail addresses; one can be kept.`
    : `${quoted(text)} is not an e-mail address.`;
  return { code: "email_invalid", message };
}

/** A number as people write it: digits with signs between, perhaps a few letters for an extension. */
export function phoneIn(text: string): Said {
  const bare = text.replace(/^tel:/i, "").trim();
  const digits = bare.match(/\p{Nd}/gu)?.length ?? 0;
  const letters = bare.match(/\p{L}/gu)?.length ?? 0;
  if (digits >= 2 && letters <= digits && !bare.includes("@")) return { text: bare };
  return { code: "phone_invalid", message: `${quoted(text)} is not a phone number.` };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
