import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { allAssets, changeAssets, endAssets } from "../assets/assets.ts";
import {
  addHolidays,
  addPeople,
  addSupplier,
  allPeople,
  changePeople,
  getSettings,
  listSuppliers,
  removeHoliday,
  setHours,
} from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { actOnRequests, openRequests } from "../requests/requests.ts";
import type { ListName } from "./contract.ts";
import { importFile, undoNow } from "./imports.ts";

/** A whole list taken back: what goes, what says again what it said, and when it is refused. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-undo-lists-"));
after(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function bring(company: string, subject: ListName, text: string) {
  const path = join(folder, `list-${++files}.csv`);
  await writeFile(path, text);
  const { importId, counts } = await importFile(platform, company, path, { subject });
  return { id: importId!, counts: [counts.created, counts.updated, counts.unchanged, counts.refused] };
}
const undo = (company: string, id: string) => undoNow(platform, company, id);
async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "nothing was refused",
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      assert.equal(error.code, "import_built_on");
      return error.message;
    },
  );
}
async function fresh() {
  const company = await freshCompany(platform);
  const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(company, work);
  return { company, within };
}
type Within = Awaited<ReturnType<typeof fresh>>["within"];

/** All that an import of a list can touch. */
const recordOf = async (within: Within) => ({
  people: await within(allPeople),
  suppliers: await within(listSuppliers),
  assets: (await within(allAssets)).map((asset) => ({ ...asset, version: 0 })),
  holidays: (await within(getSettings)).holidays,
});
const personNamed = async (within: Within, name: string) => (await within(allPeople)).find((p) => p.name === name)!;

const people = `Name,E-Mail,Telefon,Firma
Ana Lopes,ana@example.org,211,
Ben Ode,,212,
Tess Technik,tess@northwind.example,,Northwind IT
`;
const assets = `Name,Art,Seriennummer,Standort,Benutzer,Lieferant
PC-01,Notebook,SN1,Berlin,Ana Lopes,Northwind IT
PC-02,Notebook,SN2,Berlin,Zoe New,Northwind IT
`;

