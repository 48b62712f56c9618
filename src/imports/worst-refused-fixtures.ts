import type { Mapping } from "./contract.ts";
import { foreign } from "./foreign-fixtures.ts";
import { sheetXml, workbookOf, workbookParts, zipOf } from "./read-fixtures.ts";
import { odsOf, odsParts, odsRow } from "./read-ods-fixtures.ts";

/** Spreadsheets of which nothing may come in, each with the code it is refused with and what the person reads. */
export interface RefusedFile {
  name: string;
  file: string;
  bytes: () => Buffer;
  /** Default: what is guessed. */
  mapping?: Mapping;
  code: string;
  says: RegExp;
}

const rows = [
  ["Number", "Subject", "Reported"],
  ["1", "Printer", "2026-03-02 10:00"],
];
const sheets = [{ name: "S", rows }];

/** An old Office file ([MS-CFB] 2.2) whose directory names one stream, which begins with `records`. */
export function oleOf(stream: string, records: number[] = []): Buffer {
  const bytes = Buffer.alloc(4096);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt32LE(1, 48);
  bytes.write(stream, 1024, "utf16le");
  bytes.writeUInt16LE(stream.length * 2 + 2, 1024 + 64);
  bytes.writeUInt32LE(2, 1024 + 116);
  bytes.set(records, 3 * 512);
  return bytes;
}

export const refusedFiles: RefusedFile[] = [
  {
    name: "a workbook with a password",
    file: "locked.xlsx",
    bytes: () => oleOf("EncryptedPackage"),
    code: "spreadsheet_password_protected",
    says: /protected with a password.*remove the password/,
  },
  {
    name: "an OpenDocument spreadsheet with a password",
    file: "locked.ods",
    bytes: () =>
      zipOf(
        odsParts({ sheets: [], content: "\u0001\u0002" }).map((part) =>
          part.name === "META-INF/manifest.xml"
            ? {
                ...part,
                content: '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>',
              }
            : part,
        ),
      ),
    code: "spreadsheet_password_protected",
    says: /protected with a password.*save it without/,
  },
  {
    name: "an old .xls, with a password",
    file: "old.xls",
    bytes: () => oleOf("Workbook", [0x09, 0x08, 4, 0, 0, 6, 5, 0, 0x2f, 0, 2, 0, 1, 0]),
    code: "spreadsheet_other_format",
    says: /old \.xls format, protected with a password.*save it as \.xlsx/,
  },
  {
    name: "an OpenDocument spreadsheet that LibreOffice saved with a password",
    file: "locked.ods",
    bytes: () => foreign("locked.ods"),
    code: "spreadsheet_password_protected",
    says: /protected with a password.*save it without/,
  },
  {
    name: "what LibreOffice saves for an Excel of 1997",
    file: "libreoffice.xls",
    bytes: () => foreign("libreoffice.xls"),
    code: "spreadsheet_other_format",
    says: /old \.xls format.*save it as \.xlsx/,
  },
  {
    name: "a web page that calls itself .xls",
    file: "export.xls",
    bytes: () => Buffer.from("<html><table><tr><td>Number</td></tr></table></html>"),
    code: "not_a_spreadsheet",
    says: /a web page, whatever its name says/,
  },
  {
    name: "two hundred KB that unpack to 200 MB",
    file: "bomb.xlsx",
    bytes: () =>
      zipOf([...workbookParts({ sheets }), { name: "xl/media/image1.png", content: Buffer.alloc(200_000_000) }]),
    code: "spreadsheet_bomb",
    says: /would unpack to 191 MB/,
  },
  {
    name: "one row, a million times",
    file: "repeated.ods",
    bytes: () =>
      odsOf({
        sheets: [
          {
            name: "S",
            xml:
              odsRow(rows[0]!) +
              odsRow(rows[1]!).replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1048575">'),
          },
        ],
      }),
    code: "spreadsheet_bomb",
    says: /repeats rows 1048574 times/,
  },
  {
    name: "entities that read a file of the server",
    file: "xxe.xlsx",
    bytes: () =>
      workbookOf({
        sheets: [
          {
            name: "S",
            xml: `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>${sheetXml(rows)
              .replace(/^<\?xml[^>]*>/, "")
              .replace("Printer", "&e;")}`,
          },
        ],
      }),
    code: "spreadsheet_damaged",
    says: /declares a document type/,
  },
  {
    name: "a quotation mark that is never closed",
    file: "quote.csv",
    bytes: () => Buffer.from('Number,Subject,Reported\n1,"Printer,2026-03-02 10:00\n2,Mail,2026-03-03 10:00\n'),
    code: "spreadsheet_open_quote",
    says: /In row 2 a quotation mark is opened and never closed/,
  },
  {
    name: "nothing but a header",
    file: "header.ods",
    bytes: () => odsOf({ sheets: [{ name: "S", rows: [rows[0]!] }] }),
    code: "spreadsheet_header_only",
    says: /no row below it/,
  },
  {
    name: "a workbook cut off on its way",
    file: "cut.xlsx",
    bytes: () => workbookOf({ sheets }).subarray(0, 900),
    code: "spreadsheet_damaged",
    says: /damaged.*save it again/,
  },
  {
    name: "numbers given twice in a list, where each row should be a call",
    file: "doubled.csv",
    bytes: () =>
      Buffer.from(
        "Number,Subject,Reported\n1,Printer,2026-03-02 10:00\n2,Mail,2026-03-04 09:00\n2,Phone,2026-03-05 09:00\n",
      ),
    mapping: {
      layout: "requests",
      columns: { number: "Number", subject: "Subject", reportedAt: "Reported" },
    },
    code: "identity_not_unique",
    says: /“2” stands in 2 different rows/,
  },
];
