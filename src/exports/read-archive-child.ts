/**
 * Program of the fenced process that opens the ZIP file of an export: its list of parts, what is packed, and CSV are
 * foreign bytes, and nothing of them is parsed in the server. Started by read-archive.ts; writes archive-frames.ts.
 */
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { posix } from "node:path";
import type { Readable } from "node:stream";
import { AppError } from "../errors.ts";
import { bytesFrame, jsonFrame } from "./archive-frames.ts";
import { csvManifest, exportParts, recordName, workbookName } from "./layout.ts";
import { missingIn } from "./missing-attachments.ts";
import { openArchive, type Archive } from "./open-zip.ts";
import type { ArchivePlan } from "./read-archive.ts";
import { cutShort, damaged, notAnExport } from "./rows.ts";

const maxSaid = 1024 * 1024;
const maxSheetsXml = 1024 * 1024;

const [path, plan] = process.argv.slice(2);
// Not awaited at the top level: parts that are loaded later may lie in this file once it is built, and would wait for it.
void answer(path!, JSON.parse(plan!) as ArchivePlan)
  .then(() => send({ end: true }))
  .catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return send({ refused: error.code, message: error.message });
  });

async function answer(file: string, asked: ArchivePlan): Promise<void> {
  const archive = await openArchive(file, (await stat(file)).size, exportParts);
  if (asked.do === "look") await send({ parts: exportParts.filter(archive.has), sheets: await sheetsIn(archive) });
  if (asked.do === "open") await say(archive);
  if (asked.do === "part") await pass(await archive.stream(asked.name));
  if (asked.do === "csv") await sendRows(archive);
  if (asked.do === "files") await sendFiles(archive, asked.folder);
  archive.close();
}

/** What it is, and what it says of itself. */
async function say(archive: Archive): Promise<void> {
  const missing = [...(await missingIn(archive))];
  if (archive.has(recordName)) return send({ form: "json", said: await firstLine(archive), missing });
  if (archive.has(csvManifest)) return send({ form: "csv", said: await whole(archive), missing });
  if (archive.has(workbookName)) return send({ form: "packed-workbook", said: null, missing });
  if (archive.has("xl/workbook.xml") || archive.has("content.xml")) {
    return send({ form: "workbook", said: null, missing: [] });
  }
  throw notAnExport(`it is a ZIP file without ${recordName} or ${csvManifest}`);
}

async function firstLine(archive: Archive): Promise<unknown> {
  let text = "";
  for await (const piece of await archive.stream(recordName)) {
    text += (piece as Buffer).toString("latin1");
    if (text.includes("\n") || text.length > maxSaid) break;
  }
  if (text === "") throw notAnExport("the file is empty");
  return jsonOf(Buffer.from(text.split("\n", 1)[0]!, "latin1"));
}

async function whole(archive: Archive): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of (await archive.stream(csvManifest)) as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > maxSaid) throw damaged(`${csvManifest} is too long`);
    pieces.push(piece);
  }
  return jsonOf(Buffer.concat(pieces));
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}

/** How a workbook names its sheets; nothing where it is none. */
async function sheetsIn(archive: Archive): Promise<string> {
  if (!archive.has("xl/workbook.xml")) return "";
  let xml = "";
  for await (const piece of await archive.stream("xl/workbook.xml")) {
    xml += (piece as Buffer).toString("utf8");
    if (xml.length > maxSheetsXml) return "";
  }
  return xml;
}

async function sendRows(archive: Archive): Promise<void> {
  // What knows the tables takes a moment to load; the other answers need none of it.
  const { batchesOfCsv } = await import("./read-csv-record.ts");
  const said = (await whole(archive)) as { supplier?: string } | null;
  for await (const { table, rows } of batchesOfCsv(archive, said?.supplier ?? null))
    await send({ table: table.name, rows });
}

/** The parts below a folder, in the order in which they lie there. What a file manager put beside them is left out. */
async function sendFiles(archive: Archive, folder: string): Promise<void> {
  for (const name of archive.names()) {
    if (!name.startsWith(folder) || name.endsWith("/") || posix.basename(name).startsWith(".")) continue;
    await send({ file: name });
    await pass(await archive.stream(name));
  }
}

async function pass(stream: Readable): Promise<void> {
  for await (const piece of stream as AsyncIterable<Buffer>) await put(bytesFrame(piece));
  if (stream.errored) throw cutShort(stream.errored.message);
}

async function send(message: object): Promise<void> {
  await put(jsonFrame(message));
}

async function put(bytes: Buffer): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
}
