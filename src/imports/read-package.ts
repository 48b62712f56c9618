import { posix } from "node:path";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { AppError } from "../errors.ts";
import { notASpreadsheet, otherSpreadsheet } from "./read-kinds.ts";

/**
 * Looks into a ZIP file before anything is unpacked, and unpacks single parts within limits. What the directory says
 * about sizes is checked against what really comes out.
 */
export interface Package {
  /** The path of a part, found regardless of case and leading slash (OPC, ISO/IEC 29500-2 6.2.2). */
  has(name: string): boolean;
  /** Whether there is any part in this folder, which ends with a slash. */
  hasUnder(folder: string): boolean;
  /** Unpacks one part piece by piece; refuses more than `maxBytes`. `onShare` hears how far it is, 0 to 1. */
  stream(name: string, maxBytes: number, onShare?: (share: number) => void): AsyncGenerator<Buffer>;
  /** Unpacks one part; refuses more than `maxBytes`. */
  read(name: string, maxBytes: number): Promise<Buffer>;
  close(): void;
}

/** A workbook has a few dozen parts; pictures in it add some. */
const maxEntries = 5000;
/** Unpacked bytes from which on the ratio is looked at. */
const harmlessBytes = 20 * 1024 * 1024;
/** XML of spreadsheets packs 8 to 30 times; bombs, about 1,000 times. */
const maxRatio = 100;

/** Opens a ZIP file and refuses bombs, encrypted and broken archives. */
export async function openPackage(path: string, fileSize: number): Promise<Package> {
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { autoClose: false, validateEntrySizes: true });
  } catch (error) {
    throw damaged(error);
  }
  try {
    const entries = await scan(zip, fileSize);
    return {
      has: (name) => entries.has(normalName(name)),
      hasUnder: (folder) => [...entries.keys()].some((name) => name.startsWith(normalName(folder))),
      stream: (name, maxBytes, onShare) => unpack(zip, entries.get(normalName(name)), { name, maxBytes, onShare }),
      read: (name, maxBytes) => whole(unpack(zip, entries.get(normalName(name)), { name, maxBytes })),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error instanceof AppError ? error : damaged(error);
  }
}

async function scan(zip: ZipFile, fileSize: number): Promise<Map<string, Entry>> {
  if (zip.entryCount > maxEntries) throw bomb(`it holds ${zip.entryCount} files`);
  const entries = new Map<string, Entry>();
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted())
      throw new AppError(
        "spreadsheet_password_protected",
        "This archive is protected with a password and cannot be read. Nothing was imported. Save the spreadsheet without one.",
      );
    unpacked += entry.uncompressedSize;
    // A name that comes twice means different things to different readers; the first is the one everybody checked.
    const name = normalName(entry.fileName);
    if (entries.has(name)) throw damaged("a part comes twice");
    entries.set(name, entry);
  }
  if (unpacked > harmlessBytes && unpacked > fileSize * maxRatio)
    throw bomb(`${kilobytes(fileSize)} would unpack to ${kilobytes(unpacked)}`);
  return entries;
}

async function* unpack(
  zip: ZipFile,
  entry: Entry | undefined,
  { name, maxBytes, onShare }: { name: string; maxBytes: number; onShare?: ((share: number) => void) | undefined },
): AsyncGenerator<Buffer> {
  if (!entry) throw damaged(`${name} is missing`);
  if (entry.uncompressedSize > maxBytes)
    throw new AppError(
      "spreadsheet_too_big",
      `One part of this workbook unpacks to ${kilobytes(entry.uncompressedSize)}; the most is ${kilobytes(maxBytes)}. Nothing was imported. Save the sheet as .csv and choose that file.`,
    );
  let content: AsyncIterable<Buffer>;
  try {
    content = await zip.openReadStreamPromise(entry);
  } catch (error) {
    throw damaged(error);
  }
  // The stream itself fails when more or less comes out than the directory says.
  const chunks = content[Symbol.asyncIterator]();
  let length = 0;
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw damaged(error);
      });
      if (next.done) return;
      length += next.value.length;
      onShare?.(length / entry.uncompressedSize);
      yield next.value;
    }
  } finally {
    // Who has read enough closes it.
    await chunks.return?.();
  }
}