describe("an import of people that is undone", { timeout: 180_000 }, () => {
  test("takes those it added away, the supplier they named as well, and gives the others back what they said", async () => {
    const { company, within } = await fresh();
    await within((ctx) => addPeople(ctx, [{ name: "Ben Ode", department: "Verkauf", phone: "99" }, { name: "Cy" }]));
    const before = await recordOf(within);
    const { id, counts } = await bring(company, "people", people);
    assert.deepEqual(counts, [2, 1, 0, 0]);
    assert.deepEqual(await undo(company, id), { withdrawn: 0, removed: 2, alsoRemoved: 1, restored: 1 });
    assert.deepEqual(await recordOf(within), before);
    const events = await platform.asSuperuser<{ type: string }>(
      "select type from events where company_id = $1 and type ^@ any(array['person.', 'supplier.', 'import.']) order by id",
      [company],
    );
    assert.deepEqual(
      events.slice(-5).map(({ type }) => type),
      ["person.removed", "person.removed", "person.changed", "supplier.removed", "import.undone"],
    );
    const left = await platform.asSuperuser("select from import_changes where company_id = $1", [company]);
    assert.equal(left.length, 0, "names and addresses are not kept for nothing");
  });

  test("may be brought in again, as if it had never been there", async () => {
    const { company, within } = await fresh();
    const first = await bring(company, "people", people);
    const once = await recordOf(within);
    await undo(company, first.id);
    const again = await bring(company, "people", people);
    assert.deepEqual(again.counts, [3, 0, 0, 0]);
    const twice = await recordOf(within);
    const names = ({ people }: typeof once) => people.map(({ name, email, phone }) => [name, email, phone]);
    assert.deepEqual(names(twice), names(once));
    await undo(company, again.id);
    assert.deepEqual((await recordOf(within)).people, []);
  });

  test("is refused when one of them says something else since; changed back, it may go", async () => {
    const { company, within } = await fresh();
    const { id } = await bring(company, "people", people);
    const ana = await personNamed(within, "Ana Lopes");
    await within((ctx) => changePeople(ctx, [{ id: ana.id, to: { phone: "999" } }]));
    const before = await recordOf(within);
    assert.match(
      await refusal(undo(company, id)),
      /^Of the 4 that this import added or changed, 1 changed since: “Ana Lopes”\. Nothing was undone/,
    );
    assert.deepEqual(await recordOf(within), before);
    await within((ctx) => changePeople(ctx, [{ id: ana.id, to: { phone: "211" } }]));
    assert.equal((await undo(company, id)).removed, 3);
  });

  test("waits for a later import of the same people to be undone first", async () => {
    const { company, within } = await fresh();
    const first = await bring(company, "people", people);
    const between = await recordOf(within);
    const second = await bring(company, "people", "Name,E-Mail,Telefon\nAna Lopes,ana@example.org,777\nDee,,123\n");
    assert.deepEqual(second.counts, [1, 1, 0, 0]);
    assert.match(await refusal(undo(company, first.id)), /1 changed since: “Ana Lopes”/);
    assert.deepEqual(await undo(company, second.id), { withdrawn: 0, removed: 1, alsoRemoved: 0, restored: 1 });
    assert.deepEqual(await recordOf(within), between);
    assert.equal((await undo(company, first.id)).removed, 3);
  });

  test("does not take a supplier away whose people the record has, or whom another undoing would put back", async () => {
    const { company, within } = await fresh();
    const first = await bring(company, "suppliers", "Lieferant,Telefon\nNorthwind IT,123\nBit & Wire,456\n");
    await bring(company, "people", people);
    assert.match(await refusal(undo(company, first.id)), /1 is named by what came later: “Northwind IT”/);
    const moved = await bring(company, "people", people.replace("Northwind IT", "Bit & Wire"));
    assert.deepEqual(moved.counts, [0, 1, 2, 0]);
    assert.match(
      await refusal(undo(company, first.id)),
      /2 are named by what came later: “Northwind IT”, “Bit & Wire”/,
    );
    await undo(company, moved.id);
    const tess = await personNamed(within, "Tess Technik");
    assert.equal(tess.supplierId, (await within(listSuppliers)).find(({ name }) => name === "Northwind IT")!.id);
  });

  test("is refused while a request names one of them, as it stands or in what it said before, or an entry does", async () => {
    const named = ["reporter", "technician", "by"] as const;
    for (const how of named) {
      const { company, within } = await fresh();
      const { id } = await bring(company, "people", people);
      const tess = await personNamed(within, "Tess Technik");
      const who = how === "technician" ? tess : await personNamed(within, "Ben Ode");
      const [request] = await within((ctx) =>
        openRequests(ctx, [
          {
            subject: "Printer broken",
            kind: "incident",
            priority: "normal",
            channel: "phone",
            ...(how === "reporter" && { reporter: { id: who.id } }),
            ...(how === "technician" && { technician: { id: who.id } }),
            supplierId: how === "technician" ? who.supplierId : null,
          },
        ]),
      );
      const act = (entry: object) =>
        within((ctx) => actOnRequests(ctx, [{ requestId: request!, entry: entry as never }]));
      if (how === "by") await act({ kind: "message", text: "on it", by: { party: "company", personId: who.id } });
      // Nobody names the supplier any more; who was the technician once stays so in what the request said then.
      if (how === "technician") await act({ kind: "changed", to: { technician: null, supplierId: null } });
      assert.match(await refusal(undo(company, id)), new RegExp(`named by what came later: .*“${who.name}”`), how);
      assert.equal((await within(allPeople)).length, 3);
    }
  });

  test("is refused in words when somebody else has the address by now", async () => {
    const { company, within } = await fresh();
    await within((ctx) => addPeople(ctx, [{ name: "Ana", email: "old@example.org" }]));
    const ana = await personNamed(within, "Ana");
    await within((ctx) => changePeople(ctx, [{ id: ana.id, to: { email: null } }]));
    const { id } = await bring(company, "people", "Name,E-Mail\nAna,ana@example.org\n");
    // As if the file had changed an address: by itself it never does.
    await platform.asSuperuser(
      `update import_changes set before = '{"email": "old@example.org"}' where company_id = $1`,
      [company],
    );
    await within((ctx) => addPeople(ctx, [{ name: "Other", email: "old@example.org" }]));
    assert.match(
      await refusal(undo(company, id)),
      /Nothing was undone\. Somebody in this company's record has this e-mail/,
    );
  });

  test("of another company is not found, and leaves that company as it is", async () => {
    const { company, within } = await fresh();
    const { id } = await bring(company, "people", people);
    const before = await recordOf(within);
    const stranger = await freshCompany(platform);
    await assert.rejects(undo(stranger, id), { code: "not_found" });
    assert.deepEqual(await recordOf(within), before);
  });
});

