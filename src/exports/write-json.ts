import type { Writable } from "node:stream";
import type { Column, Table } from "./columns.ts";
import type { Manifest } from "./manifest.ts";
import type { Value } from "./read-binary.ts";
import type { RecordWriter } from "./write-record.ts";
import { TextSink } from "./write-text.ts";

/**
 * JSON Lines: the manifest, then each row on a line of its own as `{"table":"requests",…}`, in the order of the tables,
 * then the ending with the number of rows and the SHA-256 of all lines before it.
 */
export function jsonWriter(output: Writable, manifest: Manifest): RecordWriter {
  const sink = new TextSink(output, { digest: true });
  let begun = false;
  return {
    shown: false,
    async rows(table, rows) {
      if (!begun) await sink.write(`${JSON.stringify(manifest)}\n`);
      begun = true;
      if (rows.length === 0) return;
      const names = namesOf(table);
      let text = "";
      for (const row of rows) text += jsonLine(table.columns, names, row);
      await sink.write(text);
    },
    async end(rows) {
      const ending = { end: true, rows, sha256: await sink.digest() };
      await sink.write(`${JSON.stringify(ending)}\n`);
      await sink.flush();
    },
  };
}

/** What stands before each value of a row. */
function namesOf({ name, columns }: Table): string[] {
  return columns.map((column, index) => `${index === 0 ? `{"table":"${name}"` : ""},"${column.name}":`);
}

function jsonLine(columns: readonly Column[], names: readonly string[], row: readonly Value[]): string {
  let line = "";
  for (let i = 0; i < columns.length; i++) line += names[i]! + jsonValue(columns[i]!, row[i]!);
  return `${line}}\n`;
}

function jsonValue({ type }: Column, value: Value): string {
  if (value === null) return "null";
  if (type === "text") return JSON.stringify(value);
  return type === "integer" || type === "json" ? String(value) : `"${value}"`;
}
