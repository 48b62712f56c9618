import { finished } from "node:stream/promises";
import type { Writable } from "node:stream";
import { safeText } from "./cells.ts";
import type { Column, Table } from "./columns.ts";
import type { Manifest } from "./manifest.ts";
import type { ZipWriter } from "./package-zip.ts";
import { csvManifest } from "./read-csv-record.ts";
import type { Value } from "./read-binary.ts";
import type { TableName } from "./tables.ts";
import type { RecordWriter } from "./write-record.ts";
import { TextSink } from "./write-text.ts";

/**
 * A CSV file for each table (RFC 4180, UTF-8 with the mark by which spreadsheet programs know it), and `export.json`
 * with what the export says of itself, the number of rows and the SHA-256 of each file. No cell is computed by anybody.
 */
export function csvWriter(zip: ZipWriter, manifest: Manifest): RecordWriter {
  const digests: Record<string, string> = {};
  let open: { table: Table<TableName>; part: Writable; sink: TextSink } | undefined;
  const close = async () => {
    if (!open) return;
    const { table, part, sink } = open;
    digests[`${table.name}.csv`] = await sink.digest();
    part.end();
    await finished(part);
    open = undefined;
  };
  return {
    shown: false,
    async rows(table, rows) {
      if (open?.table !== table) {
        await close();
        const part = zip.part(`${table.name}.csv`);
        open = { table, part, sink: new TextSink(part, { digest: true }) };
        await open.sink.write(`\uFEFF${table.columns.map(({ name }) => name).join(",")}\r\n`);
      }
      if (rows.length === 0) return;
      let text = "";
      for (const row of rows) text += csvLine(table.columns, row);
      await open.sink.write(text);
    },
    async end(rows) {
      await close();
      const part = zip.part(csvManifest);
      part.end(`${JSON.stringify({ ...manifest, ending: { end: true, rows }, files: digests }, null, 2)}\n`);
      await finished(part);
    },
  };
}

function csvLine(columns: readonly Column[], row: readonly Value[]): string {
  let line = "";
  for (let i = 0; i < columns.length; i++) {
    const { type } = columns[i]!;
    if (i > 0) line += ",";
    const value = row[i]!;
    if (value === null) continue;
    if (type === "text" || type === "json") line += quoted(safeText(value as string));
    else line += String(value);
  }
  return `${line}\r\n`;
}

function quoted(text: string): string {
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`;
}
