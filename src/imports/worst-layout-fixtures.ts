import { sheetXml, workbookOf } from "./read-fixtures.ts";
import { odsOf, odsTyped } from "./read-ods-fixtures.ts";
import { type WorstFile, moment, painted, formula, formats, header } from "./worst-cells-fixtures.ts";

/** Titles, headings, totals, merged cells, sheets: tables as people lay them out. */
export const worstLayout: WorstFile[] = [
  {
    name: "a title, headings of groups in merged cells, the same names under them, a total at the bottom",
    file: "three-header-rows.xlsx",
    bytes: () =>
      workbookOf({
        formats,
        sheets: [
          {
            name: "2026",
            merges: ["A1:F1", "A2:B2", "C2:D2", "E2:F2"],
            rows: [
              ["IT support of our office"],
              ["Ticket", null, "Reported", null, "Resolved"],
              ["Number", "Subject", "Date", "By", "Date", "By"],
              [1, "Printer", moment("2026-03-02 10:00"), "Ana", moment("2026-03-03 11:30"), "Tom"],
              [2, "Mail", moment("2026-03-04 09:00"), "Bo"],
              ["Total", formula("COUNTA(B4:B5)", 2)],
            ],
          },
        ],
      }),
    ledger: [
      "1 | Printer | Ana | 2026-03-02 10:00 | resolved 2026-03-03 11:30 | reported, resolved",
      "2 | Mail | Bo | 2026-03-04 09:00 | open | reported",
    ],
    refused: ["6 total_row"],
    warnings: [/header is row 3; .*“IT support of our office”/],
    people: "Ana, Bo, Tom",
  },
  {
    name: "merged cells: one person and one day over several calls",
    file: "merged.xlsx",
    again: true,
    bytes: () =>
      workbookOf({
        formats: ["dd.mm.yyyy"],
        sheets: [
          {
            name: "Calls",
            merges: ["B2:B4", "C2:C3"],
            rows: [
              ["Subject", "Reported by", "Reported", "State"],
              ["Printer", "Ana", moment("2026-03-02"), "open"],
              ["Mail", null, null, "closed"],
              ["Phone", null, moment("2026-03-04"), "open"],
              ["Screen", "Bo", moment("2026-03-05"), "open"],
              [null, null, null, null],
            ],
          },
        ],
      }),
    ledger: [
      "- | Printer | Ana | 2026-03-02 00:00 | open | reported, imported",
      "- | Mail | Ana | 2026-03-02 00:00 | closed | reported, closed",
      "- | Phone | Ana | 2026-03-04 00:00 | open | reported, imported",
      "- | Screen | Bo | 2026-03-05 00:00 | open | reported, imported",
    ],
    doubts: ["4 date_only", "2 merged_values", "1 merged_values"],
    people: "Ana, Bo",
  },
  {
    name: "subtotals for each month and a total, in German, as OpenDocument",
    file: "summen.ods",
    bytes: () => {
      const day = (text: string) => odsTyped("date", `office:date-value="${text}"`, text);
      const sum = (range: string, value: number) =>
        odsTyped("float", `table:formula="of:=SUM([.${range}])" office:value="${value}"`, String(value));
      return odsOf({
        sheets: [
          {
            name: "Tabelle1",
            rows: [
              ["Nr", "Betreff", "Gemeldet von", "Gemeldet am", "Status", "Stunden"],
              [1, "Drucker", "Ana", day("2026-03-02T10:00:00"), "geschlossen", 1.5],
              [2, "Gesamtausfall", "Bo", day("2026-03-04T09:00:00"), "offen", 2],
              ["Zwischensumme", null, null, null, null, sum("F2:.F3", 3.5)],
              [3, "Telefon", "Bo", day("2026-04-01T09:00:00"), "offen", 1],
              ["Summe:", null, null, null, null, sum("F2:.F5", 4.5)],
            ],
          },
        ],
      });
    },
    ledger: [
      "1 | Drucker | Ana | 2026-03-02 10:00 | closed | reported, closed",
      "2 | Gesamtausfall | Bo | 2026-03-04 09:00 | open | reported, imported",
      "3 | Telefon | Bo | 2026-04-01 09:00 | open | reported, imported",
    ],
    refused: ["4 total_row", "6 total_row"],
    people: "Ana, Bo",
  },
  {
    name: "a column that said yes or no for years, and then when",
    file: "half-way.csv",
    bytes: () =>
      Buffer.from(
        [
          "Nr,Subject,Reported,Done,Resolved",
          ...Array.from(
            { length: 6 },
            (_, i) => `${i + 1},Call ${i + 1},2025-03-0${i + 1} 10:00,${i % 2 ? "no" : "yes"},`,
          ),
          ...Array.from({ length: 6 }, (_, i) => `${i + 7},Call ${i + 7},2026-03-0${i + 1} 10:00,2026-03-1${i} 09:00,`),
        ].join("\r\n"),
      ),
    mapping: {
      layout: "requests",
      columns: { number: "Nr", subject: "Subject", reportedAt: "Reported", state: "Done" },
      states: { yes: { state: "closed" }, no: { state: "open" } },
    },
    ledger: Array.from(
      { length: 6 },
      (_, i) =>
        `${i + 1} | Call ${i + 1} | - | 2025-03-0${i + 1} 10:00 | ${i % 2 ? "open | reported, imported" : "closed | reported, closed"}`,
    ),
    refused: Array.from({ length: 6 }, (_, i) => `${i + 8} unknown_state`),
    doubts: ["6 column_changes", ...Array.from({ length: 6 }, () => "1 unknown_state")],
  },
  {
    name: "colours that say what is urgent, crossed-out rows that are done, rows that a filter hides",
    file: "colours.xlsx",
    bytes: () =>
      workbookOf({
        paints: ["FFFF0000", "crossed"],
        sheets: [
          {
            name: "S",
            hiddenRows: [4],
            rows: [
              header,
              [1, painted(1, "Printer"), "Ana", "2026-03-02 10:00", "open"],
              [2, painted(2, "Mail"), "Bo", "2026-03-04 09:00", "open"],
              [3, "Phone", "Bo", "2026-03-05 09:00", "open"],
            ],
          },
        ],
      }),
    ledger: [
      "1 | Printer | Ana | 2026-03-02 10:00 | open | reported, imported",
      "2 | Mail | Bo | 2026-03-04 09:00 | open | reported, imported",
      "3 | Phone | Bo | 2026-03-05 09:00 | open | reported, imported",
    ],
    warnings: [/Colours and crossed-out words are not read/, /^Hidden rows.*: 1 \(the first is row 4\)/],
    people: "Ana, Bo",
  },
  {
    name: "headers that stand twice without a heading above them",
    file: "twice.csv",
    again: true,
    bytes: () =>
      Buffer.from(
        "No;Date;Name;Date;Name;What\n1;02.03.2026 10:00;Ana;03.03.2026 11:30;Tom;Printer\n2;14.03.2026 09:00;Bo;;;Mail\n",
      ),
    mapping: {
      layout: "requests",
      columns: {
        number: "No",
        reportedAt: "Date",
        reporter: "Name",
        resolvedAt: "Date (2)",
        technician: "Name (2)",
        subject: "What",
      },
    },
    ledger: [
      "1 | Printer | Ana | 2026-03-02 10:00 | resolved 2026-03-03 11:30 | reported, resolved",
      "2 | Mail | Bo | 2026-03-14 09:00 | open | reported",
    ],
    people: "Ana, Bo, Tom",
  },
  {
    name: "a cover, lists for choosing from, a hidden archive and one sheet for each year",
    file: "sheets.ods",
    bytes: () => {
      const year = (count: number, start: string) => [
        header,
        ...Array.from({ length: count }, (_, i) => [
          `${start.slice(2, 4)}-${i + 1}`,
          `Call ${i + 1}`,
          "Ana",
          `${start}-0${i + 1} 10:00`,
          "open",
          null,
        ]),
      ];
      return odsOf({
        sheets: [
          { name: "Read me", rows: [["IT calls"], ["Please fill in every column"], ["Questions: Ana"]] },
          { name: "Archive", hidden: true, rows: year(9, "2024-01") },
          { name: "2025", rows: year(2, "2025-03") },
          { name: "2026", rows: year(3, "2026-03") },
          { name: "Lists", rows: [["open"], ["closed"], ["waiting"], ["new"], ["done"], ["resolved"]] },
        ],
      });
    },
    ledger: ["25-1", "25-2", "26-1", "26-2", "26-3"].map(
      (n) => `${n} | Call ${n[3]} | Ana | 20${n.slice(0, 2)}-03-0${n[3]} 10:00 | open | reported, imported`,
    ),
    warnings: [
      /2 sheets were read as one table: “2025”, “2026”/,
      /other sheets were not read: “Read me” \(3 rows\), “Archive” \(hidden, 10 rows\), “Lists” \(6 rows\)/,
    ],
    people: "Ana",
  },
  {
    name: "a cell in XFD1048576",
    file: "sparse.xlsx",
    bytes: () =>
      workbookOf({
        sheets: [
          {
            name: "S",
            xml: `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>${[
              ["Number", "Subject", "Reported"],
              ["1", "Printer", "2026-03-02 10:00"],
            ]
              .map(
                (cells, r) =>
                  `<row r="${r + 1}">${cells.map((cell, c) => `<c r="${"ABC"[c]}${r + 1}" t="str"><v>${cell}</v></c>`).join("")}</row>`,
              )
              .join("")}<row r="1048576"><c r="XFD1048576"><v>9</v></c></row></sheetData></worksheet>`,
          },
        ],
      }),
    ledger: ["1 | Printer | - | 2026-03-02 10:00 | open | reported"],
    refused: ["1048576 cells_beyond_header"],
    doubts: ["1 no_state_column"],
  },
  {
    name: "300,000 rows: a running number pulled down to the bottom, and three calls",
    file: "pulled-down.xlsx",
    bytes: () => {
      const calls = sheetXml([
        ["Number", "Subject", "Reported"],
        [1, "Printer", "2026-03-02 10:00"],
        [2, "Mail", "2026-03-04 09:00"],
        [3, "Phone", "2026-03-05 09:00"],
      ]);
      const numbers = Array.from({ length: 299_997 }, (_, i) => `<row r="${i + 5}"><c><v>${i + 4}</v></c></row>`);
      return workbookOf({
        sheets: [{ name: "S", xml: calls.replace("</sheetData>", `${numbers.join("")}</sheetData>`) }],
      });
    },
    ledger: [
      "1 | Printer | - | 2026-03-02 10:00 | open | reported",
      "2 | Mail | - | 2026-03-04 09:00 | open | reported",
      "3 | Phone | - | 2026-03-05 09:00 | open | reported",
    ],
    refused: Array.from({ length: 100 }, (_, i) => `${i + 5} missing_reported`),
    refusedCount: 299_997,
    doubts: ["3 no_state_column"],
  },
  {
    name: "an empty first sheet and a hidden last one that looks better than what is shown",
    file: "hidden.xlsx",
    bytes: () =>
      workbookOf({
        sheets: [
          { name: "Sheet1", rows: [] },
          {
            name: "Calls",
            rows: [
              ["Subject", "Reported"],
              ["Printer", "2026-03-02 10:00"],
            ],
          },
          {
            name: "Old",
            hidden: true,
            rows: [header, ...[1, 2, 3].map((n) => [n, "Secret", "Ana", "2020-01-02 10:00", "open"])],
          },
        ],
      }),
    ledger: ["- | Printer | - | 2026-03-02 10:00 | open | reported"],
    doubts: ["1 no_state_column"],
    warnings: [/“Calls” was read, not “Sheet1” \(empty\), “Old” \(hidden, 4 rows\)/],
  },
];
