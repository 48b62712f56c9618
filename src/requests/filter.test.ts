import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addSupplier } from "../companies/companies.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { listRequests as route } from "./contract.ts";
import { listRequests, openRequests } from "./requests.ts";

const platform = await testPlatform();

/** Which requests a query of the API lists, by subject. */
async function listed(company: string, query: Record<string, string>): Promise<string[]> {
  const { items } = await platform.within(company, (ctx) => listRequests(ctx, route.query.parse(query)));
  return items.map(({ subject }) => subject).toSorted();
}

describe("the list by filter", () => {
  test("a period by its name has the dates of the moment that is asked about", async () => {
    platform.clock.set("2026-11-02T09:00:00.000Z");
    const company = await freshCompany(platform);
    const log = (subject: string, reportedAt: string) =>
      platform.within(company, (ctx) => openRequests(ctx, [{ subject, reportedAt }]));
    await log("last of September", "2026-09-30T21:59:59.999Z");
    await log("first of October", "2026-09-30T22:00:00.000Z");
    await log("last of October", "2026-10-31T22:59:59.999Z");
    await log("first of November", "2026-10-31T23:00:00.000Z");
    assert.deepEqual(await listed(company, { reportedIn: "last_month" }), ["first of October", "last of October"]);
    assert.deepEqual(await listed(company, { reportedIn: "this_month" }), ["first of November"]);
    assert.deepEqual(await listed(company, { reportedIn: "last_month", reportedFrom: "2026-10-02" }), ["last of October"]); // prettier-ignore
    platform.clock.set("2026-12-01T09:00:00.000Z");
    assert.deepEqual(await listed(company, { reportedIn: "last_month" }), ["first of November"]);
    assert.equal((await listed(company, { reportedIn: "last_month", asOf: "2026-11-02T12:00:00Z" })).length, 2);
  });

  test("what was never recorded, and what is left out: none of these means none of those that are known", async () => {
    const company = await freshCompany(platform);
    const [north, south] = await platform.within(company, async (ctx) => [
      (await addSupplier(ctx, { name: "Northwind" })).id,
      (await addSupplier(ctx, { name: "Southgate" })).id,
    ]);
    await platform.within(company, (ctx) =>
      openRequests(ctx, [
        { subject: "a", supplierId: north, category: "Mail, calendar" },
        { subject: "b", supplierId: south, category: "VPN" },
        { subject: "c", supplierId: null },
      ]),
    );
    assert.deepEqual(await listed(company, { without: "supplier,category" }), ["c"]);
    assert.deepEqual(await listed(company, { without: "reporter", supplier: north! }), ["a"]);
    assert.deepEqual(await listed(company, { supplierNot: JSON.stringify([north]) }), ["b"]);
    assert.deepEqual(await listed(company, { categoryNot: JSON.stringify(["Mail, calendar"]) }), ["b"]);
  });

  test("a filter that is no list, or is too long, is refused", () => {
    const refused = (query: Record<string, string>) => assert.equal(route.query.safeParse(query).success, false);
    refused({ categoryNot: "Mail" });
    refused({ categoryNot: "[]" });
    refused({ supplierNot: '["x"]' });
    refused({ categoryNot: JSON.stringify(Array.from({ length: 101 }, (_, i) => String(i))) });
    refused({ weekday: "0" });
    refused({ without: "subject" });
    refused({ reportedIn: "last_decade" });
  });
});
