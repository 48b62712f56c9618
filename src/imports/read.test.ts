import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { reading, workbookOf, type FixtureCell } from "./read-fixtures.ts";

/** Reading as such, in this process; read-hostile.test.ts has the fence and those it is for. */
describe("CSV", () => {
  const table = 'Nr;Betreff\r\n1;"Drucker ""Anna"" kaputt; zweiter Stock"\r\n2;Größe € 5\r\n';
  const rows = [
    ["1", 'Drucker "Anna" kaputt; zweiter Stock'],
    ["2", "Größe € 5"],
  ];
  const windows1252 = Buffer.from(table.replace("€", "\x80"), "latin1");
  const bigEndian = Buffer.from(table, "utf16le").swap16();
  for (const [name, bytes, encoding, warnings] of [
    ["UTF-8", Buffer.from(table), "utf-8", []],
    ["UTF-8 with a mark", Buffer.from(`\uFEFF${table}`), "utf-8", []],
    ["UTF-16LE with a mark", Buffer.from(`\uFEFF${table}`, "utf16le"), "utf-16le", []],
    ["UTF-16LE without", Buffer.from(table, "utf16le"), "utf-16le", []],
    ["UTF-16BE with a mark", Buffer.concat([Buffer.from([0xfe, 0xff]), bigEndian]), "utf-16be", []],
    ["UTF-16BE without", bigEndian, "utf-16be", []],
    ["Windows-1252, with a warning", windows1252, "windows-1252", ["encoding_assumed"]],
  ] as const)
    test(name, async () => {
      const read = await reading(bytes);
      assert.deepEqual(read.head.header, ["Nr", "Betreff"]);
      assert.deepEqual(read.cells, rows);
      assert.deepEqual([read.head.encoding, read.head.separator, read.warnings], [encoding, ";", warnings]);
    });

  test("UTF-8 with a few bytes of something else stays UTF-8", async () => {
    const stray = Buffer.from("2,K\xf6ln\n", "latin1");
    const read = await reading(Buffer.concat([Buffer.from(`Nr,Ort\n${"1,Köln\n".repeat(9)}`), stray]));
    assert.deepEqual(
      [read.cells.at(0), read.cells.at(-1)],
      [
        ["1", "Köln"],
        ["2", "K\uFFFDln"],
      ],
    );
    assert.deepEqual(read.warnings, ["encoding_damaged"]);
  });

  test("separators: tab, bar, semicolon beside decimal commas, Excel's sep= line, none at all", async () => {
    assert.deepEqual((await reading("a\tb\n1,5\t2,5\n")).cells, [["1,5", "2,5"]]);
    assert.deepEqual((await reading("a|b\n1,5|2\n")).cells, [["1,5", "2"]]);
    const texts = "who, what, where;state\nA, b, c;open\nA, b, c;open\nA;open\n";
    assert.deepEqual((await reading(texts)).cells[0], ["A, b, c", "open"]);
    assert.deepEqual((await reading("a;b, c\n1,5;2,5\n2,5;3,5\n")).cells[1], ["2,5", "3,5"]);
    assert.deepEqual((await reading('a;b\n"x;y,z";2\n"x,y";3\n')).cells[0], ["x;y,z", "2"]);
    const stated = await reading("sep=^\r\na^b\r\n1^2\r\n");
    assert.deepEqual([stated.head.header, stated.cells, stated.rows[0]?.number], [["a", "b"], [["1", "2"]], 2]);
    assert.deepEqual((await reading("Subject\nPrinter\nPhone\n")).cells, [["Printer"], ["Phone"]]);
  });

  test("line ends of all kinds, inside and outside of quotation marks", async () => {
    assert.deepEqual((await reading('a,b\n1,"x\r\ny"\r\n2,z')).cells, [
      ["1", "x\ny"],
      ["2", "z"],
    ]);
    assert.deepEqual((await reading("a,b\r1,x\r2,y\r")).cells, [
      ["1", "x"],
      ["2", "y"],
    ]);
    assert.deepEqual((await reading('a,b\n1,5" disk\n2,"19" rack"\n')).cells, [
      ["1", '5" disk'],
      ["2", '"19" rack"'],
    ]);
  });

  test("blank rows are left out and counted, as a spreadsheet program does", async () => {
    const { rows } = await reading("\n\na,b\n\n1,x\n,\n2,y\n\n");
    assert.deepEqual(
      rows.map(({ number }) => number),
      [5, 7],
    );
  });

  test("short rows are filled and named, rows too long and a header once more are marked", async () => {
    const { rows, warnings, messages } = await reading("a,b,c\n1\n1,2,3,,\n1,2,3,4\na,b,c\n9,9,9\n");
    assert.deepEqual(rows[0]!.cells, ["1", "", ""]);
    assert.deepEqual(rows[1]!.cells, ["1", "2", "3"]);
    assert.deepEqual(
      rows.map(({ number, problem }) => [number, problem?.code]),
      [
        [2, undefined],
        [3, undefined],
        [4, "cells_beyond_header"],
        [5, "repeated_header"],
        [6, undefined],
      ],
    );
    assert.match(rows[2]!.problem!.message, /4 cells, the header 3: “4”/);
    assert.deepEqual(rows[2]!.cells, ["1", "2", "3", "4"]);
    assert.deepEqual(warnings, ["short_rows"]);
    assert.match(messages[0]!, /header: 1 .* row 2/);
  });

  test("titles above the header are skipped and named", async () => {
    const read = await reading("IT-Tickets 2025;;;\n\nvon;Anna;;\nNr;Wer;Was;Wann\n1;B;C;D\n2;B;C;D\n");
    assert.deepEqual(read.head.header, ["Nr", "Wer", "Was", "Wann"]);
    assert.deepEqual([read.rows[0]!.number, read.warnings], [5, ["title_rows"]]);
    assert.match(read.messages[0]!, /row 4.*“IT-Tickets 2025”/);
  });

  test("headers: dangerous, repeated, empty, enormous, with control characters", async () => {
    const long = "x".repeat(100_000);
    const header = ["__proto__", "constructor", "Name", "Name", "Name (2)", "", "a\u0000b", long, " two\twords "];
    const read = await reading(`${header.join(",")}\n${"v,".repeat(8)}v\n`);
    const names = ["__proto__", "constructor", "Name", "Name (3)", "Name (2)", "Column 6", "ab"];
    assert.deepEqual(read.head.header.slice(0, 7), names);
    assert.deepEqual([read.head.header[7]!.length, read.head.header[8]], [200, "two words"]);
    assert.deepEqual(read.warnings, ["header_cut", "control_characters", "long_cells"]);
    assert.deepEqual(read.rows[0]!.cells.length, 9);
  });

  test("NUL and half surrogates do not get in; tab, line feed, emoji and right-to-left text do", async () => {
    const read = await reading("a,b\nx\u0000\u0007\u001By,z\n1\t2,😀 שלום\n");
    assert.deepEqual(read.cells, [
      ["xy", "z"],
      ["1\t2", "😀 שלום"],
    ]);
    assert.deepEqual(read.warnings, ["control_characters"]);
    const halves = Buffer.from(`a,b\n1,x\ud800y\n${"2,filler\n".repeat(9)}`, "utf16le");
    assert.deepEqual((await reading(halves)).cells[0], ["1", "x\uFFFDy"]);
  });

  test("cells longer than Excel's are read whole, rows beyond reason are marked", async () => {
    const read = await reading(`a,b\n1,${"x".repeat(40_000)}\n2,${"x".repeat(1_100_000)}\n3,y\n`);
    assert.equal(read.cells[0]![1]!.length, 40_000);
    assert.deepEqual(
      read.rows.map(({ problem }) => problem?.code),
      [undefined, "row_too_long", undefined],
    );
    assert.ok(read.cells[1]![1]!.length < 1000);
  });

  test("a quotation mark that is never closed is refused with the row it is in", async () => {
    await assert.rejects(reading('a,b\n1,x\n2,"y\n3,z\n'), { code: "spreadsheet_open_quote", message: /^In row 3 / });
    const endless = `a,b\n1,"${"y\n".repeat(3_000_000)}`;
    await assert.rejects(reading(endless), { code: "spreadsheet_open_quote" });
  });
});

