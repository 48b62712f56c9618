import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { statementsOf } from "../../test/statements.ts";
import { createCompanyWithOwner } from "../accounts/accounts.ts";
import type { Context } from "../context.ts";
import {
  addHolidays,
  addSupplier,
  checkSettings,
  getSettings,
  removeHoliday,
  setHours,
  setTargets,
  settingsOf,
} from "./companies.ts";

const platform = await testPlatform();
const newCompany = async () =>
  (
    await createCompanyWithOwner(platform, {
      name: "Hours Ltd",
      timeZone: "Europe/Berlin",
      ownerEmail: "owner@example.com",
    })
  ).companyId;

const everyDay = (from: string, to: string) => [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from, to }));
/** Berlin, winter time. */
const berlin = (local: string) => Date.parse(`${local}:00+01:00`);

test("hours hold from their date on; the same date again replaces them", async () => {
  const id = await newCompany();
  await platform.within(id, (ctx) =>
    setHours(ctx, { supplierId: null, validFrom: "2026-11-23", week: everyDay("06:00", "08:00") }),
  );
  const settings = await platform.within(id, (ctx) =>
    setHours(ctx, { supplierId: null, validFrom: "2026-11-23", week: everyDay("07:00", "08:00") }),
  );
  assert.deepEqual(
    settings.hours.map(({ validFrom, week }) => [validFrom, week.length]),
    [
      ["1970-01-01", 5],
      ["2026-11-23", 7],
    ],
  );
  const { clock } = await platform.within(id, settingsOf);
  assert.equal(clock.isOpen(berlin("2026-11-20T09:30")), true);
  assert.equal(clock.isOpen(berlin("2026-11-24T09:30")), false);
  assert.equal(clock.isOpen(berlin("2026-11-24T06:30")), false);
  assert.equal(clock.isOpen(berlin("2026-11-24T07:30")), true);
});

test("a supplier with hours of its own is measured by them from their first date on, the others by the company's", async () => {
  const id = await newCompany();
  const { own, closed, plain } = await platform.within(id, async (ctx) => {
    const [own, closed, plain] = [
      await addSupplier(ctx, { name: "Night Shift" }),
      await addSupplier(ctx, { name: "Bridge Day" }),
      await addSupplier(ctx, { name: "Plain" }),
    ];
    await setHours(ctx, { supplierId: own.id, validFrom: "2026-11-23", week: everyDay("22:00", "24:00") });
    await addHolidays(ctx, {
      holidays: [
        { supplierId: null, date: "2026-11-20", name: "Company closed, before the supplier's own hours" },
        { supplierId: null, date: "2026-11-26", name: "Company closed" },
        { supplierId: own.id, date: "2026-11-25", name: "Night Shift closed" },
        { supplierId: closed.id, date: "2026-11-27", name: "Bridge day" },
      ],
    });
    return { own, closed, plain };
  });
  const settings = await platform.within(id, settingsOf);
  const open = (supplierId: string | null, local: string) => settings.clockFor(supplierId).isOpen(berlin(local));
  assert.equal(settings.clockFor(plain.id), settings.clock);
  assert.equal(settings.clockFor(null), settings.clock);
  // Before its first own hours: the company's hours and holidays.
  assert.deepEqual([open(own.id, "2026-11-19T10:00"), open(own.id, "2026-11-20T10:00")], [true, false]);
  // From then on its own hours, and its own holidays alone.
  assert.deepEqual([open(own.id, "2026-11-24T10:00"), open(own.id, "2026-11-24T23:00")], [false, true]);
  assert.deepEqual([open(own.id, "2026-11-25T23:00"), open(own.id, "2026-11-26T23:00")], [false, true]);
  // Without hours of its own: the company's hours and holidays, and its own closed days.
  assert.deepEqual([open(closed.id, "2026-11-26T10:00"), open(closed.id, "2026-11-27T10:00")], [false, false]);
  assert.deepEqual([open(plain.id, "2026-11-26T10:00"), open(plain.id, "2026-11-27T10:00")], [false, true]);
});

