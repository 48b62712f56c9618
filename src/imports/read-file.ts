import { stat } from "node:fs/promises";
import { AppError } from "../errors.ts";
import { fileKind } from "./read-kinds.ts";
import type { ReadMessage } from "./read-frames.ts";
import type { RowCollector, RowReceiver, SheetHead } from "./read-rows.ts";

type Send = (message: ReadMessage) => Promise<void>;

/** Where in a file the table stands; what is left out is found. */
export interface TablePlace {
  /** Of a workbook; by its name. */
  sheet?: string | undefined;
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

async function readKind(path: string, place: TablePlace, send: Send): Promise<RowCollector> {
  const kind = await fileKind(path);
  let head: Omit<SheetHead, "header" | "headerRow" | "top">;
  let share = 0;
  const onShare = (read: number) => void (share = read);
  const receiver: RowReceiver = {
    header: (found) => send({ kind: "head", head: { ...head, ...found } }),
    rows: (rows) => send({ kind: "rows", rows, share }),
  };
  // Imported when needed: SheetJS takes 40 MB before it has read anything.
  if (kind === "zip") {
    const { size } = await stat(path);
    const { readXlsx } = await import("./read-xlsx.ts");
    return readXlsx({ path, size, ...place }, (found) => void (head = { format: "xlsx", ...found }), onShare, receiver);
  }
  const { readCsv } = await import("./read-csv.ts");
  return readCsv(
    { path, ...place },
    (found) => void (head = { format: "csv", sheets: [], ...found }),
    onShare,
    receiver,
  );
}