describe("XLSX", () => {
  const styled = (style: number, value: number | string): FixtureCell => ({
    xml: `<c r="@" s="${style}"><v>${value}</v></c>`,
  });
  const formats = [
    "dd\\-mm\\-yyyy\\ hh:mm",
    "m/d/yy h:mm AM/PM",
    "hh:mm",
    "[h]:mm",
    "00000",
    '"INC"0000000',
    "0%",
    '0 "days"',
  ];

  test("dates come out as local wall-clock time, of either date system", async () => {
    const sheet = {
      name: "S",
      rows: [
        ["a", "b"],
        [styled(1, 42429.0527777778), styled(2, 59)],
        [styled(1, 60), styled(1, 0.5)],
      ],
    };
    const read = await reading(workbookOf({ sheets: [sheet], formats }));
    assert.deepEqual(read.cells, [
      ["2016-02-29T01:16:00", "1900-02-28T00:00:00"],
      ["60", "0.5"],
    ]);
    const mac = await reading(workbookOf({ sheets: [sheet], formats, date1904: true }));
    assert.deepEqual([mac.head.dateSystem, mac.cells[0]![0]], [1904, "2020-03-01T01:16:00"]);
  });

  test("times, durations, numbers, names made of numbers, truth values, errors, formulas", async () => {
    const cells: [FixtureCell, string][] = [
      [styled(3, 0.5), "12:00:00"],
      [styled(4, 1.520833333333333), "36:30:00"],
      [styled(5, 123), "00123"],
      [styled(6, 45), "INC0000045"],
      [styled(7, 0.25), "25%"],
      [styled(8, 3), "3"],
      [{ xml: '<c r="@"><v>0.30000000000000004</v></c>' }, "0.3"],
      [{ xml: '<c r="@"><v>31612345678</v></c>' }, "31612345678"],
      [{ xml: '<c r="@" t="b"><v>1</v></c>' }, "TRUE"],
      [{ xml: '<c r="@" t="e"><v>#N/A</v></c>' }, "#N/A"],
      [{ xml: '<c r="@" t="str"><f>A1&amp;"x"</f><v>1x</v></c>' }, "1x"],
      [{ xml: '<c r="@"><f>1+1</f><v>2</v></c>' }, "2"],
      [{ xml: '<c r="@"><f>NOW()</f></c>' }, ""],
      [{ xml: '<c r="@" t="s"><v>0</v></c>' }, "rich & plain"],
      [{ xml: '<c r="@" s="1" t="d"><v>2016-02-29T01:16:00</v></c>' }, "2016-02-29T01:16:00"],
      ["one_x000D_\ntwo_xD800_", "one\ntwo\uFFFD"],
    ];
    const strings = [
      '<r><t xml:space="preserve">rich </t></r><r><rPr><b/></rPr><t>&amp; plain</t></r><rPh sb="0" eb="1"><t>no</t></rPh>',
    ];
    const rows = [cells.map((_, i) => `c${i}`), cells.map(([cell]) => cell)];
    const read = await reading(workbookOf({ sheets: [{ name: "S", rows }], formats, strings }));
    assert.deepEqual(read.cells, [cells.map(([, text]) => text)]);
    assert.deepEqual(read.warnings, ["error_values", "control_characters"]);
  });

  test("the first visible sheet that is not empty, or the one that is asked for", async () => {
    const table = (name: string) => ({ name, rows: [["a"], [name]] });
    const bytes = workbookOf({
      sheets: [{ ...table("Hidden"), hidden: true }, { name: "Empty" }, table("__proto__"), table("Q & A")],
    });
    const first = await reading(bytes);
    assert.deepEqual([first.head.read[0], first.cells], ["__proto__", [["__proto__"]]]);
    assert.deepEqual(
      [first.head.sheets, first.warnings],
      [["Hidden", "Empty", "__proto__", "Q & A"], ["other_sheets"]],
    );
    assert.deepEqual((await reading(bytes, "Q & A")).cells, [["Q & A"]]);
    assert.deepEqual((await reading(bytes, "Hidden")).cells, [["Hidden"]]);
    await assert.rejects(reading(bytes, "Nope"), { code: "spreadsheet_no_such_sheet", message: /“Nope”.*“Q & A”/ });
    await assert.rejects(reading(bytes, "Empty"), { code: "spreadsheet_empty" });
  });

  test("prefixed names, rows and cells without numbers, formatted but empty cells", async () => {
    const prefixed =
      '<x:worksheet xmlns:x="m"><x:dimension ref="A1:XFD1048576"/><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row><x:row r="7" s="1"/><x:row r="9"><x:c r="A9"><x:v>5</x:v></x:c><x:c r="XFD9" s="1"/></x:row></x:sheetData></x:worksheet>';
    const read = await reading(workbookOf({ sheets: [{ name: "S", xml: prefixed }] }));
    assert.deepEqual([read.head.header, read.cells, read.rows[0]?.number], [["a"], [["5"]], 9]);
    const bare =
      "<worksheet><sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c><c><v>3</v></c></row></sheetData></worksheet>";
    assert.deepEqual((await reading(workbookOf({ sheets: [{ name: "S", xml: bare }] }))).cells, [["2", "3"]]);
  });

  test("a column without a name is read; a stray cell far to the right is pointed at", async () => {
    const far: FixtureCell = { xml: '<c r="XFD3"><v>7</v></c>' };
    const rows = [
      ["a", "b"],
      ["1", "2", "note"],
      ["3", "4", far],
      ["5", "6"],
    ];
    const read = await reading(workbookOf({ sheets: [{ name: "S", rows }] }));
    assert.deepEqual(read.head.header, ["a", "b", "Column 3"]);
    assert.deepEqual(
      read.rows.map(({ problem }) => problem?.code),
      [undefined, "cells_beyond_header", undefined],
    );
    assert.deepEqual(
      [read.cells[0], read.cells[2]],
      [
        ["1", "2", "note"],
        ["5", "6", ""],
      ],
    );
  });

  test("a sheet larger than a slice loses and doubles nothing, with and without numbers of rows", async () => {
    const row = (r: number, numbered: boolean) => {
      const reference = numbered ? ` r="${r + 1}"` : "";
      return `<row${reference}><c t="inlineStr"><is><t>${r}</t></is></c><c t="inlineStr"><is><t>${"x".repeat(5000)}</t></is></c></row>`;
    };
    for (const numbered of [true, false]) {
      const body = Array.from({ length: 2000 }, (_, r) => row(r, numbered)).join("");
      const xml = `<worksheet><sheetData>${body}</sheetData></worksheet>`;
      const { rows } = await reading(workbookOf({ sheets: [{ name: "S", xml }] }));
      assert.equal(rows.length, 1999);
      assert.ok(rows.every(({ number, cells }, i) => number === i + 2 && cells[0] === String(i + 1)));
    }
  });
});

