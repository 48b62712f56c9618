import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { createCompanyWithOwner } from "../accounts/accounts.ts";
import { changeCompany, getCompany, getSettings, settingsOf } from "./companies.ts";

const platform = await testPlatform();
const newCompany = (more: { timeZone?: string; currency?: string; locale?: string; name?: string } = {}) =>
  createCompanyWithOwner(platform, {
    name: "Kestrel & Co",
    timeZone: "Europe/Berlin",
    ownerEmail: "o@example.com",
    ...more,
  });

test("a company begins with hours, targets and its owner", async () => {
  const { companyId, personId } = await newCompany({ timeZone: "europe/berlin", locale: "de-de" });
  const company = await platform.within(companyId, getCompany);
  assert.deepEqual(
    { ...company, createdAt: "" },
    { id: companyId, name: "Kestrel & Co", timeZone: "Europe/Berlin", currency: "EUR", locale: "de-DE", createdAt: "" },
  );
  const { hours, holidays, targets } = await platform.within(companyId, getSettings);
  assert.deepEqual(
    hours.map(({ supplierId, validFrom, week }) => ({ supplierId, validFrom, days: week.map((day) => day.weekday) })),
    [{ supplierId: null, validFrom: "1970-01-01", days: [1, 2, 3, 4, 5] }],
  );
  assert.deepEqual(holidays, []);
  assert.deepEqual(
    targets.map((t) => [t.priority, t.responseMinutes, t.resolutionMinutes]),
    [
      ["critical", 60, 240],
      ["high", 120, 480],
      ["normal", 240, 1440],
      ["low", 480, 2400],
    ],
  );
  const [row] = await platform.asSuperuser(
    `select (select name from people where company_id = $1 and id = $2) as owner,
       (select role from members where company_id = $1 and person_id = $2) as role,
       (select array_agg(type order by id) from events where company_id = $1) as events`,
    [companyId, personId],
  );
  assert.deepEqual(row, {
    owner: "o",
    role: "owner",
    events: ["company.created", "person.added", "member.added"],
  });
});

test("a company that cannot be kept is refused with every field named, and leaves nothing", async () => {
  const count = async () => (await platform.asSuperuser<{ n: number }>("select count(*)::int n from companies"))[0]!.n;
  const before = await count();
  const fieldsOf = (promise: Promise<unknown>) =>
    promise.then(
      () => assert.fail("was made"),
      (error: { code: string; fields: object }) => [error.code, Object.keys(error.fields)],
    );
  assert.deepEqual(await fieldsOf(newCompany({ timeZone: "Mars/Olympus" })), ["invalid_input", ["timeZone"]]);
  assert.deepEqual(await fieldsOf(newCompany({ timeZone: "+02:00" })), ["invalid_input", ["timeZone"]]);
  assert.deepEqual(await fieldsOf(newCompany({ currency: "XQQ", locale: "no language" })), [
    "invalid_input",
    ["currency", "locale"],
  ]);
  assert.deepEqual(await fieldsOf(newCompany({ name: " \u3000 " })), ["invalid_input", ["name"]]);
  assert.equal(await count(), before);
});

test("a change keeps what it does not name", async () => {
  const { companyId } = await newCompany();
  await platform.within(companyId, (ctx) => changeCompany(ctx, { name: "Kestrel", currency: "CHF" }));
  const company = await platform.within(companyId, (ctx) => changeCompany(ctx, {}));
  assert.deepEqual([company.name, company.currency, company.timeZone], ["Kestrel", "CHF", "Europe/Berlin"]);
  await assert.rejects(
    platform.within(companyId, (ctx) => changeCompany(ctx, { timeZone: "Nowhere" })),
    { code: "invalid_input" },
  );
});

test("a new time zone moves the hours and is an event; the same zone again is none", async () => {
  const { companyId } = await newCompany();
  const at = Date.parse("2026-11-24T15:30:00Z"); // 16:30 in Berlin, 10:30 in New York
  const isOpen = () => platform.within(companyId, async (ctx) => (await settingsOf(ctx)).clock.isOpen(at + 3_600_000));
  const changes = async () =>
    (
      await platform.asSuperuser<{ n: number }>(
        "select count(*)::int n from events where company_id = $1 and type = 'hours.changed'",
        [companyId],
      )
    )[0]!.n;
  assert.equal(await isOpen(), false);
  await platform.within(companyId, (ctx) => changeCompany(ctx, { timeZone: "America/New_York" }));
  assert.equal(await isOpen(), true);
  assert.equal(await changes(), 1);
  await platform.within(companyId, (ctx) => changeCompany(ctx, { timeZone: "America/New_York" }));
  assert.equal(await changes(), 1);
});
