/** Program of the child process that reads all sheets of a workbook; started by read-every-sheet.ts. */
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { AppError } from "../errors.ts";
import type { BookMessage } from "./read-every-sheet.ts";
import { encodeFrame } from "./read-frames.ts";
import { openOds } from "./read-ods.ts";
import { openPackage, packageKind } from "./read-package.ts";
import type { RawRow } from "./read-raw.ts";
import type { SheetSource } from "./read-sheets.ts";
import { openXlsx } from "./read-xlsx.ts";

/** Of one message; the longest rows are alone in theirs. */
const batchRows = 500;
const batchLength = 512 * 1024;

const [path, first] = process.argv.slice(2);
// Not awaited at the top level: parts that are loaded later may lie in this file once it is built, and would wait for it.
void readBook(path!, JSON.parse(first!) as string[]).catch((error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  return send({ refused: error.code, message: error.message });
});

async function readBook(file: string, before: readonly string[]): Promise<void> {
  const parts = await openPackage(file, (await stat(file)).size);
  const book = (await packageKind(parts)) === "ods" ? await openOds(parts) : await openXlsx(parts);
  const leading = before.flatMap((name) => book.sheets.find((sheet) => sheet.name === name) ?? []);
  for (const sheet of [...leading, ...book.sheets.filter((other) => !leading.includes(other))]) await readSheet(sheet);
  await send({ sheets: book.sheets.map(({ name }) => name) });
  parts.close();
}

async function readSheet({ name, rows }: SheetSource): Promise<void> {
  let batch: RawRow[] = [];
  let length = 0;
  for await (const piece of rows(() => {})) {
    for (const { number, cells } of piece) {
      batch.push({ number, cells });
      for (const cell of cells) length += cell.length;
      if (batch.length < batchRows && length < batchLength) continue;
      await send({ sheet: name, rows: batch });
      batch = [];
      length = 0;
    }
  }
  if (batch.length > 0) await send({ sheet: name, rows: batch });
}

async function send(message: BookMessage): Promise<void> {
  if (!process.stdout.write(encodeFrame(message))) await once(process.stdout, "drain");
}