async function whole(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(chunks));
}

export interface WorkbookPart {
  /** Path of the workbook inside the package. */
  path: string;
  /** Its parts by relation id: sheets, strings, styles. */
  relations: Map<string, { type: string; path: string }>;
}

const maxIndexBytes = 4 * 1024 * 1024;

/** Of which format the workbook in a package is; other packages are refused by name. */
export async function packageKind(parts: Package): Promise<"xlsx" | "ods"> {
  if (!parts.has("mimetype")) return "xlsx";
  const type = (await parts.read("mimetype", 1000)).toString("latin1");
  if (!type.startsWith("application/vnd.oasis.opendocument.spreadsheet")) throw notASpreadsheet("an OpenDocument file");
  return "ods";
}

/** Finds the workbook of an .xlsx or .xlsm by its relations (ISO/IEC 29500-2 8.3); refuses other packages by name. */
export async function findWorkbook(parts: Package): Promise<WorkbookPart> {
  if (parts.has("Index/Document.iwa")) throw otherSpreadsheet("a Numbers spreadsheet");
  if (!parts.has("[Content_Types].xml") || !parts.has("_rels/.rels"))
    throw notASpreadsheet("a ZIP archive", unpackFirst);
  const root = await relationsOf(parts, "");
  const path = [...root.values()].find(({ type }) => type === "officeDocument")?.path ?? "xl/workbook.xml";
  if (path.endsWith(".bin")) throw otherSpreadsheet("a binary workbook (.xlsb)");
  if (/^(word|ppt)\//i.test(path)) throw notASpreadsheet("a text document or presentation");
  if (!parts.has(path)) throw notASpreadsheet("a ZIP archive", unpackFirst);
  return { path, relations: await relationsOf(parts, path) };
}

const unpackFirst = "Unpack it and choose the spreadsheet inside.";

/** Relations of a part, or of the package ("") itself; `type` is the last word of the relation's address. */
async function relationsOf(parts: Package, part: string): Promise<WorkbookPart["relations"]> {
  const { dir, base } = posix.parse(part);
  const name = posix.join(dir, "_rels", `${base}.rels`);
  const relations: WorkbookPart["relations"] = new Map();
  if (!parts.has(name)) return relations;
  const xml = (await parts.read(name, maxIndexBytes)).toString("utf8");
  for (const [tag] of xml.matchAll(/<(?:\w+:)?Relationship\s[^<>]*>/g)) {
    const id = attribute(tag, "Id");
    const target = attribute(tag, "Target");
    if (!id || !target || attribute(tag, "TargetMode") === "External") continue;
    const type = attribute(tag, "Type")?.split("/").pop() ?? "";
    relations.set(id, { type, path: target.startsWith("/") ? target.slice(1) : posix.join(dir, target) });
  }
  return relations;
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return (value?.[1] ?? value?.[2])?.replaceAll("&amp;", "&");
}

function normalName(name: string): string {
  return name.replaceAll("\\", "/").replace(/^\/+/, "").toLowerCase();
}

function kilobytes(bytes: number): string {
  return bytes < 2 * 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${Math.ceil(bytes / 1024 / 1024)} MB`;
}

function bomb(why: string): AppError {
  return new AppError(
    "spreadsheet_bomb",
    `This file is packed in a way no spreadsheet program does (${why}), so it was not opened. Nothing was imported. Save the sheet as .csv and choose that file.`,
  );
}

/** The refusal of a workbook that cannot be read. */
export function damaged(error: unknown): AppError {
  const why = error instanceof Error ? error.message : String(error);
  return new AppError(
    "spreadsheet_damaged",
    `This workbook is damaged (${why.slice(0, 200)}). Nothing was imported. Open it in a spreadsheet program, save it again and choose that file.`,
  );
}
