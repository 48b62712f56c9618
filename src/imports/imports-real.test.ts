import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import writeExcelFile from "write-excel-file/node";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import type { ImportField, Mapping } from "./contract.ts";
import { brokenChains } from "./imports-fixtures.ts";
import { importFile } from "./imports.ts";

const realData = process.env.OPENBOOK_REAL_DATA;
const skip = realData ? false : "OPENBOOK_REAL_DATA names no folder";

/** What the columns of the log mean, by their own names. */
const meaning: Partial<Record<ImportField, string>> = {
  number: "number",
  subject: "u_symptom",
  state: "incident_state",
  category: "category",
  channel: "contact_type",
  priority: "priority",
  asset: "cmdb_ci",
  reporter: "caller_id",
  technician: "assigned_to",
  reportedAt: "opened_at",
  resolvedAt: "resolved_at",
  closedAt: "closed_at",
  eventAt: "sys_updated_at",
  eventBy: "sys_updated_by",
  sequence: "sys_mod_count",
};
const german: Record<string, string> = {
  number: "Nummer",
  u_symptom: "Symptom",
  incident_state: "Status",
  category: "Kategorie",
  contact_type: "Kontaktart",
  priority: "Priorität",
  cmdb_ci: "Gerät",
  caller_id: "Melder",
  assigned_to: "Bearbeiter",
  opened_at: "Eröffnet am",
  resolved_at: "Gelöst am",
  closed_at: "Geschlossen am",
  sys_updated_at: "Geändert am",
  sys_updated_by: "Geändert von",
  sys_mod_count: "Änderungszähler",
};
const spanish: Record<string, string> = {
  number: "Número",
  u_symptom: "Síntoma",
  incident_state: "Estado",
  category: "Categoría",
  contact_type: "Canal",
  priority: "Prioridad",
  cmdb_ci: "Equipo",
  caller_id: "Solicitante",
  assigned_to: "Técnico",
  opened_at: "Abierto el",
  resolved_at: "Resuelto el",
  closed_at: "Cerrado el",
  sys_updated_at: "Actualizado el",
  sys_updated_by: "Actualizado por",
  sys_mod_count: "Versión",
};

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-real-"));
after(() => rm(folder, { recursive: true, force: true }));
const source = join(realData ?? "", "incident_event_log.csv");
const [header, ...rows] = realData ? (parse(await readFile(source, "utf8")) as string[][]) : [[]];
const company = await freshCompany(platform);

describe("a real service desk's event log", { skip, timeout: 300_000 }, () => {
  test("5,998 rows become 890 requests with their histories", async () => {
    const { counts, refused } = await importFile(platform, company, source);
    const none = { updated: 0, unchanged: 0, refused: 0 };
    assert.deepEqual(counts, { rows: 5998, requests: 890, entries: 5998 + 890, created: 890, ...none });
    assert.deepEqual(refused, []);
    const [facts] = await platform.asSuperuser(
      `select count(*)::int as requests, count(*) filter (where state = 'closed' and outcome = 'unknown')::int as closed,
         count(resolved_at)::int as resolved, count(*) filter (where reopen_count > 0)::int as reopened,
         count(first_response_at)::int as responded
       from requests where company_id = $1`,
      [company],
    );
    assert.deepEqual(facts, { requests: 890, closed: 890, resolved: 861, reopened: 11, responded: 0 });
    const ordered = await platform.asSuperuser<{ number: number }>(
      "select number from requests where company_id = $1 order by reported_at, number",
      [company],
    );
    assert.deepEqual(
      ordered.map(({ number }) => number),
      Array.from({ length: 890 }, (_, i) => i + 1),
    );
    assert.deepEqual(await brokenChains(platform, company), []);
  });

  test("nothing is dropped: each row's state, time and author stand in an entry of its request", async () => {
    const [number, state, at, by] = ["number", "incident_state", "sys_updated_at", "sys_updated_by"].map((name) =>
      header!.indexOf(name),
    );
    const said = rows.map((row) => [row[number!], row[state!], row[at!], row[by!]].join("|"));
    const stored = await platform.asSuperuser<{ said: string }>(
      `select concat_ws('|', r.reference, c.content ->> 'state',
         to_char(e.happened_at at time zone 'Europe/Berlin', 'DD-MM-YYYY HH24:MI'), c.content -> 'by' ->> 'name') as said
       from entries e join entry_contents c using (company_id, request_id, seq)
       join requests r on r.company_id = e.company_id and r.id = e.request_id
       where e.company_id = $1 and e.seq > 1`,
      [company],
    );
    assert.deepEqual(stored.map((row) => row.said).toSorted(), said.toSorted());
  });

  const again = async (path: string, mapping?: Mapping) => {
    const { counts } = await importFile(platform, company, path, { mapping });
    const { created, updated, unchanged, refused, entries } = counts;
    return { created, updated, unchanged, refused, entries };
  };
  const unchanged = (requests: number) => ({ created: 0, updated: 0, unchanged: requests, refused: 0, entries: 0 });
  const csv = async (name: string, table: string[][]) => {
    const path = join(folder, name);
    await writeFile(path, table.map((row) => row.map((cell) => `"${cell}"`).join(";")).join("\r\n"));
    return path;
  };
  const xlsx = async (name: string, table: unknown[][]) => {
    const path = join(folder, name);
    await writeExcelFile(table as never).toFile(path);
    return path;
  };

  test("sorted backwards, nothing changes", async () => {
    assert.deepEqual(await again(await csv("backwards.csv", [header!, ...rows.toReversed()])), unchanged(890));
  });

  // A part of the file is as good for the rest, and takes a tenth of the time.
  const some = new Set(rows.slice(0, 900).map(([number]) => number));
  const part = rows.filter(([number]) => some.has(number));

  for (const [language, names] of [
    ["German", german],
    ["Spanish", spanish],
  ] as const)
    test(`with columns shuffled and renamed into ${language}, nothing changes`, async () => {
      // A fixed shuffle: every seventh column, round and round; 36 and 7 share no factor.
      const order = header!.map((_, index) => (index * 7 + 3) % header!.length);
      const table = [header!.map((name) => names[name] ?? name), ...part.toReversed()];
      const path = await csv(
        `${language}.csv`,
        table.map((row) => order.map((index) => row[index]!)),
      );
      const columns = Object.fromEntries(Object.entries(meaning).map(([field, name]) => [field, names[name]!]));
      assert.deepEqual(await again(path, { layout: "events", columns }), unchanged(some.size));
      assert.deepEqual(await again(path), unchanged(some.size), "what is guessed says the same");
    });

  test("as a workbook, with times as text and as real times, nothing changes", async () => {
    assert.deepEqual(await again(await xlsx("text.xlsx", [header!, ...part])), unchanged(some.size));
    const cells = part.map((row) =>
      row.map((cell) => {
        const time = /^(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d)$/.exec(cell);
        if (!time) return cell;
        const [, day, month, year, hour, minute] = time.map(Number);
        const value = new Date(Date.UTC(year!, month! - 1, day, hour, minute));
        return { value, type: Date, format: "dd/mm/yyyy hh:mm" };
      }),
    );
    assert.deepEqual(await again(await xlsx("times.xlsx", [header!, ...cells])), unchanged(some.size));
  });
});