test("targets are those of the latest date not after the day asked for", async () => {
  const id = await newCompany();
  await platform.within(id, (ctx) =>
    setTargets(ctx, {
      targets: [{ validFrom: "2026-12-01", priority: "high", responseMinutes: 30, resolutionMinutes: 90 }],
    }),
  );
  const { targetsOn } = await platform.within(id, settingsOf);
  const minutes = (date: string, priority: "high" | "low") => targetsOn(date, priority)?.responseMinutes;
  assert.deepEqual(
    [
      minutes("2026-11-30", "high"),
      minutes("2026-12-01", "high"),
      minutes("2027-05-01", "high"),
      minutes("2027-05-01", "low"),
    ],
    [120, 30, 30, 480],
  );
  assert.equal(targetsOn("1969-12-31", "high"), undefined);
});

test("a supplier is held to its own targets from their date on, else to the company's, and sees nobody else's", async () => {
  const id = await newCompany();
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(id, work);
  const [north, south] = await within(async (ctx) => [
    await addSupplier(ctx, { name: "Nordlicht IT" }),
    await addSupplier(ctx, { name: "Süd Systeme" }),
  ]);
  const target = { validFrom: "2026-12-01", priority: "high", responseMinutes: 15, resolutionMinutes: 90 } as const;
  const set = await within((ctx) => setTargets(ctx, { supplierId: north!.id, targets: [target] }));
  assert.deepEqual(set.supplierTargets, [{ ...target, supplierId: north!.id }]);
  const { targetsFor } = await within(settingsOf);
  const minutes = (supplierId: string | null, date: string, priority: "high" | "low") =>
    targetsFor(supplierId)(date, priority)?.responseMinutes;
  assert.equal(minutes(north!.id, "2026-12-01", "high"), 15);
  assert.equal(minutes(north!.id, "2026-11-30", "high"), 120, "before: the company's");
  assert.equal(minutes(north!.id, "2026-12-01", "low"), 480, "no word about it: the company's");
  assert.equal(minutes(south!.id, "2026-12-01", "high"), 120);
  assert.equal(minutes(null, "2026-12-01", "high"), 120);
  const seen = (supplierId: string) =>
    within((ctx) => {
      const ids = { accountId: supplierId, memberId: supplierId, personId: supplierId };
      const actor = { kind: "member", ...ids, name: "Tom", role: "technician", supplierId, scopes: null } as const;
      return getSettings({ ...ctx, actor });
    });
  assert.equal((await seen(north!.id)).supplierTargets.length, 1);
  assert.deepEqual((await seen(south!.id)).supplierTargets, []);
  await assert.rejects(
    within((ctx) => setTargets(ctx, { supplierId: id, targets: [target] })),
    { code: "invalid_input" },
  );
});

test("settings that cannot be counted with are refused, all faults named, and nothing changes", async () => {
  const id = await newCompany();
  const before = await platform.within(id, getSettings);
  const refused = (work: (ctx: Context) => Promise<unknown>, fields: string[]) =>
    assert.rejects(platform.within(id, work), (error: { code: string; fields: object }) => {
      assert.equal(error.code, "invalid_input");
      assert.deepEqual(Object.keys(error.fields).toSorted(), fields);
      return true;
    });
  await refused(
    (ctx) =>
      setHours(ctx, { supplierId: null, validFrom: "2026-02-30", week: [{ weekday: 1, from: "17:00", to: "09:00" }] }),
    ["validFrom", "week.0.to"],
  );
  await refused(
    (ctx) => addHolidays(ctx, { holidays: [{ supplierId: null, date: "2026-13-01", name: "?" }] }),
    ["holidays.0.date"],
  );
  const target = { validFrom: "2026-01-01", priority: "low", responseMinutes: 60, resolutionMinutes: 30 } as const;
  await refused(
    (ctx) => setTargets(ctx, { targets: [target, target] }),
    ["targets.0.resolutionMinutes", "targets.1.priority", "targets.1.resolutionMinutes"],
  );
  assert.throws(
    () => checkSettings({ timeZone: "Nowhere", targets: [target] }),
    ({ fields }: { fields: object }) => Object.keys(fields).join() === "timeZone,targets.0.resolutionMinutes",
  );
  assert.deepEqual(await platform.within(id, getSettings), before);
});