const realData = process.env.OPENBOOK_REAL_DATA;
test("the real event log: every row, the same from CSV and from a workbook", { skip: !realData }, async () => {
  const csv = await reading(readFileSync(join(realData!, "incident_event_log.csv")));
  assert.deepEqual([csv.rows.length, csv.head.header.length, csv.warnings], [5998, 36, []]);
  const date = /^(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d)$/;
  const typed = (cell: string): FixtureCell => {
    const [, day, month, year, time] = date.exec(cell) ?? [];
    if (day)
      return { xml: `<c r="@" s="1"><v>${Date.parse(`${year}-${month}-${day}T${time}Z`) / 864e5 + 25_569}</v></c>` };
    if (cell === "TRUE" || cell === "FALSE") return { xml: `<c r="@" t="b"><v>${cell === "TRUE" ? 1 : 0}</v></c>` };
    return /^\d+$/.test(cell) ? Number(cell) : cell;
  };
  const rows = [csv.head.header, ...csv.cells.map((cells) => cells.map(typed))];
  const xlsx = await reading(workbookOf({ sheets: [{ name: "Log", rows }], formats: ["dd-mm-yyyy hh:mm"] }));
  assert.deepEqual(xlsx.head.header, csv.head.header);
  const iso = csv.cells.map((cells) => cells.map((cell) => cell.replace(date, "$3-$2-$1T$4:00")));
  assert.deepEqual(xlsx.cells, iso);
});
