import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { finished } from "node:stream/promises";
import { testPlatform } from "../../test/harness.ts";
import { exportStage, refusal } from "./exports-fixture.ts";
import { openArchive } from "./open-zip.ts";
import { ZipWriter } from "./package-zip.ts";
import { verifyExport } from "./verify.ts";

const platform = await testPlatform();
const { folder, exportOf, smallCompany } = await exportStage(platform);

type Line = Record<string, unknown>;

/** A JSON export with other lines, sealed as a whole again: what somebody writes who knows the format. */
async function forged(path: string, change: (lines: Line[]) => Line[]): Promise<string> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  const changed = change(lines.slice(0, -1).map((line) => JSON.parse(line) as Line));
  const rows: Record<string, number> = {};
  for (const { table } of changed.slice(1)) rows[String(table)] = (rows[String(table)] ?? 0) + 1;
  const text = changed.map((line) => `${JSON.stringify(line)}\n`).join("");
  const sha256 = createHash("sha256").update(text).digest("hex");
  const to = `${path}.forged`;
  await writeFile(to, `${text}${JSON.stringify({ end: true, rows, sha256 })}\n`);
  return to;
}

const entriesOf = (lines: Line[]) => lines.filter(({ table }) => table === "entries");
const first = (lines: Line[]) => entriesOf(lines).find(({ kind }) => kind === "note")!;

