import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { listFields, ListMapping, type ImportReport, type ListName } from "./contract.ts";
import { openAssets } from "./lists-assets.ts";
import { listColumnsOf } from "./lists-fields.ts";
import { foldRows, type Fold } from "./lists-fold.ts";
import { guessList } from "./lists-guess.ts";
import { keepChanges } from "./lists-changes.ts";
import { openHolidays } from "./lists-holidays.ts";
import { keptLists } from "./lists-kept.ts";
import type { OpenList } from "./lists-open.ts";
import { openPeople } from "./lists-people.ts";
import { readListRows, type ListRow, type ListRows } from "./lists-rows.ts";
import { openSuppliers } from "./lists-suppliers.ts";
import { Findings, listedRefusals } from "./parse-findings.ts";
import type { Table } from "./parse-table.ts";
import { refusalsOf } from "./run-report.ts";
import type { ImportSubject, OnProgress, Understood } from "./subject.ts";
import { undoList } from "./undo-lists.ts";

const openers: Record<ListName, (ctx: Context, rows: readonly ListRow[]) => Promise<OpenList>> = {
  people: openPeople,
  suppliers: openSuppliers,
  assets: openAssets,
  holidays: openHolidays,
};

/** A list is compared with all that is known of it at once; a business has a few thousand of anything. */
const maxRows = 100_000;

/** People, suppliers, assets or holidays from a spreadsheet, one row each. */
export function listSubject(name: ListName): ImportSubject<ListMapping> {
  const fields = listFields[name];
  const mapping = ListMapping.refine(({ columns }) =>
    Object.keys(columns).every((field) => (fields as readonly string[]).includes(field)),
  );
  return {
    name,
    mapping,
    fields,
    guess: (header, sample) => guessList(name, header, sample),
    check: (mapping, header) => void listColumnsOf(name, mapping, header),
    async understand(table, mapping) {
      if (table.rows > maxRows) throw tooManyRows(table);
      return new UnderstoodList(name, table, await readListRows(name, table, mapping));
    },
    undo: (ctx, done) => undoList(ctx, name, done),
  };
}

function tooManyRows({ rows }: Table): AppError {
  const [has, most] = [rows, maxRows].map((count) => count.toLocaleString("en"));
  const message = `The list has ${has} rows; at most ${most} are taken at once. Nothing was imported. Split it and import the parts.`;
  return new AppError("import_too_large", message);
}

class UnderstoodList implements Understood {
  readonly rowCount: number;
  readonly refusesByRecord = true;
  /** Of the last comparison: some rows are refused for what the record says. */
  readonly findings = new Findings();
  readonly cellsOf: (index: number) => string[];
  private readonly name: ListName;
  private readonly read: ListRows;

  constructor(name: ListName, table: Table, read: ListRows) {
    this.name = name;
    this.read = read;
    this.rowCount = read.rowCount;
    this.cellsOf = (index) => table.cellsOf(index);
    this.findings.begin(read.findings);
  }

  compare = async (ctx: Context, onProgress?: OnProgress): Promise<ImportReport> => {
    const { fold } = await this.fold(ctx);
    await onProgress?.(this.rowCount);
    return this.report(fold);
  };

  bringIn = async (ctx: Context, importId: string, onProgress?: OnProgress): Promise<ImportReport> => {
    const { list, fold } = await this.fold(ctx);
    let done = this.rowCount - fold.added.length - fold.changed.length;
    await onProgress?.(done);
    const changing = fold.changed.map(({ id }) => id!);
    const before = await keptLists[this.name].read(ctx, changing);
    const written = await list.write(ctx, fold, (more) => onProgress?.((done += more)));
    await keepChanges(ctx, importId, this.name, { before, written });
    return this.report(fold);
  };

  private async fold(ctx: Context): Promise<{ list: OpenList; fold: Fold }> {
    // The work may run again after a deadlock: what the record said then is forgotten.
    this.findings.begin(this.read.findings);
    const list = await openers[this.name](ctx, this.read.rows);
    const fold = foldRows(list.rows, list.identity, this.findings);
    list.doubt?.(this.findings, fold);
    return { list, fold };
  }

  private report({ added, changed, unchanged }: Fold): ImportReport {
    const counts = { created: added.length, updated: changed.length, unchanged };
    const { findings, rowCount } = this;
    return {
      counts: {
        rows: rowCount,
        requests: added.length + changed.length + unchanged,
        entries: 0,
        ...counts,
        refused: findings.refusedCount,
      },
      doubts: findings.doubts(),
      refused: [...refusalsOf(this, listedRefusals)],
      from: null,
      to: null,
    };
  }
}
