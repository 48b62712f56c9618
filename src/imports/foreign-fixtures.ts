import { readFileSync } from "node:fs";
import writeExcelFile from "write-excel-file/node";
import type { WorstFile } from "./worst-cells-fixtures.ts";

const ledger = (second: string) => [
  "A-001 | Printer „EG“ & scanner | Zoë Müller | 2026-03-02 10:00 | closed 2026-03-03 11:30 | reported, resolved, closed",
  `A-002 | Mail: <no> attachments | ${second} | 2026-03-04 09:05 | open | reported, imported`,
  "A-003 | Telefon zweite Zeile | Łukasz Nowak | 2026-03-05 00:00 | resolved 2026-03-06 16:45 | reported, resolved",
];
const people = "Zoë Müller, Łukasz Nowak";

/** One workbook, saved in two formats. */
const workbookOfLibreOffice = {
  ledger: ledger("Zoë Müller"),
  people,
  refused: ["6 total_row"],
  doubts: ["1 formula_values", "1 merged_values"],
  warnings: [
    /header is row 2; .*“IT calls of the office”/,
    /not “Staff” \(3 rows\)/,
    /^Hidden rows.*row 4/,
    /Colours .*row 5/,
  ],
};

/**
 * The same few calls as other programs write them, each in its own way: LibreOffice, openpyxl, XlsxWriter,
 * write-excel-file. The files of the first three lie in foreign/, with the program that makes them again.
 */
export const foreignFiles: WorstFile[] = [
  {
    name: "LibreOffice, its own format",
    file: "libreoffice.ods",
    bytes: () => foreign("libreoffice.ods"),
    ...workbookOfLibreOffice,
  },
  {
    name: "LibreOffice, saved for Excel",
    file: "libreoffice.xlsx",
    bytes: () => foreign("libreoffice.xlsx"),
    ...workbookOfLibreOffice,
  },
  {
    name: "LibreOffice, saved as text",
    file: "libreoffice.csv",
    bytes: () => foreign("libreoffice.csv"),
    ledger: ledger("-"),
    people,
    refused: ["6 total_row"],
    warnings: [/header is row 2; .*“IT calls of the office”/],
  },
  {
    name: "openpyxl: days counted from 1904, a formula nobody computed, a table",
    file: "openpyxl.xlsx",
    bytes: () => foreign("openpyxl.xlsx"),
    ledger: ledger("-"),
    people,
    doubts: ["1 formula_without_value"],
    warnings: [/not “Staff” \(3 rows\)/, /Colours .*row 4/],
  },
  {
    name: "XlsxWriter: words in two faces, a link, a filter",
    file: "xlsxwriter.xlsx",
    bytes: () => foreign("xlsxwriter.xlsx"),
    ledger: ledger("Zoë Müller"),
    people,
    refused: ["5 total_row"],
    doubts: ["1 formula_values"],
    warnings: [/not “Empty” \(empty\)/, /^Hidden rows.*row 3/],
  },
  {
    name: "write-excel-file",
    file: "write-excel-file.xlsx",
    bytes: writtenHere,
    ledger: ledger("Zoë Müller").slice(0, 2),
    people: "Zoë Müller",
  },
];

export function foreign(name: string): Buffer {
  return readFileSync(new URL(`foreign/${name}`, import.meta.url));
}

function writtenHere(): Promise<Buffer> {
  const at = (text: string) => ({ value: new Date(`${text}Z`), type: Date, format: "dd.mm.yyyy hh:mm" });
  const rows = [
    ["Number", "Subject", "Reported by", "Reported", "State", "Resolved", "Hours"].map((value) => ({ value })),
    [
      ...["A-001", "Printer „EG“ & scanner", "Zoë Müller"].map((value) => ({ value })),
      at("2026-03-02T10:00"),
      { value: "closed" },
      at("2026-03-03T11:30"),
      { value: 1.5 },
    ],
    [
      ...["A-002", "Mail: <no> attachments", "Zoë Müller"].map((value) => ({ value })),
      at("2026-03-04T09:05"),
      { value: "open" },
      null,
      null,
    ],
  ];
  return writeExcelFile(rows as never, { sheet: "Calls" }).toBuffer();
}
