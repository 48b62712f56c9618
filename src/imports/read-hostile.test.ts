import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, test } from "node:test";
import { AppError } from "../errors.ts";
import { decodeFrames, encodeFrame } from "./read-frames.ts";
import {
  reading,
  sheetXml,
  withFile,
  workbookOf,
  workbookParts,
  zipOf,
  type FixtureWorkbook,
} from "./read-fixtures.ts";
import { startFenced } from "./read-process.ts";
import { readSpreadsheet, type ReadOptions, type SheetRow } from "./read-spreadsheet.ts";

const small: FixtureWorkbook = { sheets: [{ name: "S", rows: [["a"], ["1"]] }] };

/** Reads in a process of its own. */
function readApart(content: Buffer | string, options: Partial<ReadOptions> = {}) {
  return withFile(content, async (path) => {
    const rows: SheetRow[] = [];
    const read = await readSpreadsheet(
      { path, name: "list.xlsx" },
      { onRows: (batch) => void rows.push(...batch), ...options },
    );
    return { ...read, rows };
  });
}

describe("what is no spreadsheet is refused by what it is", () => {
  const ole = (stream: string) => {
    const bytes = Buffer.alloc(2048);
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(bytes);
    bytes.writeUInt16LE(9, 30);
    bytes.writeUInt32LE(1, 48);
    bytes.write(stream, 1024, "utf16le");
    return bytes;
  };
  /** A directory entry that names the stream in sector 2, and a stream of two records: BOF, FILEPASS. */
  const lockedXls = () => {
    const bytes = ole("Workbook");
    bytes.writeUInt16LE("Workbook".length * 2 + 2, 1024 + 64);
    bytes.writeUInt32LE(2, 1024 + 116);
    bytes.set([0x09, 0x08, 4, 0, 0, 6, 5, 0, 0x2f, 0, 2, 0, 1, 0], 3 * 512);
    return bytes;
  };
  const zip = (...names: string[]) => zipOf(names.map((name) => ({ name, content: "x" })));
  const odt = zipOf([{ name: "mimetype", content: "application/vnd.oasis.opendocument.text" }]);
  const ods = zipOf([{ name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet" }]);
  const cases: [string, Buffer | string, string, RegExp][] = [
    ["PDF", "%PDF-1.7\n%âãÏÓ\n1 0 obj", "not_a_spreadsheet", /a PDF/],
    ["PNG", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "not_a_spreadsheet", /PNG picture/],
    ["program", Buffer.concat([Buffer.from("MZ\x90"), Buffer.alloc(200)]), "not_a_spreadsheet", /Windows program/],
    ["web page called .xls", "\uFEFF \n<html><table><tr><td>1</td></tr></table>", "not_a_spreadsheet", /web page/],
    ["JSON", '[{"number": 1}]', "not_a_spreadsheet", /JSON/],
    ["gzip", Buffer.from([0x1f, 0x8b, 8, 0]), "not_a_spreadsheet", /gzip.*Unpack/],
    ["ZIP", zip("holiday.jpg"), "not_a_spreadsheet", /a ZIP archive.*Unpack/],
    ["text document", zip("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "not_a_spreadsheet", /ZIP|text/],
    ["ODS without content", ods, "spreadsheet_damaged", /content\.xml is missing/],
    ["OpenDocument text", odt, "not_a_spreadsheet", /an OpenDocument file/],
    ["old .xls", ole("Workbook"), "spreadsheet_other_format", /old \.xls format; only .*save it as \.xlsx/],
    [
      "old .xls with a password",
      lockedXls(),
      "spreadsheet_other_format",
      /old \.xls format, protected with a password/,
    ],
    [
      "flat ODS",
      '<?xml version="1.0"?>\n<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
      "spreadsheet_other_format",
      /\.fods.*save it as \.ods/,
    ],
    [
      "XML of Excel 2003",
      '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>',
      "spreadsheet_other_format",
      /2003/,
    ],
    ["password", ole("EncryptedPackage"), "spreadsheet_password_protected", /password/],
    ["old Word", ole("WordDocument"), "not_a_spreadsheet", /old Office/],
    ["nothing", "", "spreadsheet_empty", /empty/],
    ["blank", "\n , ,\n\n", "spreadsheet_empty", /empty/],
    ["header only", "number,subject\n\n", "spreadsheet_header_only", /no row below/],
    ["empty workbook", workbookOf({ sheets: [{ name: "S" }] }), "spreadsheet_empty", /empty/],
    ["workbook cut off", workbookOf(small).subarray(0, 900), "spreadsheet_damaged", /damaged/],
    [
      "too many columns",
      `${"a,".repeat(1500)}\n${"1,".repeat(1500)}\n`,
      "spreadsheet_too_many_columns",
      /1501 columns/,
    ],
  ];
  for (const [name, bytes, code, message] of cases)
    test(name, async () => {
      await assert.rejects(reading(bytes), (error) => {
        assert.ok(error instanceof AppError, String(error));
        assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message);
        return true;
      });
    });
});

describe("workbooks made to do harm", () => {
  test("a bomb: a few hundred KB that unpack to 200 MB", async () => {
    const parts = workbookParts(small);
    const bomb = zipOf([...parts, { name: "xl/media/image1.png", content: Buffer.alloc(200_000_000) }]);
    assert.ok(bomb.length < 250_000);
    await assert.rejects(reading(bomb), { code: "spreadsheet_bomb", message: /unpack to 191 MB/ });
  });

  test("a bomb that claims to be small: no more is unpacked than was claimed", async () => {
    const parts = workbookParts(small).map((part) =>
      part.name.endsWith("sheet1.xml") ? { ...part, content: Buffer.alloc(30_000_000, " "), claimedSize: 5000 } : part,
    );
    await assert.rejects(reading(zipOf(parts)), { code: "spreadsheet_damaged" });
  });

  test("five thousand parts, and a part that comes twice", async () => {
    const many = Array.from({ length: 5001 }, (_, i) => ({ name: `xl/${i}`, content: "" }));
    await assert.rejects(reading(zipOf([...workbookParts(small), ...many])), { code: "spreadsheet_bomb" });
    const twice = [...workbookParts(small), { name: "XL/Workbook.xml", content: "<other/>" }];
    await assert.rejects(reading(zipOf(twice)), { code: "spreadsheet_damaged", message: /twice/ });
  });

  test("billion laughs and outside entities, in the sheet and in the strings", async () => {
    const entities = `<!DOCTYPE x [<!ENTITY a "ha">${"<!ENTITY b '&a;&a;&a;&a;'>".repeat(20)}<!ENTITY c SYSTEM "file:///etc/hostname">]>`;
    const xml = entities + sheetXml([["a"], ["1"]]).replace(/^<\?xml[^>]*>/, "");
    const refused = { code: "spreadsheet_damaged", message: /document type/ };
    await assert.rejects(reading(workbookOf({ sheets: [{ name: "S", xml }] })), refused);
    const parts = workbookParts(small).map((part) =>
      part.name.endsWith("sharedStrings.xml") ? { ...part, content: entities + String(part.content) } : part,
    );
    await assert.rejects(reading(zipOf(parts)), refused);
    const undeclared = sheetXml([["a"], ["&c;"]]).replace("&amp;c;", "&c;");
    await assert.rejects(reading(workbookOf({ sheets: [{ name: "S", xml: undeclared }] })), {
      code: "spreadsheet_damaged",
      message: /undefined entity/,
    });
  });

  test("one cell in the last row and column is a refused row, not a million rows", async () => {
    const rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>';
    const far = '<row r="1048576"><c r="XFD1048576"><v>9</v></c></row>';
    const xml = `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>${rows}${far}</sheetData></worksheet>`;
    const read = await readApart(workbookOf({ sheets: [{ name: "S", xml }] }));
    assert.deepEqual(
      read.rows.map(({ number, problem }) => [number, problem?.code]),
      [
        [2, undefined],
        [1_048_576, "cells_beyond_header"],
      ],
    );
    assert.ok(read.peakMb < 200, `${read.peakMb} MB`);
  });

  test("a header over all 16,384 columns", async () => {
    const wide = { name: "S", rows: [Array.from({ length: 16_384 }, (_, i) => `c${i}`), ["1"]] };
    await assert.rejects(reading(workbookOf({ sheets: [wide] })), { code: "spreadsheet_too_many_columns" });
  });

  test("strings that point nowhere, XML cut off", async () => {
    const nowhere = '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>';
    await assert.rejects(reading(workbookOf({ sheets: [{ name: "S", xml: nowhere }] })), {
      code: "spreadsheet_damaged",
    });
    const cut = sheetXml([["a"], ["1"]]).slice(0, -20);
    await assert.rejects(reading(workbookOf({ sheets: [{ name: "S", xml: cut }] })), { code: "spreadsheet_damaged" });
  });
});

describe("the fence", () => {
  const longList = `a,b\n${Array.from({ length: 20_000 }, (_, i) => `${i},${"x".repeat(200)}`).join("\n")}\n`;
  const bigList = () => {
    const rows = Array.from({ length: 2000 }, (_, i) =>
      Array.from({ length: 20 }, (_, c) => `cell ${i} ${c * 7919 * i}`),
    );
    return workbookOf({ sheets: [{ name: "S", rows: [rows[0]!.map((_, c) => `c${c}`), ...rows] }] });
  };

  test("refusals come through it, with the name of the file", async () => {
    await assert.rejects(readApart("%PDF-1.7"), { code: "not_a_spreadsheet", message: /^list\.xlsx: This is a PDF/ });
    await assert.rejects(readApart("a,b\n1,2\n", { maxBytes: 5 }), { code: "spreadsheet_too_big" });
    const missing = readSpreadsheet({ path: tmpdir(), name: "folder" }, { onRows: () => undefined });
    await assert.rejects(missing, { code: "spreadsheet_not_found" });
  });

  test("too much memory, too much time", async () => {
    const bytes = bigList();
    await assert.rejects(readApart(bytes, { memoryMb: 60 }), {
      code: "spreadsheet_too_much_memory",
      message: /60 MB/,
    });
    await assert.rejects(readApart(bytes, { seconds: 0.01 }), {
      code: "spreadsheet_too_slow",
      message: /0\.01 seconds/,
    });
  });

  test(
    "the limit of the operating system holds where nobody watches",
    { skip: process.platform !== "linux" },
    async () => {
      // Zeros are only promised by the system, so this much is never resident and the watch never sees it.
      assert.equal(await probe("Buffer.alloc(5e7)", 100), "ended");
      assert.equal(await probe("Buffer.alloc(1e9)", 100), "memory");
    },
  );

  test("an aborted import stops the reading", async () => {
    const abort = new AbortController();
    const onRows = () => abort.abort(new AppError("import_cancelled", "Stopped."));
    await assert.rejects(readApart(longList, { signal: abort.signal, onRows }), { code: "import_cancelled" });
  });

  test("two files are read at once; the others wait in their order, and too many are told so", async () => {
    const doors = Array.from({ length: 2 }, () => Promise.withResolvers<void>());
    const inside: string[] = [];
    const list = (name: string, door?: Promise<void>) =>
      readApart(`a,b\n${name},2\n`, {
        onRows: async () => {
          inside.push(name);
          await door;
        },
      });
    const first = doors.map(({ promise }, at) => list(`first ${at}`, promise));
    while (inside.length < 2) await new Promise(setImmediate);
    const stopped = AbortSignal.abort(new AppError("import_cancelled", ""));
    const waiting = Promise.allSettled(Array.from({ length: 19 }, () => readApart("a\n1\n", { signal: stopped })));
    const third = list("third");
    await assert.rejects(readApart("a\n1\n", { patienceMs: 1 }), { code: "busy", message: /^Too many spreadsheets/ });
    assert.equal(inside.length, 2);
    for (const { resolve } of doors) resolve();
    await Promise.all(first);
    await third;
    assert.ok((await waiting).every(({ status }) => status === "rejected"));
    assert.equal(inside.at(-1), "third");
  });

  test("what fails while rows are taken in ends the reading and comes out as it is", async () => {
    const onRows = () => Promise.reject(new AppError("database_gone", "Gone."));
    await assert.rejects(readApart(longList, { onRows }), { code: "database_gone" });
  });

  test("the reader waits for who takes the rows in: one batch at a time", async () => {
    let busy = 0;
    let rows = 0;
    let share = 0;
    const read = await readApart(longList, {
      onRows: async (batch) => {
        assert.equal(++busy, 1);
        assert.ok(batch.length <= 500);
        await new Promise(setImmediate);
        rows += batch.length;
        busy--;
      },
      onProgress: (progress) => {
        assert.ok(progress.share >= share && progress.rows === rows);
        share = progress.share;
      },
    });
    assert.deepEqual([rows, read.rowCount, share], [20_000, 20_000, 1]);
  });

  test("inside: no other file, no writing, no network, no process, no environment", async () => {
    const server = createServer((socket) => socket.destroy())
      .listen(0, "127.0.0.1")
      .unref();
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const attempts = [
      `fs.readFileSync("/etc/hostname")`,
      `fs.writeFileSync(import.meta.filename, "x")`,
      `require("node:child_process").execFileSync("/bin/true")`,
      `await fetch("http://127.0.0.1:${port}/").catch((e) => { throw e.cause })`,
      `if (Object.keys(process.env).length <= 2) throw { code: "ERR_ACCESS_DENIED" }`,
    ];
    const program = attempts.map(
      (attempt) => `try { ${attempt}; process.exitCode = 1 } catch (e) { if (e.code !== "ERR_ACCESS_DENIED") throw e }`,
    );
    const start = `import fs from "node:fs"; import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
    assert.equal(await probe([start, ...program].join("\n"), 512), "ended");
    server.close();
  });

  /** Runs a program inside the fence. */
  async function probe(program: string, memoryMb: number) {
    const folder = mkdtempSync(join(tmpdir(), "openbook-fence-"));
    try {
      const path = join(folder, "probe.mjs");
      writeFileSync(path, program);
      const fenced = startFenced(pathToFileURL(path).href, path, [], { memoryMb, seconds: 20 });
      const ending = await fenced.ending;
      assert.notEqual(ending, "failed", fenced.complaint());
      assert.deepEqual(readdirSync(folder), ["probe.mjs"]);
      return ending;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("messages survive any cut of the stream", async () => {
    const messages = [1, 400, 2].map((n) => ({
      kind: "rows" as const,
      rows: [{ number: n, cells: ["ü".repeat(n)] }],
      share: 0,
    }));
    const bytes = Buffer.concat(messages.map(encodeFrame));
    for (const size of [1, 3, 7, 500, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const stream = (async function* () {
        yield* pieces;
      })();
      assert.deepEqual(await Array.fromAsync(decodeFrames(stream)), messages);
    }
  });
});
