/** Builds small spreadsheets, good and hostile, for tests. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { AppError } from "../errors.ts";
import { readFile, type TablePlace } from "./read-file.ts";
import type { SheetHead, SheetRow } from "./read-rows.ts";

export interface ZipPart {
  name: string;
  content: string | Buffer;
  /** What the archive claims the part unpacks to. */
  claimedSize?: number;
}

/** A ZIP archive, deflated, with sizes that may lie. */
export function zipOf(parts: ZipPart[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claimedSize } of parts) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes, { level: bytes.length > 1e7 ? 9 : 1 });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claimedSize ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), packed]);
    files.push(local);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), fields, place, Buffer.from(name));
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listing, end]);
}

/** A cell: text, number, nothing, or XML of its own with the reference filled in for `@`. */
export type FixtureCell = string | number | null | { xml: string };

export interface FixtureSheet {
  name: string;
  rows?: FixtureCell[][];
  /** Instead of rows: the whole part. */
  xml?: string;
  hidden?: boolean;
  /** Merged cells, such as A1:B2. */
  merges?: string[];
  /** Numbers of hidden rows. */
  hiddenRows?: number[];
}

export interface FixtureWorkbook {
  sheets: FixtureSheet[];
  date1904?: boolean;
  /** Number formats; `s="1"` is the first. */
  formats?: string[];
  /** Colours of cells; their styles follow those of the formats. `crossed` crosses out. */
  paints?: string[];
  /** XML of the shared strings' items. */
  strings?: string[];
  /** XML of more relations of the workbook. */
  relations?: string;
  extra?: ZipPart[];
}

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packages = "http://schemas.openxmlformats.org/package/2006";

/** The parts of an .xlsx, to be zipped. */
export function workbookParts({
  sheets,
  date1904,
  formats = [],
  paints = [],
  strings = [],
  relations: more = "",
  extra = [],
}: FixtureWorkbook): ZipPart[] {
  const listed = sheets.map(
    ({ name, hidden }, i) =>
      `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"${hidden ? ' state="hidden"' : ""}/>`,
  );
  const related = sheets.map(
    (_, i) => `<Relationship Id="rId${i + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  const numbered = formats.map((format, i) => `<numFmt numFmtId="${200 + i}" formatCode="${escaped(format)}"/>`);
  const styled = [
    ...formats.map((_, i) => `<xf numFmtId="${200 + i}" applyNumberFormat="1"/>`),
    ...paints.map((paint, i) => (paint === "crossed" ? '<xf fontId="1"/>' : `<xf fillId="${2 + i}"/>`)),
  ];
  const fills = paints.map(
    (paint) => `<fill><patternFill patternType="solid"><fgColor rgb="${paint}"/></patternFill></fill>`,
  );
  const part = (name: string, content: string): ZipPart => ({ name, content });
  return [
    part("[Content_Types].xml", `<Types xmlns="${packages}/content-types"/>`),
    part(
      "_rels/.rels",
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${relations}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    ),
    part(
      "xl/workbook.xml",
      `<workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${listed.join("")}</sheets></workbook>`,
    ),
    part(
      "xl/_rels/workbook.xml.rels",
      `<Relationships xmlns="${packages}/relationships">${related.join("")}<Relationship Id="s1" Type="${relations}/styles" Target="styles.xml"/><Relationship Id="s2" Type="${relations}/sharedStrings" Target="sharedStrings.xml"/>${more}</Relationships>`,
    ),
    part(
      "xl/styles.xml",
      `<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${numbered.join("")}</numFmts><fonts><font/><font><strike/></font></fonts><fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fills.join("")}</fills><cellXfs count="${styled.length + 1}"><xf numFmtId="0"/>${styled.join("")}</cellXfs></styleSheet>`,
    ),
    part("xl/sharedStrings.xml", `<sst xmlns="${main}">${strings.map((text) => `<si>${text}</si>`).join("")}</sst>`),
    ...sheets.map((sheet, i) =>
      part(`xl/worksheets/sheet${i + 1}.xml`, sheet.xml ?? sheetXml(sheet.rows ?? [], sheet)),
    ),
    ...extra,
  ];
}

export function workbookOf(workbook: FixtureWorkbook): Buffer {
  return zipOf(workbookParts(workbook));
}

export function sheetXml(
  rows: FixtureCell[][],
  { merges = [], hiddenRows = [] }: Pick<FixtureSheet, "merges" | "hiddenRows"> = {},
): string {
  const body = rows.map(
    (cells, r) =>
      `<row r="${r + 1}"${hiddenRows.includes(r + 1) ? ' hidden="1"' : ""}>${cells.map((cell, c) => cellXml(cell, r, c)).join("")}</row>`,
  );
  const merged = merges.map((ref) => `<mergeCell ref="${ref}"/>`).join("");
  const tail = merged && `<mergeCells count="${merges.length}">${merged}</mergeCells>`;
  return `<?xml version="1.0"?><worksheet xmlns="${main}"><sheetData>${body.join("")}</sheetData>${tail}</worksheet>`;
}

function cellXml(cell: FixtureCell, row: number, column: number): string {
  const reference = `${columnName(column)}${row + 1}`;
  if (cell === null) return "";
  if (typeof cell === "number") return `<c r="${reference}"><v>${cell}</v></c>`;
  if (typeof cell === "string")
    return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
  return cell.xml.replace("@", reference);
}

function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

export interface Reading {
  head: SheetHead;
  rows: SheetRow[];
  cells: string[][];
  /** Codes. */
  warnings: string[];
  messages: string[];
}

/** Reads these bytes as the child process does, but in this process; throws the refusal. */
export async function reading(
  content: Buffer | string,
  sheet?: string | readonly string[],
  headerRow?: number,
): Promise<Reading> {
  const read: Reading = {
    head: { format: "csv", sheets: [], sheetList: [], read: [], header: [], headerRow: 0, top: [] },
    rows: [],
    cells: [],
    warnings: [],
    messages: [],
  };
  const chosen: TablePlace =
    typeof sheet === "object" ? { sheets: sheet } : sheet === "all" ? { sheets: "all" } : { sheet };
  await withFile(content, (path) =>
    readFile(path, { ...chosen, headerRow }, async (message) => {
      if (message.kind === "refused") throw new AppError(message.code, message.message);
      if (message.kind === "head") read.head = message.head;
      if (message.kind === "rows") read.rows.push(...message.rows());
      if (message.kind === "end") read.messages = message.warnings.map((warning) => warning.message);
      if (message.kind === "end") read.warnings = message.warnings.map(({ code }) => code);
    }),
  );
  return { ...read, cells: read.rows.map(({ cells }) => cells) };
}

/** Lends a file of these bytes. */
export async function withFile<T>(content: Buffer | string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "openbook-read-"));
  try {
    const path = join(folder, "file");
    writeFileSync(path, content);
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
