import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { finished } from "node:stream/promises";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { asOperator, inCompany } from "../context.ts";
import { headerHash } from "../requests/requests.ts";
import { contentDigest } from "../requests/chain.ts";
import { linkOf } from "./chains.ts";
import { exportStage, refusal } from "./exports-fixture.ts";
import { ZipWriter } from "./package-zip.ts";
import { exportToFile } from "./to-file.ts";
import { verifyExport } from "./verify.ts";

/** Exports made to do harm by somebody who knows the format, and seals the chains and the file themselves. */

const platform = await testPlatform();
const { folder, exportOf, smallCompany, bringBack } = await exportStage(platform);

type Line = Record<string, unknown>;
interface Parts {
  lines: Line[];
  entry: Line;
  attachment: Line;
  /** What the entry's content says of the attachment. */
  said: Line;
}

/** Every chain as if it had always been like this. */
function seal(lines: Line[]): void {
  const { id: company } = lines[0]!["company"] as { id: string };
  let last: Line | undefined;
  for (const entry of lines.filter(({ table }) => table === "entries")) {
    entry["previousHash"] = last?.["requestId"] === entry["requestId"] ? last!["hash"] : null;
    const salt = Buffer.from(entry["salt"] as string, "hex");
    entry["contentDigest"] = contentDigest(salt, entry["content"] as Line).toString("hex");
    entry["hash"] = headerHash(linkOf(company, entry).header).toString("hex");
    for (const row of lines)
      if (row["id"] === entry["requestId"] && row["headSeq"] === entry["seq"]) row["headHash"] = entry["hash"];
    last = entry;
  }
}

let made = 0;
/** @param bytes of the attachment; undefined: an export without them */
async function forged(change: (parts: Parts) => void, bytes?: Buffer, sealed = true): Promise<string> {
  const text = await readFile(await exportOf(await smallCompany(), "json"), "utf8");
  const lines = text.trimEnd().split("\n").slice(0, -1).map((line) => JSON.parse(line) as Line); // prettier-ignore
  const entry = lines.find(({ content }) => (content as Line | undefined)?.["attachments"])!;
  const attachment = lines.find(({ table }) => table === "attachments")!;
  const [said] = (entry["content"] as { attachments: [Line] }).attachments;
  if (bytes) {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    for (const row of [said, attachment]) Object.assign(row, { sha256, size: bytes.length });
  }
  lines[0]!["attachments"] = bytes !== undefined;
  change({ lines, entry, attachment, said });
  if (sealed) seal(lines);
  const rows = Object.groupBy(lines.slice(1), ({ table }) => String(table));
  const counts = Object.fromEntries(Object.entries(rows).map(([table, found]) => [table, found!.length]));
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const sha256 = createHash("sha256").update(body).digest("hex");
  const record = `${body}${JSON.stringify({ end: true, rows: counts, sha256 })}\n`;
  const path = join(folder, `forged-${++made}`);
  if (!bytes) await writeFile(path, record);
  else {
    const zip = new ZipWriter(createWriteStream(path));
    for (const [name, content] of [["record.jsonl", record], [attachment["path"], bytes]] as [string, string][]) {
      const part = zip.part(name);
      part.end(content);
      await finished(part);
    } // prettier-ignore
    await zip.end();
  }
  return path;
}