test("suppliers go and get back what they said; one whose hours somebody set since stays", async () => {
  const { company, within } = await fresh();
  await within((ctx) => addSupplier(ctx, { name: "northwind it", phone: "1" }));
  const before = await recordOf(within);
  const text = "Lieferant,E-Mail,Telefon\nNorthwind IT,help@northwind.example,2\nBit & Wire,,3\n";
  const first = await bring(company, "suppliers", text);
  assert.deepEqual(await undo(company, first.id), { withdrawn: 0, removed: 1, alsoRemoved: 0, restored: 1 });
  assert.deepEqual(await recordOf(within), before);
  const again = await bring(company, "suppliers", text);
  const supplierId = (await within(listSuppliers)).find(({ name }) => name === "Bit & Wire")!.id;
  const week = [{ weekday: 1, from: "09:00", to: "12:00" }];
  await within((ctx) => setHours(ctx, { supplierId, validFrom: "2026-01-01", week }));
  assert.match(await refusal(undo(company, again.id)), /1 is named by what came later: “Bit & Wire”/);
});

describe("an import of assets that is undone", { timeout: 180_000 }, () => {
  test("takes its assets away, and the users and suppliers whom they alone named; others are as before", async () => {
    const { company, within } = await fresh();
    await bring(company, "people", people);
    await bring(company, "assets", "Name,Seriennummer,Benutzer\nOld PC,SN2,Ben Ode\n");
    const before = await recordOf(within);
    const { id, counts } = await bring(company, "assets", assets);
    assert.deepEqual(counts, [1, 1, 0, 0]);
    assert.deepEqual(await undo(company, id), { withdrawn: 0, removed: 1, alsoRemoved: 1, restored: 1 });
    assert.deepEqual(await recordOf(within), before);
    assert.deepEqual((await bring(company, "assets", assets)).counts, [1, 1, 0, 0]);
  });

  test("is refused when one ended since, or somebody it brought uses something else by now", async () => {
    const { company, within } = await fresh();
    const { id } = await bring(company, "assets", assets);
    const [first, second] = await within(allAssets);
    await within((ctx) => endAssets(ctx, [{ id: first!.id }]));
    assert.match(await refusal(undo(company, id)), /1 changed since: “PC-01”/);
    const other = await fresh();
    const again = await bring(other.company, "assets", assets);
    const zoe = await personNamed(other.within, "Zoe New");
    await bring(other.company, "assets", "Name,Seriennummer\nPC-99,SN99\n");
    const late = (await other.within(allAssets)).find(({ name }) => name === "PC-99")!;
    await other.within((ctx) => changeAssets(ctx, [{ id: late.id, to: { owner: { id: zoe.id } } }]));
    assert.match(await refusal(undo(other.company, again.id)), /1 is named by what came later: “Zoe New”/);
    assert.notEqual(second, undefined);
  });
});

test("holidays are as before, at one stroke; a day that somebody took out since stays out", async () => {
  const { company, within } = await fresh();
  const day = (date: string, name: string) => ({ date, name, supplierId: null });
  await within((ctx) => addHolidays(ctx, { holidays: [day("2026-12-25", "Xmas"), day("2026-12-31", "Eve")] }));
  const before = await recordOf(within);
  const text = "Datum,Feiertag\n2026-12-25,Christmas Day\n2026-12-26,Boxing Day\n2027-01-01,New Year\n";
  const { id, counts } = await bring(company, "holidays", text);
  assert.deepEqual(counts, [2, 1, 0, 0]);
  const added = (await within(getSettings)).holidays.find(({ name }) => name === "New Year")!;
  await within((ctx) => removeHoliday(ctx, { id: added.id }));
  const changes = async () =>
    (
      await platform.asSuperuser<{ n: number }>(
        "select count(*)::int as n from events where company_id = $1 and type = 'hours.changed'",
        [company],
      )
    )[0]!.n;
  const counted = await changes();
  assert.deepEqual(await undo(company, id), { withdrawn: 0, removed: 1, alsoRemoved: 0, restored: 1 });
  assert.deepEqual(await recordOf(within), before);
  assert.equal((await changes()) - counted, 1, "requests are measured anew once");
  const again = await bring(company, "holidays", text);
  await within((ctx) => addHolidays(ctx, { holidays: [day("2026-12-26", "St Stephen")] }));
  assert.match(await refusal(undo(company, again.id)), /1 changed since: “2026-12-26 St Stephen”/);
});

test("an import that found all of it in the record takes nothing away", async () => {
  const { company, within } = await fresh();
  await bring(company, "people", people);
  const before = await recordOf(within);
  const same = await bring(company, "people", people);
  assert.deepEqual(await undo(company, same.id), { withdrawn: 0, removed: 0, alsoRemoved: 0, restored: 0 });
  assert.deepEqual(await recordOf(within), before);
});