test("another company's supplier is as unknown as one that does not exist", async () => {
  const [mine, other] = [await newCompany(), await newCompany()];
  const foreign = await platform.within(other, (ctx) => addSupplier(ctx, { name: "Theirs" }));
  const missing = "019ab000-0000-7000-8000-000000000000";
  const answers = await Promise.all(
    [foreign.id, missing].map((supplierId) =>
      platform
        .within(mine, (ctx) => setHours(ctx, { supplierId, validFrom: "2026-01-01", week: [] }))
        .catch(({ code, message, fields }: { code: string; message: string; fields: object }) => ({
          code,
          message,
          fields,
        })),
    ),
  );
  assert.deepEqual(answers[0], answers[1]);
  assert.equal((answers[0] as { code: string }).code, "invalid_input");
});

test("a holiday closes the day until it is removed; the same day again takes the new name", async () => {
  const id = await newCompany();
  const day = { supplierId: null, date: "2026-12-25" };
  await platform.within(id, (ctx) => addHolidays(ctx, { holidays: [{ ...day, name: "Christmas" }] }));
  const { holidays } = await platform.within(id, (ctx) =>
    addHolidays(ctx, {
      holidays: [
        { ...day, name: "First" },
        { ...day, name: "Christmas Day" },
      ],
    }),
  );
  assert.deepEqual(
    holidays.map(({ date, name }) => [date, name]),
    [["2026-12-25", "Christmas Day"]],
  );
  const isOpen = () =>
    platform.within(id, async (ctx) => (await settingsOf(ctx)).clock.isOpen(berlin("2026-12-25T10:00")));
  assert.equal(await isOpen(), false);
  await platform.within(id, (ctx) => removeHoliday(ctx, { id: holidays[0]!.id }));
  assert.equal(await isOpen(), true);
  await assert.rejects(
    platform.within(id, (ctx) => removeHoliday(ctx, { id: holidays[0]!.id })),
    { code: "not_found" },
  );
});

test("settings in memory cost no statement, and are never older than the transaction's company", async () => {
  const id = await newCompany();
  const statements = () => platform.within(id, async (ctx) => (await statementsOf(ctx, () => settingsOf(ctx))).length);
  assert.deepEqual([await statements(), await statements()], [1, 0]);
  await platform.within(id, (ctx) => setHours(ctx, { supplierId: null, validFrom: "2026-01-01", week: [] }));
  const { clock } = await platform.within(id, settingsOf);
  assert.equal(clock.isOpen(berlin("2026-11-24T10:00")), false);
});

test("a change sees itself in its own transaction, and when it is undone nothing of it stays in memory", async () => {
  const id = await newCompany();
  const open = async (ctx: Context) => (await settingsOf(ctx)).clock.isOpen(berlin("2026-11-24T10:00"));
  assert.equal(await platform.within(id, open), true);
  const undone = platform.within(id, async (ctx) => {
    await setHours(ctx, { supplierId: null, validFrom: "2026-01-01", week: [] });
    assert.equal(await open(ctx), false);
    throw new Error("undone");
  });
  await assert.rejects(undone, /undone/);
  assert.equal(await platform.within(id, open), true);
  // The next change gets the number that the undone one would have had.
  await platform.within(id, (ctx) =>
    addHolidays(ctx, { holidays: [{ supplierId: null, date: "2026-11-25", name: "X" }] }),
  );
  assert.equal(await platform.within(id, open), true);
});

test("settings that changed after a transaction began are not kept under its number", async () => {
  const id = await newCompany();
  await platform.within(id, async (ctx) => {
    await platform.within(id, (other) => setHours(other, { supplierId: null, validFrom: "2026-01-01", week: [] }));
    await settingsOf(ctx);
    const older = { ...ctx, company: { ...ctx.company } };
    assert.equal((await statementsOf(ctx, () => settingsOf(older))).length, 1, "asked again, because nothing was kept");
  });
  const { clock } = await platform.within(id, settingsOf);
  assert.equal(clock.isOpen(berlin("2026-11-24T10:00")), false);
});
