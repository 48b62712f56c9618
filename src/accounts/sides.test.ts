import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { addSupplier, changePerson } from "../companies/companies.ts";
import { actOnRequests, getRequest, keepAttachments, listRequests, openRequests } from "../requests/requests.ts";
import { testPlatform } from "../../test/harness.ts";
import { admitAttachments, type AttachmentTools } from "../requests/attachments.ts";
import { addMember } from "./accounts.ts";
import { asSession, companyWithOwner, givePassword, outcomeOf, tokenFor } from "./fixture.ts";

const platform = await testPlatform();

/** A company with two suppliers, a request for each, and a technician of the first. */
async function newCompany() {
  const { companyId: id, token, personId } = await companyWithOwner(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(id, work);
  const ours = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const other = await within((ctx) => addSupplier(ctx, { name: "Contoso" }));
  const [seen, hidden] = await within((ctx) =>
    openRequests(ctx, [
      { subject: "for Northwind", supplierId: ours.id },
      { subject: "for Contoso", supplierId: other.id },
    ]),
  );
  const email = `tech-${id}@example.com`;
  const { member } = await within((ctx) => addMember(ctx, { name: "Tom", email, role: "auditor" }));
  await platform.asSuperuser("update members set role = 'technician' where id = $1", [member.id]);
  await givePassword(platform, email);
  const technician = await tokenFor(platform, email);
  await platform.asSuperuser("update sessions set second_factor_at = now()");
  const setSide = (supplierId: string | null) =>
    platform.asSuperuser("update people set supplier_id = $2 where id = $1", [member.personId, supplierId]);
  return { id, token, personId, within, ours, other, seen: seen!, hidden: hidden!, member, technician, setSide };
}

test("a technician sees what is assigned to their supplier, without the company's own notes; without one, nothing", async () => {
  const { id, within, ours, seen, hidden, technician, setSide } = await newCompany();
  const note = { kind: "note" as const, text: "they always take long" };
  await within((ctx) => actOnRequests(ctx, [{ requestId: seen, entry: note }]));
  const numbers = () =>
    asSession(platform, id, technician, async (ctx) => {
      const { items } = await listRequests(ctx, { limit: 50, sort: "reported" });
      return items.map((item) => item.subject);
    });
  const contents = () =>
    asSession(platform, id, technician, async (ctx) => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from entry_contents`.execute(ctx.db);
      return rows[0]!.n;
    });
  await setSide(ours.id);
  assert.deepEqual(await numbers(), ["for Northwind"]);
  const detail = await asSession(platform, id, technician, (ctx) => getRequest(ctx, seen));
  assert.deepEqual(
    detail.entries.map(({ kind }) => kind),
    ["reported"],
  );
  assert.equal(await contents(), 1);
  assert.equal(await outcomeOf(asSession(platform, id, technician, (ctx) => getRequest(ctx, hidden))), "not_found");
  await setSide(null);
  assert.deepEqual(await numbers(), []);
  assert.equal(await contents(), 0);
});

test("somebody with an account cannot be moved to the other side, which would change what they see", async () => {
  const { id, token, personId, within, ours, other, member, setSide } = await newCompany();
  const move = (person: string, supplierId: string | null) =>
    outcomeOf(within((ctx) => changePerson(ctx, { id: person, supplierId })));
  assert.equal(await move(personId, ours.id), "person_is_member");
  await setSide(ours.id);
  assert.equal(await move(member.personId, null), "person_is_member");
  assert.equal(await move(member.personId, other.id), "person_is_member");
  assert.equal(await move(member.personId, ours.id), "done", "the side they are on");
  const { items } = await asSession(platform, id, token, (ctx) => listRequests(ctx, { limit: 50, sort: "reported" }));
  assert.equal(items.length, 2);
});

test("a supplier's files take the room of the whole company, and asking for it shows them nothing more", async () => {
  const { id, within, ours, technician, setSide } = await newCompany();
  await setSide(ours.id);
  const tools = { companyBytes: 1_000 } as unknown as AttachmentTools;
  const file = { key: "k".repeat(32), size: 900, sha256: Buffer.alloc(32) };
  await within((ctx) => keepAttachments(ctx, tools, [{ fileName: "a.txt", file, seen: { type: "text/plain" } }]));
  const admitted = (bytes: number) =>
    asSession(platform, id, technician, async (ctx) => {
      await admitAttachments(ctx, tools, bytes);
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from attachments`.execute(ctx.db);
      return rows[0]!.n;
    });
  assert.equal(await admitted(100), 0);
  assert.equal(await outcomeOf(admitted(101)), "company_storage_full");
});
