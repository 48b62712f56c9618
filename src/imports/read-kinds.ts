import { open, type FileHandle } from "node:fs/promises";
import { AppError } from "../errors.ts";

/** What a file is by its bytes; its name proves nothing. */
export type FileKind = "zip" | "text";

const headBytes = 64 * 1024;
/** Share of control characters above which text is taken for something binary. */
const maxControlShare = 0.05;

/** Files people take for spreadsheets: how they begin, what they are, what to do instead. */
const strangers: { begins: string | number[]; what: string; instead?: string }[] = [
  { begins: "%PDF", what: "a PDF" },
  { begins: [0x89, 0x50, 0x4e, 0x47], what: "a PNG picture" },
  { begins: [0xff, 0xd8, 0xff], what: "a JPEG picture" },
  { begins: "GIF8", what: "a GIF picture" },
  { begins: [0x7f, 0x45, 0x4c, 0x46], what: "a program" },
  { begins: [0x1f, 0x8b], what: "a gzip archive", instead: "Unpack it and choose the spreadsheet inside." },
  { begins: "7z\xbc\xaf", what: "a 7-Zip archive", instead: "Unpack it and choose the spreadsheet inside." },
  { begins: "Rar!", what: "a RAR archive", instead: "Unpack it and choose the spreadsheet inside." },
  { begins: "SQLite format 3", what: "a database" },
  { begins: "{\\rtf", what: "a text document (RTF)" },
];

/** Text files that are no table, by what follows white space and byte order mark. */
const markup: { begins: RegExp; what: string }[] = [
  { begins: /^(<!doctype html|<html|<head|<body|<table|<meta|<style)/i, what: "a web page, whatever its name says" },
  { begins: /^<(\?xml|!doctype)/i, what: "an XML file" },
  { begins: /^(\{\s*"|\[\s*[{["])/, what: "a JSON file" },
];

const oleMagic = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

/** Says what a file is, or refuses it as an AppError that names what it is instead of a spreadsheet. */
export async function fileKind(path: string): Promise<FileKind> {
  const file = await open(path);
  try {
    const head = await readAt(file, 0, headBytes);
    if (head.length === 0) throw new AppError("spreadsheet_empty", "The file is empty. Nothing was imported.");
    if (begins(head, "PK\x03\x04") || begins(head, "PK\x05\x06")) return "zip";
    if (head.subarray(0, 8).equals(oleMagic)) throw await oleRefusal(file, head);
    for (const stranger of strangers)
      if (begins(head, stranger.begins)) throw notASpreadsheet(stranger.what, stranger.instead);
    refuseMarkup(head);
    return "text";
  } finally {
    await file.close();
  }
}

/** The refusal of a file that is something else. */
export function notASpreadsheet(what: string, instead = "Save the spreadsheet as .xlsx or .csv and choose that file.") {
  return new AppError("not_a_spreadsheet", `This is ${what}, not a spreadsheet. Nothing was imported. ${instead}`);
}

/** The refusal of a spreadsheet in a format that is not read. */
export function otherSpreadsheet(
  what: string,
  instead = "Open it in a spreadsheet program, save it as .xlsx (without a password) and choose that file.",
): AppError {
  const message = `This is ${what}; only .xlsx, .xlsm, .ods and .csv are read. Nothing was imported. ${instead}`;
  return new AppError("spreadsheet_other_format", message);
}

function refuseMarkup(head: Buffer): void {
  const bytes = isUtf16(head) ? head.filter((byte) => byte !== 0) : head;
  const start = Buffer.from(bytes.subarray(0, 2000))
    .toString("latin1")
    .replace(/^[\xef\xbb\xbf\xff\xfe\s]+/, "");
  if (/^<\?xml[^>]*>\s*<\?mso-application[^>]*Excel/i.test(start))
    throw otherSpreadsheet("an XML spreadsheet of Excel 2003");
  if (/^<\?xml[^>]*>\s*<office:document\s/i.test(start))
    throw otherSpreadsheet(
      "a flat OpenDocument file (.fods)",
      "Open it, save it as .ods or .xlsx and choose that file.",
    );
  for (const { begins, what } of markup) if (begins.test(start)) throw notASpreadsheet(what);
  let controls = 0;
  for (const byte of bytes) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) controls++;
  if (controls < 8 || controls <= bytes.length * maxControlShare) return;
  throw notASpreadsheet(begins(head, "MZ") ? "a Windows program" : "a binary file of an unknown kind");
}

/**
 * Whether text without a byte order mark is UTF-16, and which: every other byte of Western text is NUL. The same test
 * recognises text with a mark.
 */
export function isUtf16(head: Buffer): "utf-16le" | "utf-16be" | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2]!++;
  const half = head.length / 2;
  if (zeros[1]! > half * 0.4 && zeros[0]! < half * 0.05) return "utf-16le";
  if (zeros[0]! > half * 0.4 && zeros[1]! < half * 0.05) return "utf-16be";
  return undefined;
}

/** Old Office container: an encrypted .xlsx or a binary .xls; its directory of streams tells ([MS-CFB] 2.2, 2.6). */
async function oleRefusal(file: FileHandle, head: Buffer): Promise<AppError> {
  const sectorSize = head.length >= 512 && head.readUInt16LE(30) === 12 ? 4096 : 512;
  const directorySector = head.length >= 512 ? head.readUInt32LE(48) : 0;
  const directory = await readAt(file, (directorySector + 1) * sectorSize, 8 * sectorSize);
  const names = directory.toString("utf16le");
  if (names.includes("EncryptedPackage"))
    return new AppError(
      "spreadsheet_password_protected",
      "This workbook is protected with a password and cannot be read. Nothing was imported. Open it, remove the password (or save it as .csv) and choose that file.",
    );
  if (names.includes("Workbook") || names.includes("Book")) {
    const locked = await isLocked(file, directory, sectorSize);
    return otherSpreadsheet(`a workbook in the old .xls format${locked ? ", protected with a password" : ""}`);
  }
  return notASpreadsheet("an old Office document");
}

/** Whether the first records of an .xls say that all others are encrypted (FILEPASS: [MS-XLS] 2.4.117). */
async function isLocked(file: FileHandle, directory: Buffer, sectorSize: number): Promise<boolean> {
  for (let at = 0; at + 128 <= directory.length; at += 128) {
    const nameBytes = directory.readUInt16LE(at + 64);
    const name = directory.toString("utf16le", at, at + Math.max(0, Math.min(nameBytes, 64) - 2));
    if (name !== "Workbook" && name !== "Book") continue;
    const stream = await readAt(file, (directory.readUInt32LE(at + 116) + 1) * sectorSize, 4096);
    for (let record = 0; record + 4 <= stream.length; record += 4 + stream.readUInt16LE(record + 2)) {
      const type = stream.readUInt16LE(record);
      if (type === 0x2f) return true;
      // BOUNDSHEET: what comes now is no preamble any more.
      if (type === 0x85) return false;
    }
  }
  return false;
}

function begins(head: Buffer, start: string | number[]): boolean {
  const bytes = typeof start === "string" ? Buffer.from(start, "latin1") : Buffer.from(start);
  return head.subarray(0, bytes.length).equals(bytes);
}

export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
