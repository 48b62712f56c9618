import type { Writable } from "node:stream";
import type { Manifest } from "./manifest.ts";
import type { RecordWriter } from "./write-record.ts";
import { TextSink } from "./write-text.ts";

/**
 * JSON Lines: the manifest, then each row on a line of its own as `{"table":"requests",…}`, in the order of the tables,
 * then the ending with the number of rows and the SHA-256 of all lines before it.
 */
export function jsonWriter(output: Writable, manifest: Manifest): RecordWriter {
  const sink = new TextSink(output);
  let begun = false;
  return {
    shown: false,
    async rows(_table, { lines, count }) {
      if (!begun) await sink.write(`${JSON.stringify(manifest)}\n`);
      begun = true;
      if (count > 0) await sink.write(`${lines}\n`);
    },
    async end(rows) {
      const ending = { end: true, rows, sha256: await sink.digest() };
      await sink.write(`${JSON.stringify(ending)}\n`);
      await sink.flush();
    },
  };
}
