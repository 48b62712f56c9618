import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { AppError } from "../errors.ts";
import { findEncoding, utf8Chunks, type Encoding, type TextEncoding } from "./read-encoding.ts";
import { RowCollector, type RowReceiver } from "./read-rows.ts";

export const separators = [",", ";", "\t", "|"] as const;

export interface CsvHead {
  encoding: Encoding;
  separator: string;
}

/** Bytes of one row, quoted line breaks included. A quotation mark that is never closed swallows the rest of the file. */
const maxRecordBytes = 4 * 1024 * 1024;
const sampleBytes = 256 * 1024;

/**
 * Reads a text file of separated values (RFC 4180, and what programs make of it): finds encoding, separator and line
 * ends, honours Excel's first line `sep=;`, takes quotation marks inside a cell as they are.
 * @param onHead called once, before any header or row
 * @param onShare how much of the file has been read, 0 to 1
 * @throws AppError spreadsheet_open_quote, spreadsheet_empty, spreadsheet_header_only, …
 */
export async function readCsv(
  { path, headerRow }: { path: string; headerRow?: number | undefined },
  onHead: (head: CsvHead) => void,
  onShare: (share: number) => void,
  receiver: RowReceiver,
): Promise<RowCollector> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const text = await findEncoding(file);
    const sample = await sampleText(file, text);
    const stated = /^sep=(.)\r?\n/i.exec(sample);
    const separator = stated?.[1] ?? findSeparator(sample);
    onHead({ encoding: text.encoding, separator });
    const collector = new RowCollector(receiver, { warnOfShortRows: true, extraColumns: () => 0, headerRow });
    warnOfEncoding(collector, text);
    await emit(
      utf8Chunks(file, text, (position) => onShare(Math.min(1, position / size))),
      parserOptions(separator, sample),
      stated ? 1 : 0,
      collector,
    );
    return collector;
  } finally {
    await file.close();
  }
}

async function sampleText(file: FileHandle, text: TextEncoding): Promise<string> {
  let sample = "";
  for await (const chunk of utf8Chunks(file, text, () => undefined)) {
    sample += chunk.toString("utf8");
    if (sample.length >= sampleBytes) break;
  }
  return sample;
}

function warnOfEncoding(collector: RowCollector, { assumed, damaged }: TextEncoding): void {
  if (assumed)
    collector.warn(
      "encoding_assumed",
      "The file is not UTF-8 and was read as Windows-1252. If letters such as é or ü look wrong, save it as “CSV UTF-8”.",
    );
  if (damaged)
    collector.warn(
      "encoding_damaged",
      "Some letters are not valid UTF-8 and were replaced by �. The rest is as it was.",
    );
}

function parserOptions(separator: string, sample: string) {
  return {
    delimiter: separator,
    // A lone CR ends a row only where nothing else does: files of the classic Mac, and a few exports.
    record_delimiter: sample.includes("\n") || !sample.includes("\r") ? ["\r\n", "\n"] : ["\r"],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: maxRecordBytes,
  };
}

async function emit(
  chunks: AsyncIterable<Buffer>,
  options: ReturnType<typeof parserOptions>,
  skipRows: number,
  collector: RowCollector,
): Promise<void> {
  const parser = parse(options);
  const source = Readable.from(chunks);
  source.once("error", (error) => parser.destroy(error)).pipe(parser);
  let number = -skipRows;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      number++;
      if (number <= 0) continue;
      const pending = collector.add(number, cells);
      if (pending) await pending;
    }
  } catch (error) {
    throw error instanceof CsvError ? openQuote(number + 1) : error;
  } finally {
    source.destroy();
  }
  await collector.finish();
}

function openQuote(row: number): AppError {
  return new AppError(
    "spreadsheet_open_quote",
    `In row ${row} a quotation mark is opened and never closed, so nobody can tell where the row ends. Nothing was imported. Correct that row, or open the file in a spreadsheet program and save it as .xlsx.`,
  );
}

/**
 * The separator that cuts most rows into equally many cells. Where none does, the one that stands in the header and in
 * nearly all rows; a comma where there is none: a list of one column.
 */
export function findSeparator(sample: string): string {
  let best = { separator: ",", score: 0 };
  for (const separator of separators) {
    const widths = recordWidths(sample, separator);
    const counts = new Map<number, number>();
    for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
    const [header, rows] = [...counts].reduce((most, other) => (other[1] > most[1] ? other : most), [1, 0]);
    const alike = rows / widths.length;
    // Squared: a separator that fits half of the rows is a decimal comma rather than a ragged table.
    const score = alike > 0.5 ? alike ** 2 * Math.min(header, 20) : ragged(widths) ? leastScore : 0;
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/** Below the score of any separator of which rows are alike. */
const leastScore = 0.1;

/** Rows of different lengths, nearly all of them cut, below a header of several names. */
function ragged(widths: number[]): boolean {
  return widths[0]! > 2 && widths.filter((width) => width > 1).length >= widths.length * 0.8;
}

/** How many cells each whole record of the sample has; blank lines left out. */
function recordWidths(sample: string, separator: string): number[] {
  const widths: number[] = [];
  let width = 1;
  let quoted = false;
  let start = 0;
  let cell = 0;
  for (let i = 0; i < sample.length && widths.length < 200; i++) {
    const char = sample[i];
    if (quoted) {
      if (char === '"') quoted = false;
    } else if (char === '"' && (i === cell || sample[i - 1] === '"')) quoted = true;
    else if (char === separator) {
      width++;
      cell = i + 1;
    } else if (char === "\n" || char === "\r") {
      if (i > start) widths.push(width);
      width = 1;
      start = cell = i + 1;
    }
  }
  // The last record of a sample may be cut off; it counts only when there is no other.
  if (widths.length === 0 && start < sample.length) widths.push(width);
  return widths;
}
