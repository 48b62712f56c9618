import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { addMember } from "../accounts/accounts.ts";
import { companyWithOwner, givePassword, tokenFor } from "../accounts/fixture.ts";
import { addAssets } from "../assets/assets.ts";
import { auditedTypes, listAuditEntries, writeDown } from "../audit/audit.ts";
import { addSupplier } from "../companies/companies.ts";
import { subscribe } from "../platform/events.ts";
import { testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import type { Template } from "./contract.ts";
import { templateRoutes } from "./routes.ts";

const platform = await testPlatform();
const ask = await served(platform, templateRoutes);

async function company() {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const { companyId, token } = await companyWithOwner(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(companyId, work);
  const as = (who: string) => async (method: string, path: string, body?: unknown, ifMatch?: string) => {
    const headers: Record<string, string> = ifMatch ? { "if-match": ifMatch } : {};
    const { status, body: reply } = await ask(who, method, `/companies/${companyId}${path}`, body, headers);
    return { status, reply: reply as Record<string, unknown> };
  };
  const auditor = async () => {
    const email = `auditor-${companyId}@example.com`;
    await within((ctx) => addMember(ctx, { name: "An auditor", email, role: "auditor" }));
    await givePassword(platform, email);
    return as(await tokenFor(platform, email));
  };
  return { owner: as(token), auditor, within };
}
type Ask = Awaited<ReturnType<typeof company>>["owner"];

const items = async (who: Ask) => (await who("GET", "/templates")).reply["items"] as Template[];
const names = async (who: Ask) => (await items(who)).map(({ name, endedAt }) => (endedAt ? `(${name})` : name));

describe("templates", () => {
  // As main.ts does; the other files of the same process do not want it.
  let end = () => {};
  before(() => void (end = subscribe(auditedTypes, writeDown)));
  after(() => end());

  test("are a list in the company's order; one ends, and is offered again with all it says", async () => {
    const { owner, within } = await company();
    const supplier = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
    const [asset] = await within((ctx) => addAssets(ctx, [{ name: "Printer 2", kind: "printer" }]));
    const toner = {
      name: "Toner",
      subject: "Toner is empty",
      description: "Which colour?",
      category: "Printing",
      priority: "low",
      kind: "service_request",
      supplierId: supplier.id,
      assetId: asset,
      tags: ["Toner", "toner"],
    };
    const made = await owner("POST", "/templates", toner);
    assert.equal(made.status, 201);
    const { id, endedAt, version, ...said } = made.reply;
    assert.deepEqual(said, {
      name: "Toner",
      subject: "Toner is empty",
      description: "Which colour?",
      category: "Printing",
      priority: "low",
      kind: "service_request",
      tags: ["toner"],
      supplier: { id: supplier.id, name: "Northwind IT", ended: false },
      asset: { id: asset, name: "Printer 2", ended: false },
    });
    assert.deepEqual([endedAt, version], [null, 1]);
    const second = await owner("POST", "/templates", { name: "New colleague", subject: "A new colleague begins" });
    await owner("PUT", "/template-order", { ids: [second.reply["id"]] });
    assert.deepEqual(await names(owner), ["New colleague", "Toner"]);
    const at = `/templates/${id as string}`;
    assert.equal((await owner("PATCH", at, { ended: true }, '"1"')).status, 200);
    assert.deepEqual(await names(owner), ["New colleague", "(Toner)"]);
    const again = await owner("PATCH", at, { ended: false, subject: "No toner" }, '"2"');
    assert.deepEqual([again.reply["subject"], again.reply["description"]], ["No toner", "Which colour?"]);
    assert.deepEqual(await names(owner), ["New colleague", "Toner"]);
  });

  test("have one name each; who was slower changes nothing; what is not the company's cannot be named", async () => {
    const [{ owner }, other] = [await company(), await company()];
    const foreign = await other.within((ctx) => addSupplier(ctx, { name: "Elsewhere" }));
    const { reply } = await owner("POST", "/templates", { name: "Toner", subject: "x" });
    const at = `/templates/${reply["id"] as string}`;
    assert.equal(
      (await owner("POST", "/templates", { name: " TONER ", subject: "y" })).reply["code"],
      "template_exists",
    );
    assert.equal((await owner("PATCH", at, { subject: "y" }, '"7"')).status, 412);
    assert.equal((await owner("PATCH", at, { supplierId: foreign.id }, '"1"')).status, 422);
    assert.equal((await owner("POST", "/templates", { name: "x", subject: " " })).status, 422);
    assert.deepEqual(await items(other.owner), []);
    assert.deepEqual([(await items(owner)).length, (await items(owner))[0]!.subject], [1, "x"]);
  });

  test("are read by an auditor and changed by who may change settings; who changed what is written down", async () => {
    const { owner, auditor, within } = await company();
    const reader = await auditor();
    const { reply } = await owner("POST", "/templates", { name: "Toner", subject: "x" });
    const at = `/templates/${reply["id"] as string}`;
    assert.equal((await reader("PATCH", at, { subject: "y" }, '"1"')).status, 403);
    assert.equal((await reader("POST", "/templates", { name: "Mine", subject: "y" })).status, 403);
    await owner("PATCH", at, { subject: "y", ended: true }, '"1"');
    assert.deepEqual(await names(reader), ["(Toner)"]);
    const told = await within((ctx) => listAuditEntries(ctx, { limit: 50, area: "template" }));
    assert.deepEqual(told.items.map(({ type }) => type).toSorted(), ["template.added", "template.changed", "template.ended"]); // prettier-ignore
    const changed = told.items.find(({ type }) => type === "template.changed")!;
    assert.deepEqual([changed.subjectName, changed.changed], ["Toner", { subject: { from: "x", to: "y" } }]);
  });
});
