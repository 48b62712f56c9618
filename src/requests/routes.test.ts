import assert from "node:assert/strict";
import { describe, test } from "node:test";
import pg from "pg";
import { companyWithOwner } from "../accounts/fixture.ts";
import { addPerson, addSupplier } from "../companies/companies.ts";
import { testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import type { RequestDetail } from "./contract.ts";
import { requestRoutes } from "./routes.ts";

const platform = await testPlatform({ poolSize: 5 });
const ask = await served(platform, requestRoutes);

async function newCompany() {
  const { companyId, token } = await companyWithOwner(platform);
  const supplier = await platform.within(companyId, (ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const to = async (method: string, path = "", body?: unknown, as: string | undefined = token) => {
    const reply = await ask(as, method, `/companies/${companyId}/requests${path}`, body);
    return { ...reply, body: reply.body as unknown as RequestDetail };
  };
  return { companyId, token, supplier, to };
}

test("a call from its report to its confirmation, each step answered with the request as it stands", async () => {
  const { to } = await newCompany();
  const made = await to("POST", "", { subject: "Printer does not print", reporter: { name: "Ana" } });
  assert.equal(made.status, 201);
  const path = `/${made.body.id}`;
  const steps: [string, string, unknown, Partial<RequestDetail>][] = [
    ["PATCH", path, { priority: "high" }, { priority: "high", version: 2 }],
    ["POST", `${path}/entries`, { kind: "message", text: "On it", by: { party: "supplier" } }, { version: 3 }],
    ["POST", `${path}/resolution`, {}, { state: "resolved" }],
    ["POST", `${path}/reopening`, { text: "Still dark" }, { state: "open", reopenCount: 1 }],
    ["POST", `${path}/confirmation`, {}, { state: "closed", outcome: "confirmed" }],
  ];
  for (const [method, at, body, expected] of steps) {
    const reply = await to(method, at, body);
    for (const [name, value] of Object.entries(expected))
      assert.equal(reply.body[name as "id"], value, `${at} ${name}`);
    assert.equal(reply.headers.get("etag"), `"${reply.body.version}"`);
  }
  assert.equal((await to("POST", `${path}/cancellation`, {})).status, 409);
  assert.equal((await to("GET", `${path}/entries`)).status, 200);
});

describe("what is not this company's", () => {
  test("people and suppliers of another company cannot be named, and its requests are not there", async () => {
    const [ours, theirs] = [await newCompany(), await newCompany()];
    const person = await platform.within(theirs.companyId, (ctx) => addPerson(ctx, { name: "Theirs" }));
    for (const body of [
      { reporter: { id: person.id } },
      { technician: { id: person.id } },
      { supplierId: theirs.supplier.id },
    ]) {
      assert.equal((await ours.to("POST", "", { subject: "x", ...body })).status, 422, JSON.stringify(body));
    }
    const { body: made } = await theirs.to("POST", "", { subject: "x" });
    assert.equal((await ours.to("GET", `/${made.id}`)).status, 404);
    assert.equal((await ours.to("POST", `/${made.id}/resolution`, {})).status, 404);
  });
});

test("ids in capitals are the same ids: the reporter is kept, the chain holds, acts find the request", async () => {
  const { companyId, supplier, to } = await newCompany();
  const person = await platform.within(companyId, (ctx) => addPerson(ctx, { name: "Ana" }));
  const body = { subject: "x", reporter: { id: person.id.toUpperCase() }, supplierId: supplier.id.toUpperCase() };
  const { body: made } = await to("POST", "", body);
  assert.deepEqual([made.reporter?.id, made.supplier?.id], [person.id, supplier.id]);
  assert.equal((await to("POST", `/${made.id.toUpperCase()}/resolution`, {})).status, 201);
  const [entry] = await platform.asSuperuser<{ supplier_id: string; hash: Buffer }>(
    "select supplier_id, hash from entries where request_id = $1 and seq = 1",
    [made.id],
  );
  assert.equal(entry!.supplier_id, supplier.id);
});

test("calls that wait for each other in one company do not keep another one waiting", async () => {
  const [busy, other] = [await newCompany(), await newCompany()];
  const { body: made } = await busy.to("POST", "", { subject: "x" });
  const holder = new pg.Client({ connectionString: platform.ownerUrl });
  await holder.connect();
  await holder.query(`begin; set local app.company_id = '${busy.companyId}'`);
  await holder.query("select 1 from requests where id = $1 for update", [made.id]);
  const waiting = Array.from({ length: 8 }, () => busy.to("POST", `/${made.id}/entries`, { kind: "note", text: "x" }));
  for (let i = 0; i < 5; i++) {
    assert.equal((await other.to("POST", "", { subject: "y" })).status, 201);
    assert.equal((await busy.to("GET", `/${made.id}`)).status, 200, "reading waits for nobody");
  }
  await holder.query("commit");
  await holder.end();
  assert.deepEqual(new Set((await Promise.all(waiting)).map(({ status }) => status)), new Set([201]));
});
