import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sql } from "kysely";
import { testPlatform } from "../../test/harness.ts";
import { asSession, companyWithOwner, outcomeOf, someoneOfSupplier } from "../accounts/fixture.ts";
import { addPerson, addSupplier } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { getAttachment, type AttachmentTools } from "./attachments.ts";
import {
  actOnRequests,
  checkChains,
  getRequest,
  keepAttachments,
  listEntries,
  listRequests,
  openRequests,
  type ActEntry,
} from "./requests.ts";

const platform = await testPlatform();

/** A company with two suppliers, a technician of each, and a request for the first. */
async function twoSides() {
  const { companyId, token } = await companyWithOwner(platform);
  const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(companyId, work);
  const as = (who: string) => {
    const run = <T>(work: (ctx: Context) => Promise<T>) => asSession(platform, companyId, who, work);
    const add = (entry: ActEntry, requestId = id) => run((ctx) => actOnRequests(ctx, [{ requestId, entry }]));
    const read = (requestId = id) => run((ctx) => getRequest(ctx, requestId));
    /** What is read of the timeline, one line for each entry. */
    const lines = async (requestId = id) =>
      (await read(requestId)).entries.map(({ kind, content }) => `${kind} ${said(content)}`.trim());
    return { run, add, read, lines };
  };
  const ours = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const other = await within((ctx) => addSupplier(ctx, { name: "Contoso" }));
  const tom = await someoneOfSupplier(platform, companyId, ours.id);
  const uma = await someoneOfSupplier(platform, companyId, other.id, { name: "Uma Other" });
  const id = await within(async (ctx) => {
    const reported = { subject: "Printer", description: "It jams", supplierId: ours.id };
    return (await openRequests(ctx, [reported]))[0]!;
  });
  return {
    companyId,
    within,
    id,
    ours,
    other,
    tom,
    uma,
    company: as(token),
    supplier: as(tom.token),
    next: as(uma.token),
  };
}

function said(content: Record<string, unknown> | null): string {
  if (content === null) return "(hidden)";
  return String(content["text"] ?? content["description"] ?? content["reason"] ?? "");
}

