import assert from "node:assert/strict";
import { test } from "node:test";
import { addMember } from "../accounts/accounts.ts";
import { companyWithOwner, givePassword, tokenFor } from "../accounts/fixture.ts";
import { testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import { assetRoutes } from "./routes.ts";

const platform = await testPlatform();
const ask = await served(platform, assetRoutes);

async function company() {
  const { companyId, token } = await companyWithOwner(platform);
  const email = `auditor-${companyId}@example.com`;
  await platform.within(companyId, (ctx) => addMember(ctx, { name: "Aud Itor", email, role: "auditor" }));
  await givePassword(platform, email);
  const auditor = await tokenFor(platform, email);
  const as = (who: string) => (method: string, path: string, body?: unknown, ifMatch?: string) =>
    ask(who, method, `/companies/${companyId}/assets${path}`, body, ifMatch ? { "if-match": ifMatch } : {});
  return { owner: as(token), auditor: as(auditor) };
}

test("an asset is added, read, changed, ended and taken back by those who manage; others read", async () => {
  const { owner, auditor } = await company();
  const printer = { name: "Printer 2", kind: "printer", owner: { name: "Ana" }, warrantyEnds: "2027-01-31" };
  const made = await owner("POST", "", printer);
  assert.equal(made.status, 201);
  const at = `/${made.body["id"]}`;
  assert.deepEqual((await auditor("GET", at)).body, made.body);
  const changed = await owner("PATCH", at, { place: "Hall" }, '"1"');
  assert.deepEqual([changed.status, changed.body["place"], changed.headers.get("etag")], [200, "Hall", '"2"']);
  assert.equal((await owner("PATCH", at, { place: "Attic" }, '"1"')).status, 412);
  assert.equal((await owner("POST", `${at}/ending`)).status, 201);
  assert.equal((await owner("POST", `${at}/ending`)).status, 409);
  assert.equal(((await auditor("GET", "?use=current")).body["items"] as unknown[]).length, 0);
  assert.equal((await owner("DELETE", `${at}/ending`)).body["endedAt"], null);
  for (const [method, path, body] of [
    ["POST", "", printer],
    ["PATCH", at, { place: "Mine" }],
    ["POST", `${at}/ending`, undefined],
    ["DELETE", `${at}/ending`, undefined],
  ] as const) {
    assert.equal((await auditor(method, path, body)).status, 403, `${method} ${path}`);
  }
});

test("what cannot be kept is refused by its field", async () => {
  const { owner } = await company();
  const refused = async (body: object) => {
    const reply = await owner("POST", "", body);
    assert.equal(reply.status, 422, JSON.stringify(body));
    return Object.keys(reply.body["fields"] as object);
  };
  assert.deepEqual(await refused({ name: " " }), ["name"]);
  assert.deepEqual(await refused({ name: "x", kind: "toaster" }), ["kind"]);
  assert.deepEqual(await refused({ name: "x", serialNumber: "9".repeat(101) }), ["serialNumber"]);
  assert.deepEqual(await refused({ name: "x", warrantyEnds: "2027-02-30" }), ["warrantyEnds"]);
  assert.equal((await owner("POST", "", { name: "x", serialNumber: "S1" })).status, 201);
  const twin = await owner("POST", "", { name: "y", serialNumber: "s 1" });
  assert.deepEqual([twin.body["code"], Object.keys(twin.body["fields"] as object)], ["asset_exists", ["serialNumber"]]);
  assert.equal((await owner("GET", "?cursor=nonsense")).status, 422);
});
