import { workbookOf } from "./read-fixtures.ts";
import type { WorstFile } from "./worst-cells-fixtures.ts";

/** Encodings, separators, directions: files that were text somewhere else before. */
export const worstText: WorstFile[] = [
  {
    name: "right-to-left text, with marks of direction among the digits of a date",
    file: "rtl.xlsx",
    again: true,
    bytes: () =>
      workbookOf({
        sheets: [
          {
            name: "גיליון1",
            rows: [
              ["מספר", "נושא", "מדווח", "תאריך"],
              ["א-1", "המדפסת לא עובדת", "רות כהן", "\u200F14.03.2026 09:00\u200F"],
              ["א-2", "הטלפון שקט (קומה 3)", "علي حسن", "15.03.2026 10:30"],
            ],
          },
        ],
      }),
    mapping: {
      layout: "requests",
      columns: { number: "מספר", subject: "נושא", reporter: "מדווח", reportedAt: "תאריך" },
    },
    ledger: [
      "א-1 | המדפסת לא עובדת | רות כהן | 2026-03-14 09:00 | open | reported",
      "א-2 | הטלפון שקט (קומה 3) | علي حسن | 2026-03-15 10:30 | open | reported",
    ],
    doubts: ["2 no_state_column"],
    people: "רות כהן, علي حسن",
  },
  {
    name: "Windows-1252 with semicolons, Excel's sep= line, several lines in a cell, grouped numbers",
    file: "excel.csv",
    bytes: () =>
      Buffer.from(
        'sep=;\r\nNr;Betreff;Beschreibung;Gemeldet am;Status\r\n"1,001";Drücker "EG";"Meldung:\r\n5"" Rand; blaß\x80";14.03.2026 10:00;offen\r\n"1,002";Groß;;15.03.2026;geschlossen\r\n',
        "latin1",
      ),
    ledger: [
      '1,001 | Drücker "EG" | - | 2026-03-14 10:00 | open | reported, imported',
      "1,002 | Groß | - | 2026-03-15 00:00 | closed | reported, closed",
    ],
    doubts: ["1 date_only"],
    warnings: [/read as Windows-1252/],
  },
  {
    name: "UTF-16 with tabs, as Excel writes “Unicode text”",
    file: "unicode.txt",
    bytes: () =>
      Buffer.from(
        "\uFEFFNumber\tSubject\tReported by\tReported\tState\r\n1\tPrinter €\tŁucja\t2026-03-02 10:00\topen\r\n2\tMail\tBo\t2026-03-04 09:00\tclosed\r\n",
        "utf16le",
      ),
    ledger: [
      "1 | Printer € | Łucja | 2026-03-02 10:00 | open | reported, imported",
      "2 | Mail | Bo | 2026-03-04 09:00 | closed | reported, closed",
    ],
    people: "Bo, Łucja",
  },
  {
    name: "bars between ragged rows, a header that comes again, quotation marks for inches",
    file: "ragged.csv",
    again: true,
    bytes: () =>
      Buffer.from(
        '\uFEFFNumber|Subject|Reported|State\n1|5" disk|2026-03-02 10:00|open\n\n2|Mail|2026-03-03 10:00\nNumber|Subject|Reported|State\n3|Phone|2026-03-04 10:00|open|what is this?\n4|"Screen | left"|2026-03-05 10:00|closed||\n,,,\n',
      ),
    ledger: [
      '1 | 5" disk | - | 2026-03-02 10:00 | open | reported, imported',
      "2 | Mail | - | 2026-03-03 10:00 | open | reported",
      "4 | Screen | left | - | 2026-03-05 10:00 | closed | reported, closed",
    ],
    refused: ["5 repeated_header", "6 cells_beyond_header", "8 missing_reported"],
    doubts: ["1 state_not_known"],
    warnings: [/fewer cells than the header: 2 \(the first is row 4\)/],
  },
  {
    name: "text that another program would run: formulas, links, markup; a cell of 400,000 characters",
    file: "injected.csv",
    bytes: () => {
      const rows = [
        ["Number", "Subject", "Description", "Reported by", "Reported"],
        ["=1+1", '=HYPERLINK("http://example.test";"x")', "@SUM(1)", "<script>alert(1)</script>", "2026-03-02 10:00"],
        ["-2", "+cmd|' /C calc'!A0", "x".repeat(19_000), "Robert'); DROP TABLE requests;--", "2026-03-04 09:00"],
        ["3", "Long", "x".repeat(400_000), "Ana", "2026-03-04 09:00"],
      ];
      const quoted = rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(";"));
      return Buffer.from(`\uFEFF${quoted.join("\r\n")}`);
    },
    ledger: [
      '=1+1 | =HYPERLINK("http://example.test";"x") | <script>alert(1)</script> | 2026-03-02 10:00 | open | reported',
      "-2 | +cmd|' /C calc'!A0 | Robert'); DROP TABLE requests;-- | 2026-03-04 09:00 | open | reported",
    ],
    people: "<script>alert(1)</script>, Robert'); DROP TABLE requests;--",
    refused: ["4 description_too_long"],
    doubts: ["2 no_state_column"],
    warnings: [/Cells longer than the 32,767 characters/],
  },
];