describe("a supplier's people answer", () => {
  test("what they say is theirs, counts as the response, and the company reads it", async () => {
    const { supplier, company, tom } = await twoSides();
    await supplier.add({ kind: "message", text: "I am on my way" });
    await supplier.add({ kind: "promised", text: "done by tonight", dueAt: "2026-11-24T16:00:00.000Z" });
    await supplier.add({ kind: "waiting", on: "third_party", reason: "a spare part" });
    await supplier.add({ kind: "resumed" });
    await supplier.add({ kind: "resolved", text: "New roller" });
    const request = await company.read();
    assert.deepEqual([request.state, request.firstResponseAt !== null], ["resolved", true]);
    const theirs = request.entries.slice(1);
    assert.deepEqual([...new Set(theirs.map(({ by }) => `${by?.party} ${by?.id} ${by?.name}`))], [
      `supplier ${tom.personId} Tom Technician`,
    ]); // prettier-ignore
    assert.ok(theirs.every(({ audience }) => audience === "everyone"));
  });

  test("nothing in the company's name, to the company alone, or that is the company's to decide", async () => {
    const { supplier, uma, tom } = await twoSides();
    const cases: [ActEntry, unknown][] = [
      [{ kind: "message", text: "x", by: { party: "company" } }, "invalid_input"],
      [{ kind: "message", text: "x", by: { party: "third_party" } }, "invalid_input"],
      [{ kind: "resolved", text: "x", by: { party: "supplier", personId: uma.personId } }, "invalid_input"],
      [{ kind: "message", text: "x", by: { party: "supplier", name: "Somebody" } }, "invalid_input"],
      [{ kind: "note", text: "x", audience: "company" }, "invalid_input"],
      [{ kind: "promised", party: "company", dueAt: "2026-11-25T09:00:00.000Z" }, "invalid_input"],
      [{ kind: "confirmed" }, "forbidden"],
      [{ kind: "cancelled" }, "forbidden"],
      [{ kind: "reopened", text: "x" }, "forbidden"],
      [{ kind: "closed_unconfirmed" }, "forbidden"],
      [{ kind: "changed", to: { subject: "mine" } }, "forbidden"],
      [{ kind: "message", text: "x", by: { party: "supplier", personId: tom.personId } }, "done"],
    ];
    for (const [entry, outcome] of cases) {
      assert.equal(await outcomeOf(supplier.add(entry)), outcome, JSON.stringify(entry));
    }
    assert.deepEqual(await supplier.lines(), ["reported It jams", "message x"]);
  });

  test("each side's own notes are its own, in the database too; the chain holds for who checks it", async () => {
    const { supplier, company, within } = await twoSides();
    await company.add({ kind: "note", text: "they always take long" });
    await supplier.add({ kind: "note", text: "the machine is too old" });
    await supplier.add({ kind: "note", text: "ask for Ana", audience: "everyone" });
    assert.deepEqual(await supplier.lines(), ["reported It jams", "note the machine is too old", "note ask for Ana"]);
    assert.deepEqual(await company.lines(), [
      "reported It jams",
      "note they always take long",
      "note (hidden)",
      "note ask for Ana",
    ]);
    const visible = (side: typeof company) =>
      side.run(async (ctx) => {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from entry_contents`.execute(ctx.db);
        return rows[0]!.n;
      });
    assert.deepEqual([await visible(company), await visible(supplier)], [3, 3]);
    const checked = await within((ctx) => checkChains(ctx));
    assert.deepEqual([checked.faultCount, checked.entries, checked.erased], [0, 4, 0]);
    assert.equal(await outcomeOf(company.add({ kind: "note", text: "x", audience: "supplier" })), "invalid_input");
  });

  test("a file of a supplier's own note is theirs; one of a message is everybody's", async () => {
    const { supplier, company } = await twoSides();
    const kept = (n: number) =>
      supplier.run(async (ctx) => {
        const file = { key: `${n}`.repeat(32), size: 9, sha256: Buffer.alloc(32) };
        const arrived = [{ fileName: `${n}.txt`, file, seen: { type: "text/plain" } }];
        return (await keepAttachments(ctx, {} as AttachmentTools, arrived))[0]!.id;
      });
    const [own, shared] = [await kept(1), await kept(2)];
    await supplier.add({ kind: "note", attachmentIds: [own] });
    await supplier.add({ kind: "message", attachmentIds: [shared] });
    const reads = (side: typeof company, file: string) => outcomeOf(side.run((ctx) => getAttachment(ctx, file)));
    assert.deepEqual([await reads(supplier, own), await reads(supplier, shared)], ["done", "done"]);
    assert.deepEqual([await reads(company, own), await reads(company, shared)], ["not_found", "done"]);
  });

  test("what somebody else sent, or another supplier's person, cannot be named", async () => {
    const { supplier, next, company, id } = await twoSides();
    const sent = await next.run(async (ctx) => {
      const file = { key: "k".repeat(32), size: 9, sha256: Buffer.alloc(32) };
      const arrived = [{ fileName: "a.txt", file, seen: { type: "text/plain" } }];
      return (await keepAttachments(ctx, {} as AttachmentTools, arrived))[0]!.id;
    });
    assert.equal(await outcomeOf(supplier.add({ kind: "message", attachmentIds: [sent] })), "invalid_input");
    assert.equal(await outcomeOf(supplier.run((ctx) => getAttachment(ctx, sent))), "not_found");
    assert.equal(await outcomeOf(next.add({ kind: "message", text: "me too" }, id)), "not_found");
    assert.deepEqual(await company.lines(), ["reported It jams"]);
  });

  test("in SQL no row of the other side's can be written, whatever the server asks for", async () => {
    const { supplier, id, companyId, other } = await twoSides();
    const write = (audience: string, supplierId: string | null, table: "entries" | "entry_contents") =>
      outcomeOf(
        supplier.run(async (ctx) => {
          const key = sql`${companyId}, ${id}, 99`;
          const theirs = sql`${audience}, ${supplierId}::uuid`;
          const digest = sql`decode(repeat('00', 32), 'hex')`;
          if (table === "entry_contents") {
            await sql`insert into entry_contents (company_id, request_id, seq, audience, supplier_id, salt, content)
              values (${key}, ${theirs}, ${digest}, '{}')`.execute(ctx.db);
          } else {
            await sql`insert into entries (company_id, request_id, seq, audience, supplier_id, kind, happened_at, recorded_at,
                actor, content_digest, previous_hash, hash)
              values (${key}, ${theirs}, 'note', now(), now(), 'x', ${digest}, ${digest}, ${digest})`.execute(ctx.db);
          }
        }),
      );
    for (const table of ["entries", "entry_contents"] as const) {
      assert.equal(await write("everyone", other.id, table), "42501");
      assert.equal(await write("everyone", null, table), "42501");
    }
    assert.equal(await write("company", other.id, "entry_contents"), "42501");
  });
});

describe("a request is handed over", () => {
  test("the one who had it sees it as it was then, and nothing that came later; the next one what was said to all", async () => {
    const { supplier, next, company, other, id } = await twoSides();
    await supplier.add({ kind: "message", text: "ordered a roller" });
    await supplier.add({ kind: "note", text: "too old anyway" });
    await company.add({ kind: "note", text: "enough" });
    await company.add({ kind: "changed", to: { supplierId: other.id } });
    await company.add({ kind: "changed", to: { subject: "Printer, once more", priority: "high" } });
    await next.add({ kind: "message", text: "we are on it" });
    const before = await supplier.read();
    assert.deepEqual(
      [before.subject, before.priority, before.supplier?.name, before.handedOverAt !== null, before.version],
      ["Printer", "normal", "Northwind IT", true, 4],
    );
    const old = ["reported It jams", "message ordered a roller", "note too old anyway"];
    assert.deepEqual(await supplier.lines(), old);
    const page = await supplier.run((ctx) => listEntries(ctx, id, { limit: 50 }));
    assert.deepEqual([page.items.length, page.next], [3, undefined]);
    assert.equal(await outcomeOf(supplier.add({ kind: "message", text: "wait" })), "not_found");
    assert.deepEqual(await next.lines(), [
      "reported It jams",
      "message ordered a roller",
      "changed",
      "changed",
      "message we are on it",
    ]);
    assert.equal((await next.read()).handedOverAt, null);
    const listed = (side: typeof next) => side.run((ctx) => listRequests(ctx, { limit: 9, sort: "reported" }));
    assert.deepEqual([(await listed(supplier)).items.length, (await listed(next)).items.length], [0, 1]);
  });

  test("handed back, all that was said to everybody meanwhile is there again", async () => {
    const { supplier, next, company, ours, other } = await twoSides();
    await company.add({ kind: "changed", to: { supplierId: other.id } });
    await next.add({ kind: "message", text: "not ours" });
    await next.add({ kind: "note", text: "never" });
    assert.deepEqual(await supplier.lines(), ["reported It jams"]);
    await company.add({ kind: "changed", to: { supplierId: ours.id } });
    assert.deepEqual(await supplier.lines(), ["reported It jams", "changed", "message not ours", "changed"]);
    assert.deepEqual(await next.lines(), ["reported It jams", "changed", "message not ours", "note never"]);
  });

  test("one who never had it does not know it from one that is not there", async () => {
    const { next, within } = await twoSides();
    const person = await within((ctx) => addPerson(ctx, { name: "Ana" }));
    assert.equal(await outcomeOf(next.read()), "not_found");
    assert.equal(await outcomeOf(next.read(person.id)), "not_found");
  });
});
