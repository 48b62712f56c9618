import { AppError } from "../errors.ts";
import { OdsReader } from "./read-ods-content.ts";
import type { Package } from "./read-package.ts";
import type { RawRow } from "./read-raw.ts";
import { SheetSurvey, type OpenedBook } from "./read-sheets.ts";
import { localName, readAllXml, readXml } from "./read-xml.ts";

/** Unpacked; it is never in memory as a whole. 100,000 rows of 36 columns take 430 MB. */
const maxContentBytes = 1024 * 1024 * 1024;
const maxIndexBytes = 8 * 1024 * 1024;
const content = "content.xml";

interface Table {
  name: string;
  hidden: boolean;
  survey: SheetSurvey;
}

/**
 * An OpenDocument spreadsheet: all its sheets stand in one document, one after the other.
 * @throws AppError spreadsheet_password_protected, spreadsheet_damaged
 */
export async function openOds(parts: Package): Promise<OpenedBook> {
  await refuseEncrypted(parts);
  const tables = await lookThrough(parts);
  let linked = false;
  return {
    sheets: tables.map(({ name, hidden }, index) => ({
      name,
      hidden,
      rows: (onShare) => rowsOf(parts, index, onShare, () => void (linked = true)),
    })),
    survey: async () => tables.map(({ survey }) => survey),
    macros: parts.hasUnder("Basic/") || parts.hasUnder("Scripts/"),
    isLinked: () => linked,
  };
}

/** Encrypted parts are named in the manifest (ODF 1.3 part 2, 4.4). */
async function refuseEncrypted(parts: Package): Promise<void> {
  const manifest = "META-INF/manifest.xml";
  if (!parts.has(manifest)) return;
  await readAllXml(parts.stream(manifest, maxIndexBytes), {
    open(name) {
      if (localName(name) !== "encryption-data") return;
      throw new AppError(
        "spreadsheet_password_protected",
        "This spreadsheet is protected with a password and cannot be read. Nothing was imported. Open it, save it without a password (or as .csv) and choose that file.",
      );
    },
    close: () => undefined,
  });
}

/** Lists the tables. Where there are several, all of their rows are looked at, and the document is read twice. */
async function lookThrough(parts: Package): Promise<Table[]> {
  const several = await hasSeveralTables(parts);
  const tables: Table[] = [];
  const reader = new OdsReader({
    table(name, hidden) {
      tables.push({ name, hidden, survey: new SheetSurvey() });
      return several;
    },
    row: (row) => tables.at(-1)!.survey.add(row),
  });
  for await (const _ of readXml(parts.stream(content, maxContentBytes), reader))
    if (tables.length > 0 && !several) break;
  return tables;
}

/** Whether more than one table begins in the document: found without taking it apart. */
async function hasSeveralTables(parts: Package): Promise<boolean> {
  const tag = "<table:table ";
  let found = 0;
  let left: Buffer = Buffer.alloc(0);
  for await (const chunk of parts.stream(content, maxContentBytes)) {
    const bytes = left.length > 0 ? Buffer.concat([left, chunk]) : chunk;
    for (let at = bytes.indexOf(tag); at >= 0; at = bytes.indexOf(tag, at + 1)) if (++found > 1) return true;
    left = bytes.subarray(Math.max(0, bytes.length - tag.length + 1));
  }
  return false;
}

async function* rowsOf(
  parts: Package,
  wanted: number,
  onShare: (share: number) => void,
  onLink: () => void,
): AsyncGenerator<RawRow[]> {
  let index = -1;
  let rows: RawRow[] = [];
  const reader = new OdsReader({
    table: () => ++index === wanted,
    row: (row) => void rows.push(row),
  });
  for await (const _ of readXml(parts.stream(content, maxContentBytes, onShare), reader)) {
    if (reader.linked) onLink();
    if (rows.length > 0) yield rows;
    rows = [];
    if (index > wanted) return;
  }
}
