import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accountRoutes } from "../accounts/routes.ts";
import { addMember, createKey } from "../accounts/accounts.ts";
import { companyWithOwner, givePassword, tokenFor } from "../accounts/fixture.ts";
import { companyRoutes } from "../companies/routes.ts";
import { addPeople } from "../companies/change-people.ts";
import { subscribe } from "../platform/events.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import { auditedTypes, writeDown } from "./audit.ts";
import { auditAreas } from "./contract.ts";
import { auditRoutes } from "./routes.ts";
import { en } from "../web/text/en.ts";

const platform = await testPlatform();
const ask = await served(platform, auditRoutes, (mount) => accountRoutes(mount), companyRoutes);
type Entry = Record<string, unknown> & { changed: Record<string, unknown> };

async function company() {
  const made = await companyWithOwner(platform);
  const path = (rest: string) => `/companies/${made.companyId}${rest}`;
  const entries = async (query = "", as = made.token) => {
    const { body } = await ask(as, "GET", path(`/audit-entries${query}`));
    return body["items"] as Entry[];
  };
  return { ...made, path, entries };
}
const said = ({ type, actor, actorName, subjectName, subjects, changed }: Entry) =>
  JSON.stringify([type, actor, actorName, subjectName, subjects, changed]);

describe("what was changed", () => {
  // As main.ts does; the other files of the same process do not want it.
  let end = () => {};
  before(() => void (end = subscribe(auditedTypes, writeDown)));
  after(() => end());

  test("is written down with who did it and what it was before; by session, by key, by command", async () => {
    const { companyId, token, email, path, entries } = await company();
    await ask(token, "PATCH", path(""), { timeZone: "Europe/Lisbon", currency: "EUR" });
    const { body: supplier } = await ask(token, "POST", path("/suppliers"), { name: "Northwind", phone: "1" });
    const { key } = await platform.within(companyId, (ctx) =>
      createKey(ctx, { name: "Script", memberEmail: email, scopes: ["read", "write"] }),
    );
    await ask(key, "PATCH", path(`/suppliers/${String(supplier["id"])}`), {
      phone: "2",
      email: "it@northwind.example",
    });
    const [byKey, made, added, zone, renamed] = await entries();
    assert.deepEqual(
      [byKey!["type"], byKey!["actor"], byKey!["subjectName"], byKey!.changed],
      ["supplier.changed", "key", "Northwind", { phone: { from: "1", to: "2" }, email: { from: null, to: "it@northwind.example" } }], // prettier-ignore
    );
    assert.deepEqual([made!["type"], made!["actor"], made!["subjectName"]], ["key.created", "operator", "Script"]);
    assert.ok(!JSON.stringify(await entries()).includes(key.slice(-43)), "never the secret");
    assert.deepEqual([added!["type"], added!["subjectName"]], ["supplier.added", "Northwind"]);
    assert.equal(zone!["type"], "hours.changed");
    assert.deepEqual(renamed!.changed, { timeZone: { from: "Europe/Berlin", to: "Europe/Lisbon" } });
    assert.deepEqual((await entries("?area=key")).map(said), [said(made!)]);
    assert.equal((await entries(`?member=${String(byKey!["memberId"])}`)).length, 4);
  });

  test("a change that fails leaves no line, an import's many are one line, pages follow each other", async () => {
    const { companyId, token, path, entries } = await company();
    const before = (await entries()).length;
    await ask(token, "POST", path("/suppliers"), { name: "Twice" });
    assert.equal((await ask(token, "POST", path("/suppliers"), { name: "twice" })).status, 422);
    await platform.within(companyId, (ctx) =>
      addPeople(
        ctx,
        Array.from({ length: 300 }, (_, i) => ({ name: `Person ${i}` })),
      ),
    );
    const all = await entries();
    assert.equal(all.length, before + 2);
    assert.deepEqual([all[0]!["type"], all[0]!["subjects"], all[0]!["subjectName"]], ["person.added", 300, null]);
    const first = (await ask(token, "GET", path("/audit-entries?limit=1"))).body;
    const second = await entries(`?limit=1&cursor=${String(first["next"])}`);
    assert.equal(second[0]!["id"], all[1]!["id"]);
    for (const bad of ["cursor=x", "area=events", "member=1", "area=key&area=view"]) {
      assert.equal((await ask(token, "GET", path(`/audit-entries?${bad}`))).status, 422, bad);
    }
  });

  test("a coordinator and an auditor read it; another company's is not there; nobody changes it", async () => {
    const { companyId, path, entries } = await company();
    for (const [role, status] of [
      ["coordinator", 200],
      ["auditor", 200],
    ] as const) {
      const email = `${role}-${companyId}@example.com`;
      await platform.within(companyId, (ctx) => addMember(ctx, { name: role, email, role }));
      await givePassword(platform, email);
      assert.equal((await ask(await tokenFor(platform, email), "GET", path("/audit-entries"))).status, status, role);
    }
    assert.ok((await entries("?area=member")).some((one) => one["subjectName"] === "auditor"));
    const other = await freshCompany(platform);
    assert.equal((await ask((await company()).token, "GET", `/companies/${other}/audit-entries`)).status, 404);
    for (const statement of ["update audit_entries set actor_name = 'x'", "delete from audit_entries"]) {
      await assert.rejects(
        platform.within(companyId, ({ db }) => db.executeQuery({ sql: statement, parameters: [] } as never)),
        { code: "42501" },
      );
    }
  });

  test("every kind has its words", () => {
    for (const type of auditedTypes) assert.ok(`audit.type.${type}` in en, type);
    for (const area of auditAreas)
      assert.ok(
        auditedTypes.some((type) => type.startsWith(`${area}.`)),
        area,
      );
  });
});
