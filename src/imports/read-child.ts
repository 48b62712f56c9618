/**
 * Program of the child process that reads one spreadsheet: everything that parses foreign bytes happens here, and the
 * parent may kill it at any moment. Started by read-process.ts; writes messages of read-frames.ts to its output.
 */
import { once } from "node:events";
import { readFile, type TablePlace } from "./read-file.ts";
import { encodeFrame } from "./read-frames.ts";

const [path, place] = process.argv.slice(2);
// Not awaited at the top level: parts that are loaded later may lie in this file once it is built, and would wait for it.
void readFile(path!, JSON.parse(place!) as TablePlace, async (message) => {
  if (!process.stdout.write(encodeFrame(message))) await once(process.stdout, "drain");
});