describe("an export that was made to do harm", () => {
  test("says of an attachment what its entry does not say: found, whatever it is", async () => {
    const lies = { fileName: "invoice.exe", contentType: "image/png", size: 8, width: 4, sha256: "0".repeat(64) };
    for (const [column, lie] of Object.entries(lies)) {
      const path = await forged(({ attachment }) => (attachment[column] = lie), undefined, false);
      const { code, message } = await refusal(verifyExport(path));
      assert.deepEqual([code, /another file than its entry names/.test(message)], ["chain_broken", true], column);
    }
  });

  test("has contents that nobody could have sealed: the first broken link is named, and nothing breaks off", async () => {
    const odd: [change: (parts: Parts) => void, reason: RegExp, sealed: boolean][] = [
      [({ entry }) => Object.assign(entry["content"] as Line, { attachments: [null] }), /attachment cannot be read/, true],
      [({ entry }) => Object.assign(entry["content"] as Line, { attachments: [{ id: 1 }] }), /attachment cannot be read/, true],
      [({ entry }) => Object.assign(entry["content"] as Line, { subject: "\ud800" }), /content was changed/, false],
    ]; // prettier-ignore
    for (const [change, reason, sealed] of odd) {
      const { code, message } = await refusal(verifyExport(await forged(change, undefined, sealed)));
      assert.equal(code, "chain_broken");
      assert.match(message, reason);
    }
  });

  test("gives files names that lead out of a folder, or says they are pictures: refused, and no file stays", async () => {
    const page = Buffer.from("<script>alert(1)</script>");
    const named = (name: string) => (parts: Parts) => (parts.said["name"] = parts.attachment["fileName"] = name);
    const picture = ({ said, attachment }: Parts) => {
      Object.assign(said, { type: "image/png", width: 2, height: 2 });
      Object.assign(attachment, { contentType: "image/png", width: 2, height: 2 });
    };
    const cases: [change: (parts: Parts) => void, words: RegExp][] = [
      [named("../../../.bashrc"), /a name that no file here can have/],
      [named("..\\..\\evil.bat"), /a name that no file here can have/],
      [named("gpj.\u202Eexe"), /a name that no file here can have/],
      [picture, /not the picture it is said to be/],
      [({ said, attachment }) => (said["size"] = attachment["size"] = page.length + 1), /another file than its entry/],
    ];
    const kept = async () =>
      (await readdir(join(folder, "files"), { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).length;
    for (const [change, words] of cases) {
      const path = await forged(change, page);
      const before = await kept();
      const { code, message } = await refusal(bringBack(path));
      assert.equal(code, "export_damaged", message);
      assert.match(message, words);
      assert.equal(await kept(), before);
    }
    await bringBack(await forged(() => {}, page));
  });

  test("names one part of a ZIP file as thousands of attachments: refused before they fill the disk", async () => {
    const path = await forged(({ lines, entry, attachment, said }) => {
      const id = "01999999-0000-7000-8000-000000000001";
      (entry["content"] as { attachments: Line[] }).attachments.push({ ...said, id });
      lines.splice(lines.indexOf(attachment) + 1, 0, { ...attachment, id });
    }, Buffer.from("bytes"));
    const { code, message } = await refusal(verifyExport(path));
    assert.equal(code, "export_damaged");
    assert.match(message, /is said to be two attachments/);
  });

  test("has entries that nobody records, or of whom it does not know: refused with place and column, nothing kept", async () => {
    const nobody = "019a9668-0000-7000-8000-000000000009";
    const note = ({ lines }: Parts) => lines.find(({ kind }) => kind === "note")!;
    const cases: [change: (parts: Parts) => void, words: RegExp][] = [
      [(parts) => (note(parts)["actor"] = "somebody"), /actor is nobody who records entries/],
      [(parts) => (note(parts)["actor"] = "person:ana"), /actor is nobody who records entries/],
      [(parts) => (note(parts)["actor"] = `person:${nobody}`), /actor names a person who is not among its people/],
      [(parts) => (note(parts)["actor"] = `import:${nobody}`), /kind says what an import does not record/],
      [(parts) => (note(parts)["kind"] = "imported"), /kind says what anybody here does not record/],
      [(parts) => (note(parts)["kind"] = "corrected"), /content does not say corrects as entries/],
      [(parts) => Object.assign(note(parts), { kind: "undone", content: { undoes: 99 } }), /names an entry that does not stand before/],
      [(parts) => (note(parts)["kind"] = "reported"), /kind is not what stands there/],
      [(parts) => Object.assign(note(parts), { kind: "message" }), /audience keeps from somebody/],
      [(parts) => (note(parts)["supplierId"] = nobody), /supplierId names a supplier who is not among/],
      [(parts) => (note(parts)["content"] = { text: "x", state: "closed" }), /content says "state", which entries/],
      [(parts) => (note(parts)["content"] = { text: 7 }), /content does not say text as entries/],
      [(parts) => (note(parts)["content"] = { by: { party: "company", id: nobody } }), /content names a person who/],
      [({ entry }) => Object.assign(entry["content"] as Line, { technician: nobody }), /content names a person who/],
      [({ attachment }) => (attachment["createdBy"] = "the devil"), /createdBy is nobody who records/],
    ]; // prettier-ignore
    const company = await freshCompany(platform);
    for (const [change, words] of cases) {
      const path = await forged(change);
      const { code, message } = await refusal(verifyExport(path));
      assert.equal(code, "export_damaged", message);
      assert.match(message, words);
      assert.match(message, /forged-\d+, line \d+: /);
      assert.deepEqual(await refusal(bringBack(path, company)), { code, message, fields: undefined });
    }
    const [{ kept }] = (await platform.asSuperuser<{ kept: number }>(
      "select count(*)::int as kept from entries where company_id = $1", [company])) as [{ kept: number }]; // prettier-ignore
    assert.equal(kept, 0);
  });

  test("has hours that are none: refused in words", async () => {
    for (const week of [[null], [7], [{ weekday: {} }]]) {
      const change = ({ lines }: Parts) => (lines.find(({ table }) => table === "hours")!["week"] = week);
      assert.match((await refusal(bringBack(await forged(change)))).code, /^(export_damaged|invalid_input)$/);
    }
  });
});

test("where others may write, an export follows no link that was put in its way", async () => {
  const [victim, path] = [join(folder, "victim"), join(folder, "out.json")];
  await writeFile(victim, "untouched");
  await symlink(victim, `${path}.part`);
  await symlink(victim, path);
  const company = await freshCompany(platform);
  await inCompany(platform, company, asOperator("test"), (ctx) => exportToFile(ctx, path, { format: "json" }), "read");
  assert.equal(await readFile(victim, "utf8"), "untouched");
  assert.match(await readFile(path, "utf8"), /^\{"openbook":"export"/);
});
