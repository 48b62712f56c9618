import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import { addMember } from "../accounts/accounts.ts";
import { companyWithOwner, givePassword, tokenFor } from "../accounts/fixture.ts";
import { companyRoutes } from "./routes.ts";

const platform = await testPlatform();
const ask = await served(platform, companyRoutes);

/** A company, asked as its owner and as its auditor, who reads and changes nothing. */
async function company() {
  const { companyId, token } = await companyWithOwner(platform);
  const email = `auditor-${companyId}@example.com`;
  await platform.within(companyId, (ctx) => addMember(ctx, { name: "Aud Itor", email, role: "auditor" }));
  await givePassword(platform, email);
  const auditor = await tokenFor(platform, email);
  const at = (path: string) => `/companies/${companyId}${path}`;
  return {
    owner: (method: string, path: string, body?: unknown) => ask(token, method, at(path), body),
    auditor: (method: string, path: string, body?: unknown) => ask(auditor, method, at(path), body),
  };
}

test("the company is read by all its members and changed by those who manage it", async () => {
  const { owner, auditor } = await company();
  assert.equal((await auditor("GET", "")).body["timeZone"], "Europe/Berlin");
  const changed = await owner("PATCH", "", { name: "Renamed Ltd", timeZone: "America/New_York" });
  assert.deepEqual(
    [changed.status, changed.body["name"], changed.body["timeZone"]],
    [200, "Renamed Ltd", "America/New_York"],
  );
  const refused = await owner("PATCH", "", { timeZone: "Nowhere" });
  assert.deepEqual([refused.status, Object.keys(refused.body["fields"] as object)], [422, ["timeZone"]]);
  assert.equal((await auditor("PATCH", "", { name: "Mine" })).status, 403);
});

test("hours, holidays and targets", async () => {
  const { owner, auditor } = await company();
  const week = [{ weekday: 1, from: "08:00", to: "24:00" }];
  const hours = await owner("PUT", "/business-hours", { validFrom: "2026-12-01", week });
  assert.deepEqual([hours.status, (hours.body["hours"] as unknown[]).length], [200, 2]);
  const wrong = await owner("PUT", "/business-hours", {
    validFrom: "2026-12-01",
    week: [{ weekday: 1, from: "9", to: "17:00" }],
  });
  assert.deepEqual([wrong.status, Object.keys(wrong.body["fields"] as object)], [422, ["week.0.from"]]);
  const day = { date: "2026-12-25", name: "Christmas Day" };
  const added = await owner("POST", "/holidays", { holidays: [day] });
  assert.equal(added.status, 201);
  const [holiday] = added.body["holidays"] as { id: string }[];
  const targets = [{ validFrom: "2026-12-01", priority: "low", responseMinutes: 100, resolutionMinutes: 200 }];
  const set = await owner("PUT", "/targets", { targets });
  assert.deepEqual([set.status, (set.body["targets"] as unknown[]).length], [200, 5]);
  for (const [method, path, body] of [
    ["PUT", "/business-hours", { validFrom: "2026-12-01", week }],
    ["POST", "/holidays", { holidays: [day] }],
    ["DELETE", `/holidays/${holiday!.id}`, undefined],
    ["PUT", "/targets", { targets }],
  ] as const) {
    assert.equal((await auditor(method, path, body)).status, 403, path);
  }
  assert.deepEqual((await auditor("GET", "/settings")).body, set.body);
  assert.equal((await owner("DELETE", `/holidays/${holiday!.id}`)).status, 204);
  assert.equal((await owner("DELETE", `/holidays/${holiday!.id}`)).status, 404);
});

test("suppliers and people", async () => {
  const { owner, auditor } = await company();
  const supplier = await owner("POST", "/suppliers", { name: "Bit & Wire", email: "help@example.net" });
  assert.equal(supplier.status, 201);
  const id = supplier.body["id"] as string;
  assert.equal((await owner("POST", "/suppliers", { name: "bit & WIRE" })).body["code"], "supplier_exists");
  assert.equal((await owner("PATCH", `/suppliers/${id}`, { phone: "+49 30 1" })).body["phone"], "+49 30 1");
  assert.equal((await auditor("PATCH", `/suppliers/${id}`, { phone: "1" })).status, 403);
  assert.equal((await auditor("POST", "/suppliers", { name: "Other" })).status, 403);
  assert.equal(((await auditor("GET", "/suppliers")).body["items"] as unknown[]).length, 1);

  const person = await owner("POST", "/people", { name: "Tess Technician", supplierId: id });
  assert.equal(person.status, 201);
  const at = `/people/${person.body["id"]}`;
  assert.equal((await owner("PATCH", at, { department: "Second level" })).body["department"], "Second level");
  assert.equal((await owner("PATCH", at, { email: "no address" })).status, 422);
  assert.equal((await auditor("PATCH", at, { name: "X" })).status, 403);
  assert.equal((await auditor("POST", "/people", { name: "X" })).status, 403);
  const list = await auditor("GET", "/people?q=TESS&side=supplier");
  assert.deepEqual(
    (list.body["items"] as { name: string }[]).map(({ name }) => name),
    ["Tess Technician"],
  );
  const first = await auditor("GET", "/people?limit=2");
  const next = await auditor("GET", `/people?limit=2&cursor=${first.body["next"]}`);
  assert.deepEqual([(first.body["items"] as unknown[]).length, (next.body["items"] as unknown[]).length], [2, 1]);
  assert.equal((await auditor("GET", "/people?cursor=nonsense")).status, 422);
  assert.equal((await owner("PATCH", `/people/${id}`, { name: "X" })).status, 404, "a supplier is no person");
});