describe("an export is proven without its installation", () => {
  test("every chain, every content and every attachment, in each format", async () => {
    const company = await smallCompany();
    for (const [format, packed] of [
      ["json", false],
      ["json", true],
      ["csv", false],
      ["csv", true],
    ] as const) {
      // prettier-ignore
      const proven = await verifyExport(await exportOf(company, format, packed));
      const { requests, entries, attachments, withoutBytes, withoutContent } = proven;
      assert.deepEqual([requests, entries, attachments, withoutContent], [2, 4, 1, 0]);
      assert.equal(withoutBytes, packed ? 0 : 1);
      assert.equal(proven.company.id, company);
    }
  });

  test("whoever changes an entry is found, though they seal the file again: the first broken link is named", async () => {
    const path = await exportOf(await smallCompany(), "json");
    const cases: [change: (lines: Line[]) => Line[], seq: string, reason: RegExp][] = [
      [(lines) => (Object.assign(first(lines)["content"] as Line, { text: "they are quick" }), lines), "2", /content was changed/],
      [(lines) => (Object.assign(first(lines), { happenedAt: "2026-11-23T09:00:00.000+00:00" }), lines), "2", /header was changed/],
      [(lines) => (Object.assign(first(lines), { audience: "everyone" }), lines), "2", /header was changed/],
      [(lines) => (Object.assign(first(lines), { salt: null }), lines), "2", /random bytes/],
      [(lines) => (Object.assign(first(lines), { hash: "0".repeat(64) }), lines), "2", /header was changed/],
      [(lines) => lines.filter((line) => line !== first(lines)), "3", /entry 2 is missing/],
      [(lines) => lines.filter(({ table, seq }) => table !== "entries" || seq !== 3), "3", /entry 3 is missing/],
      [(lines) => (Object.assign(lines.find(({ table, headSeq }) => table === "requests" && headSeq === 3)!, { headSeq: 2 }), lines), "3", /not the end/],
      [(lines) => (Object.assign(lines.find(({ table }) => table === "attachments")!, { sha256: "0".repeat(64) }), lines), "1", /another file/],
      [(lines) => lines.filter(({ table }) => table !== "attachments"), "1", /attachment that it names is not listed/],
    ]; // prettier-ignore
    for (const [change, seq, reason] of cases) {
      const { code, fields, message } = await refusal(verifyExport(await forged(path, change)));
      assert.equal(code, "chain_broken", message);
      assert.deepEqual({ ...(fields as object), reason: undefined }, { request: "1", seq, reason: undefined });
      assert.match(message, reason);
      assert.match(message, /request #1/);
    }
  });

  test("a request without its entries, or entries without their request, are found", async () => {
    const path = await exportOf(await smallCompany(), "json");
    const withoutEntries = await forged(path, (lines) => lines.filter(({ table }) => table !== "entries"));
    assert.match((await refusal(verifyExport(withoutEntries))).message, /its entries are missing/);
    const withoutRequest = await forged(path, (lines) => lines.filter(({ table }) => table !== "requests"));
    assert.match((await refusal(verifyExport(withoutRequest))).message, /without the request/);
    const twoOfThem = await forged(path, (lines) =>
      lines.toSpliced(lines.indexOf(entriesOf(lines).at(-1)!) + 1, 0, first(lines)),
    );
    assert.match((await refusal(verifyExport(twoOfThem))).message, /next to each other/);
  });

  test("an erased content leaves the chain whole, and is counted", async () => {
    const company = await smallCompany();
    await platform.asSuperuser("delete from entry_contents where company_id = $1 and seq = 2", [company]);
    const proven = await verifyExport(await exportOf(company, "json"));
    assert.deepEqual([proven.entries, proven.withoutContent], [4, 1]);
  });
});

describe("what is no export, or no whole one, is refused in words", () => {
  const written = async (bytes: string | Buffer) => {
    const path = join(folder, `hostile-${Math.random()}`);
    await writeFile(path, bytes);
    return path;
  };
  const zipped = async (parts: Record<string, string | Buffer>) => {
    const path = join(folder, `hostile-${Math.random()}.zip`);
    const zip = new ZipWriter(createWriteStream(path));
    for (const [name, content] of Object.entries(parts)) {
      const part = zip.part(name);
      part.end(content);
      await finished(part);
    }
    await zip.end();
    return path;
  };

  test("other files, other versions", async () => {
    const code = async (path: string) => (await refusal(verifyExport(path))).code;
    assert.equal(await code(join(folder, "missing")), "file_not_found");
    assert.equal(await code(await written("")), "not_an_export");
    assert.equal(await code(await written("Nr,Subject\n1,Printer\n")), "not_an_export");
    assert.equal(await code(await written('{"openbook":"backup"}\n')), "not_an_export");
    assert.equal(await code(await written('{"openbook":"export","version":2}\n')), "export_version_unknown");
    assert.equal(await code(await written('{"openbook":"export","version":1}\n')), "not_an_export");
    assert.equal(await code(await written("{not json\n")), "not_an_export");
    assert.equal(await code(await written(`{"a":"${"x".repeat(40_000_000)}`)), "export_damaged");
    assert.equal(await code(await zipped({ "readme.txt": "hello" })), "not_an_export");
    assert.equal(await code(await zipped({ "record.jsonl": "" })), "not_an_export");
    assert.equal(await code(await zipped({ "export.json": "[]" })), "not_an_export");
    assert.equal(await code(await zipped({ "record.jsonl": Buffer.alloc(80_000_000) })), "not_an_export", "a bomb");
    assert.equal(await code(await written(Buffer.from("PK\u0003\u0004 and no more"))), "export_damaged");
  });

  test("cut short anywhere, or with any byte changed, an export is refused", async () => {
    const company = await smallCompany();
    for (const [format, packed] of [
      ["json", false],
      ["json", true],
      ["csv", true],
    ] as const) {
      // prettier-ignore
      const whole = await readFile(await exportOf(company, format, packed));
      for (let i = 1; i <= 25; i++) {
        const cut = whole.subarray(0, Math.floor((whole.length * i) / 26));
        const { code } = await refusal(verifyExport(await written(cut)));
        assert.match(
          code,
          /^(export_(damaged|cut_short)|not_an_export|chain_broken)$/,
          `cut ${format} at ${cut.length}`,
        );
        const flipped = Buffer.from(whole);
        const at = Math.floor((whole.length * (i - 0.5)) / 26);
        flipped[at]! ^= 1;
        const answer = await refusal(verifyExport(await written(flipped)));
        // What a ZIP file says twice, dates and the like, means nothing to what is in it.
        const unsaid = packed && answer.code === "nothing was refused";
        if (!unsaid) assert.match(answer.code, /^(export_|not_an_export|chain_broken)/, `flipped ${format} at ${at}`);
      }
    }
  });

  test("a ZIP file that somebody has unpacked and packed again, in a folder, is still an export", async () => {
    const path = await exportOf(await smallCompany(), "csv", true);
    const archive = await openArchive(path, 1e9, ["export.json"]);
    const parts: Record<string, Buffer> = {};
    for (const name of archive.names()) {
      parts[`my export/${name}`] = Buffer.concat(await (await archive.stream(name)).toArray());
    }
    archive.close();
    assert.equal((await verifyExport(await zipped(parts))).entries, 4);
  });
});
