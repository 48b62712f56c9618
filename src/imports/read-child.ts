/**
 * Program of the child process that reads one spreadsheet: everything that parses foreign bytes happens here, and the
 * parent may kill it at any moment. Started by read-process.ts; writes messages of read-frames.ts to its output.
 */
import { once } from "node:events";
import { readFile } from "./read-file.ts";
import { encodeFrame } from "./read-frames.ts";

const [path, sheet] = process.argv.slice(2);
await readFile(path!, sheet, async (message) => {
  if (!process.stdout.write(encodeFrame(message))) await once(process.stdout, "drain");
});
