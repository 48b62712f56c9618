import { stat } from "node:fs/promises";
import { AppError } from "../errors.ts";
import { fileKind } from "./read-kinds.ts";
import type { ReadMessage } from "./read-frames.ts";
import { packRows } from "./read-packed.ts";
import type { RowCollector, RowReceiver, SheetHead } from "./read-rows.ts";

type Send = (message: ReadMessage) => Promise<void>;

/** Where in a file the table stands; what is left out is found. */
export interface TablePlace {
  /** Of a workbook; by its name. */
  sheet?: string | undefined;
  /** Several, read as one table: by their names, or all that are visible and not empty. Counts before `sheet`. */
  sheets?: "all" | readonly string[] | undefined;
  /** The row that names the columns, as a spreadsheet program numbers it. */
  headerRow?: number | undefined;
}

/** Reads a spreadsheet of any kind and sends what it finds: a head, batches of rows, an end; or a refusal. */
export async function readFile(path: string, place: TablePlace, send: Send): Promise<void> {
  try {
    const collector = await readKind(path, place, send);
    await send({ kind: "end", rowCount: collector.rowCount, warnings: collector.warnings() });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await send({ kind: "refused", code: error.code, message: error.message });
  }
}

type BookOf = Omit<SheetHead, "header" | "headerRow" | "top">;
/** What is told of the rows when all of them were read. */
export type RowsRead = Pick<RowCollector, "rowCount" | "warnings">;

async function readKind(path: string, place: TablePlace, send: Send): Promise<RowsRead> {
  const kind = await fileKind(path);
  let head: BookOf;
  let share = 0;
  const onShare = (read: number) => void (share = read);
  const receiver: RowReceiver = {
    header: (found) => send({ kind: "head", head: { ...head, ...found } }),
    rows: (rows) => send(packRows(rows, share)),
  };
  if (kind === "zip") return readPackage(path, place, (found) => void (head = found), onShare, receiver);
  const { readCsv } = await import("./read-csv.ts");
  return readCsv(
    { path, ...place },
    (found) => void (head = { format: "csv", sheets: [], sheetList: [], read: [], ...found }),
    onShare,
    receiver,
  );
}

async function readPackage(
  path: string,
  place: TablePlace,
  onHead: (head: BookOf) => void,
  onShare: (share: number) => void,
  receiver: RowReceiver,
): Promise<RowsRead> {
  // Imported when needed: the library takes 40 MB before it has read anything.
  const [{ openPackage, packageKind }, { readBook }] = await Promise.all([
    import("./read-package.ts"),
    import("./read-sheets.ts"),
  ]);
  const { size } = await stat(path);
  const parts = await openPackage(path, size);
  try {
    const format = await packageKind(parts);
    const book =
      format === "ods"
        ? await (await import("./read-ods.ts")).openOds(parts)
        : await (await import("./read-xlsx.ts")).openXlsx(parts);
    return await readBook(book, place, (found) => onHead({ format, ...found }), onShare, receiver);
  } finally {
    parts.close();
  }
}
