import { read, type CellObject, type WorkBook } from "@e965/xlsx";
import { storedZip, type Part } from "./read-archive.ts";
import { damaged, findWorkbook, type Package, type WorkbookPart } from "./read-package.ts";
import { refuseDocumentType, rowSlices } from "./read-slices.ts";

/**
 * The workbook inside a package, by SheetJS. SheetJS trusts the sizes inside an archive and unpacks all of it, so it is
 * given an archive made here: four checked parts, nothing packed, no pictures, macros, links, comments, other sheets.
 */
export interface Workbook {
  dateSystem: 1900 | 1904;
  sheets: { name: string; index: number; hidden: boolean; path: string }[];
  /** Parts every sheet needs: workbook, styles, strings. */
  common: Part[];
}

/** Rows and cells by their place in the sheet, with holes where nothing stands. */
export type Cells = (CellObject | undefined)[][];

const megabyte = 1024 * 1024;
/** Unpacked. 100,000 rows of 36 columns take 130 MB. */
const maxSheetBytes = 400 * megabyte;
const maxStringsBytes = 100 * megabyte;
/** A sheet is parsed in slices of whole rows; as a whole, 100,000 rows would take 700 MB of memory. */
const sliceBytes = 8 * megabyte;
const maxIndexBytes = 8 * megabyte;

/** Lists the worksheets; chart sheets and the like are left out. */
export async function openWorkbook(parts: Package): Promise<Workbook> {
  const main = await findWorkbook(parts);
  const common = await commonParts(parts, main);
  const { Workbook: book } = parse(common.slice(0, 1), -1);
  const listed = (book?.Sheets ?? []) as { name?: string; id?: string; Hidden?: number }[];
  const sheets = listed.map(({ name, id, Hidden }, index) => {
    const relation = main.relations.get(id ?? "");
    const path = relation?.type === "worksheet" ? relation.path : "";
    return { name: name ?? "", index, hidden: (Hidden ?? 0) > 0, path };
  });
  return { dateSystem: book?.WBProps?.date1904 ? 1904 : 1900, sheets: sheets.filter(({ path }) => path), common };
}

async function commonParts(parts: Package, main: WorkbookPart): Promise<Part[]> {
  const common = [{ name: "xl/workbook.xml", bytes: await parts.read(main.path, maxIndexBytes) }];
  for (const [type, name, limit] of [
    ["styles", "xl/styles.xml", maxIndexBytes],
    ["sharedStrings", "xl/sharedStrings.xml", maxStringsBytes],
  ] as const) {
    const found = [...main.relations.values()].find((relation) => relation.type === type);
    if (found && parts.has(found.path)) common.push({ name, bytes: await parts.read(found.path, limit) });
  }
  for (const { bytes } of common) refuseDocumentType(bytes.toString("latin1", 0, 64 * 1024));
  return common;
}

/**
 * The cells of one sheet, in slices of rows; `offset` is to be added to the index of a row. Formulas are their last
 * computed values.
 */
export async function* sheetCells(
  parts: Package,
  workbook: Workbook,
  sheet: Workbook["sheets"][number],
  onShare: (share: number) => void,
): AsyncGenerator<{ offset: number; cells: Cells }> {
  const name = `xl/worksheets/sheet${sheet.index + 1}.xml`;
  // The strings are parsed anew for each slice, so many of them make larger slices.
  const strings = workbook.common.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let offset = 0;
  const xml = parts.stream(sheet.path, maxSheetBytes, onShare);
  for await (const rows of rowSlices(xml, Math.max(sliceBytes, 2 * strings))) {
    const bytes = Buffer.concat([Buffer.from("<worksheet><sheetData>"), rows, Buffer.from("</sheetData></worksheet>")]);
    const { Sheets, SheetNames } = parse([...workbook.common, { name, bytes }], sheet.index);
    const table = Sheets[SheetNames[sheet.index]!] as { "!data"?: Cells } | undefined;
    if (!table) throw damaged("its sheet cannot be read");
    const cells = table["!data"] ?? [];
    // Rows without a number follow each other (ECMA-376 18.3.1.73).
    const firstRow = /<(?:\w+:)?row\b[^<>]*>/.exec(rows.toString("latin1", 0, 10_000))?.[0] ?? "";
    const numbered = /\sr\s*=/.test(firstRow);
    yield { offset: numbered ? 0 : offset, cells };
    offset += numbered ? 0 : cells.length;
  }
}

/** @param sheet index of the only sheet to read; -1 for none */
function parse(parts: Part[], sheet: number): WorkBook {
  const archive = pack(parts);
  try {
    return read(archive, {
      type: "buffer",
      sheets: sheet,
      dense: true,
      cellNF: true,
      cellText: false,
      cellFormula: false,
      cellHTML: false,
    });
  } catch (error) {
    throw damaged(error);
  }
}

const contentTypes: Record<string, string> = {
  workbook: "sheet.main",
  styles: "styles",
  sharedStrings: "sharedStrings",
  sheet: "worksheet",
};

/** An archive of these parts and the list of types by which SheetJS finds them. */
function pack(parts: Part[]): Buffer {
  const types = parts.map(({ name }) => {
    const type = contentTypes[/(\w+?)\d*\.xml$/.exec(name)![1]!];
    return `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
  });
  const namespace = "http://schemas.openxmlformats.org/package/2006/content-types";
  const list = Buffer.from(`<Types xmlns="${namespace}">${types.join("")}</Types>`);
  return storedZip([{ name: "[Content_Types].xml", bytes: list }, ...parts]);
}
