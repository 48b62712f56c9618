import { workbookOf } from "./read-fixtures.ts";
import { odsOf, odsTyped } from "./read-ods-fixtures.ts";
import { type WorstFile, serial, moment, styled, formula, formats, relations, header } from "./worst-cells-fixtures.ts";

const dayOrMonth = () =>
  Buffer.from(
    "Number,Subject,Reported\n1,Printer,03/04/2026 10:00\n2,Mail,05/04/2026 09:00\n3,Phone,04/04/2026 09:00\n",
  );

/** Formulas, numbers, days and times: cells that mean something else than what they show. */
export const worstValues: WorstFile[] = [
  {
    name: "formulas: with a value, never computed, pointing at other files, broken",
    file: "formulas.xlsx",
    bytes: () =>
      workbookOf({
        formats,
        relations: `<Relationship Id="x1" Type="${relations}/externalLink" Target="externalLinks/externalLink1.xml"/>`,
        extra: [{ name: "xl/externalLinks/externalLink1.xml", content: "<externalLink/>" }],
        sheets: [
          {
            name: "S",
            rows: [
              header,
              [
                1,
                formula("[1]Sheet1!A1", "Printer"),
                "Ana",
                moment("2026-03-02 10:00"),
                "closed",
                formula("D2+1.0625", serial("2026-03-03 11:30")),
              ],
              [2, "Mail", formula("VLOOKUP(A3,Staff!A:B,2)"), moment("2026-03-04 09:00"), "open"],
              [
                3,
                "Phone",
                { xml: '<c r="@" t="e"><f>Staff!#REF!</f><v>#REF!</v></c>' },
                moment("2026-03-05 09:00"),
                "open",
              ],
            ],
          },
        ],
      }),
    ledger: [
      "1 | Printer | Ana | 2026-03-02 10:00 | closed 2026-03-03 11:30 | reported, resolved, closed",
      "2 | Mail | - | 2026-03-04 09:00 | open | reported, imported",
      "3 | Phone | - | 2026-03-05 09:00 | open | reported, imported",
    ],
    doubts: ["1 formula_values", "1 formula_values", "1 formula_values", "1 formula_without_value"],
    warnings: [/refers to other files/, /shows an error such as #N\/A: 1 /],
    people: "Ana",
  },
  {
    name: "macros",
    file: "macros.xlsm",
    bytes: () =>
      workbookOf({
        formats,
        relations:
          '<Relationship Id="m1" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>',
        extra: [{ name: "xl/vbaProject.bin", content: "\u00d0\u00cfAuto_Open" }],
        sheets: [{ name: "S", rows: [header, [1, "Printer", "Ana", moment("2026-03-02 10:00"), "open"]] }],
      }),
    ledger: ["1 | Printer | Ana | 2026-03-02 10:00 | open | reported, imported"],
    warnings: [/brings macros\. They were neither run nor kept/],
    people: "Ana",
  },
  {
    name: "days counted from 1904, and some written as text beside them",
    file: "mac.xlsx",
    again: true,
    bytes: () =>
      workbookOf({
        formats,
        date1904: true,
        sheets: [
          {
            name: "S",
            rows: [
              header,
              [1, "Printer", "Ana", styled(1, serial("2026-03-02 10:00") - 1462), "open"],
              [2, "Mail", "Bo", "14.03.2026 09:00", "open"],
              [3, "Phone", "Bo", "05.04.2026", "open"],
            ],
          },
        ],
      }),
    ledger: [
      "1 | Printer | Ana | 2026-03-02 10:00 | open | reported, imported",
      "2 | Mail | Bo | 2026-03-14 09:00 | open | reported, imported",
      "3 | Phone | Bo | 2026-04-05 00:00 | open | reported, imported",
    ],
    doubts: ["1 date_only"],
    people: "Ana, Bo",
  },
  {
    name: "numbers stored as text, with leading zeros and thousands separators; shares and money",
    file: "numbers.xlsx",
    bytes: () =>
      workbookOf({
        formats: [...formats, "00000", "0%", '#,##0.00\\ "€"', "#,##0"],
        sheets: [
          {
            name: "S",
            rows: [
              ["Number", "Subject", "Reported", "State", "Share", "Cost"],
              [styled(2, 123), "Printer", moment("2026-03-02 10:00"), "open", styled(3, 0.25), styled(4, 12.5)],
              ["00124", "Mail", moment("2026-03-04 09:00"), "open", styled(3, 1), styled(4, 1250)],
              [styled(5, 12_345), "Phone", "2026-03-05 09:00", "open", "n/a", "-"],
            ],
          },
        ],
      }),
    ledger: [
      "00123 | Printer | - | 2026-03-02 10:00 | open | reported, imported",
      "00124 | Mail | - | 2026-03-04 09:00 | open | reported, imported",
      "12345 | Phone | - | 2026-03-05 09:00 | open | reported, imported",
    ],
  },
  {
    name: "times that cannot be, and times that came twice",
    file: "times.csv",
    again: true,
    bytes: () =>
      Buffer.from(
        [
          header.join(";"),
          "1;Twice;Ana;25.10.2026 02:30;open;",
          "2;Skipped;Ana;29.03.2026 02:30;open;",
          "3;Backwards;Ana;05.03.2026 10:00;closed;04.03.2026 09:00",
          "4;Future;Ana;01.02.2031 10:00;open;",
          "5;Old;Ana;13.05.1989 10:00;open;",
          "6;Nonsense;Ana;yesterday;open;",
          "7;Unknown;Ana;?;open;",
          "8;Good;Ana;03.04.2026 10:00;closed;tomorrow",
          "9;Open with an end;Ana;03.04.2026 10:00;open;04.04.2026 10:00",
        ].join("\n"),
      ),
    ledger: [
      "2 | Skipped | Ana | 2026-03-29 03:30 | open | reported, imported",
      "9 | Open with an end | Ana | 2026-04-03 10:00 | open | reported, imported",
      "1 | Twice | Ana | 2026-10-25 02:30 | open | reported, imported",
    ],
    refused: [
      "4 resolved_before_reported",
      "5 time_in_future",
      "6 time_too_old",
      "7 unreadable_date",
      "8 missing_reported",
      "9 unreadable_date",
    ],
    doubts: ["1 open_with_end", "1 time_repeated", "1 time_skipped"],
    people: "Ana",
  },
  {
    name: "a history whose rows were sorted by hand and partly deleted, in LibreOffice",
    file: "history.ods",
    again: true,
    bytes: () => {
      const at = (text: string) => odsTyped("date", `office:date-value="${text}"`, text);
      return odsOf({
        sheets: [
          {
            name: "Log",
            rows: [
              ["Ticket", "Summary", "Opened", "Updated", "Status", "Updated by"],
              ["T-2", "Mail", at("2026-03-04T09:00:00"), at("2026-03-05T10:00:00"), "Resolved", "Tom"],
              ["T-1", "Printer", at("2026-03-02T10:00:00"), at("2026-03-02T10:05:00"), "New", "Ana"],
              ["T-2", "Mail", at("2026-03-04T09:00:00"), at("2026-03-04T09:01:00"), "New", "Bo"],
              ["T-1", "Printer", at("2026-03-02T10:00:00"), at("2026-03-03T11:30:00"), "Closed", "Tom"],
              [null, "Printer", at("2026-03-02T10:00:00"), at("2026-03-02T12:00:00"), "In progress", "Tom"],
            ],
          },
        ],
      });
    },
    ledger: [
      "T-1 | Printer | - | 2026-03-02 10:00 | closed 2026-03-03 11:30 | reported, imported, closed",
      "T-2 | Mail | - | 2026-03-04 09:00 | resolved 2026-03-05 10:00 | reported, imported, resolved",
    ],
    refused: ["6 missing_number"],
  },
  {
    name: "days that may be months, and nothing that tells",
    file: "day-or-month.csv",
    bytes: dayOrMonth,
    ledger: ["3 | Phone | - | 2026-04-04 09:00 | open | reported"],
    refused: ["2 ambiguous_date", "3 ambiguous_date"],
    doubts: ["1 no_state_column"],
  },
  {
    name: "days that may be months, and somebody said which comes first",
    file: "day-or-month.csv",
    bytes: dayOrMonth,
    mapping: {
      layout: "requests",
      columns: { number: "Number", subject: "Subject", reportedAt: "Reported" },
      dateOrder: "mdy",
    },
    ledger: [
      "1 | Printer | - | 2026-03-04 10:00 | open | reported",
      "3 | Phone | - | 2026-04-04 09:00 | open | reported",
      "2 | Mail | - | 2026-05-04 09:00 | open | reported",
    ],
    doubts: ["3 no_state_column"],
  },
  {
    name: "numbers given twice, kept apart by whom they come from and by what they say",
    file: "doubled.csv",
    again: true,
    bytes: () =>
      Buffer.from(
        "Number,Subject,Reported by,Reported,State\n1,Printer,Ana,2026-03-02 10:00,open\n2,Mail,Bo,2026-03-04 09:00,open\n2,Phone,Ana,2026-03-05 09:00,closed\n3,Screen,Bo,2026-03-06 09:00,open\n",
      ),
    mapping: {
      layout: "requests",
      columns: { subject: "Subject", reporter: "Reported by", reportedAt: "Reported", state: "State" },
    },
    ledger: [
      "- | Printer | Ana | 2026-03-02 10:00 | open | reported, imported",
      "- | Mail | Bo | 2026-03-04 09:00 | open | reported, imported",
      "- | Phone | Ana | 2026-03-05 09:00 | closed | reported, closed",
      "- | Screen | Bo | 2026-03-06 09:00 | open | reported, imported",
    ],
    people: "Ana, Bo",
  },
  {
    name: "moments of the report, and of the end only the day",
    file: "days.xlsx",
    bytes: () =>
      workbookOf({
        formats: [...formats, "dd/mm/yyyy", "[$-407]d. mmmm yyyy"],
        sheets: [
          {
            name: "S",
            rows: [
              header,
              [1, "Printer", "Ana", moment("2026-03-02 10:00"), "closed", moment("2026-03-02", 2)],
              [2, "Mail", "Bo", moment("2026-03-04"), "closed", moment("2026-03-05", 3)],
            ],
          },
        ],
      }),
    ledger: [
      "1 | Printer | Ana | 2026-03-02 10:00 | closed 2026-03-02 10:00 | reported, resolved, closed",
      "2 | Mail | Bo | 2026-03-04 00:00 | closed 2026-03-05 00:00 | reported, resolved, closed",
    ],
    doubts: ["2 date_only"],
    people: "Ana, Bo",
  },
];
