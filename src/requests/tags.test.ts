import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sql } from "kysely";
import { addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { Tags } from "./contract-tags.ts";
import { actOnRequests, getChoices, getRequest, listRequests, openRequests } from "./requests.ts";
import type { TagChange } from "./tags.ts";

const platform = await testPlatform();

async function newCompany() {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const supplier = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const open = (subject: string, tags?: string[]) =>
    within(async (ctx) => (await openRequests(ctx, [{ subject, tags, supplierId: supplier.id }]))[0]!);
  const change = (ids: string[], to: TagChange) => {
    platform.clock.advance({ minutes: 1 });
    return within((ctx) =>
      actOnRequests(
        ctx,
        ids.map((requestId) => ({ requestId, entry: { kind: "changed", to } })),
      ),
    );
  };
  const list = (tag: string[], asOf?: string) =>
    within(async (ctx) => {
      const { items, count } = await listRequests(ctx, { tag, asOf, limit: 50, sort: "reported" });
      assert.equal(count, items.length);
      return items.map(({ subject }) => subject).toSorted();
    });
  const read = (id: string) => within((ctx) => getRequest(ctx, id));
  return { company, within, supplier, open, change, list, read };
}

describe("tags", () => {
  test("are found by any of them; each change is an entry that says what was there before", async () => {
    const { open, change, list, read } = await newCompany();
    const printer = await open("Printer", ["site visit"]);
    await open("Mail");
    await change([printer], { tags: ["vip", "hardware"] });
    const { tags, entries } = await read(printer);
    assert.deepEqual(tags, ["hardware", "vip"]);
    assert.deepEqual(entries[0]!.content?.["tags"], ["site visit"]);
    assert.deepEqual(entries[1]!.content, { from: { tags: ["site visit"] }, to: { tags: ["hardware", "vip"] } });
    assert.deepEqual(await list(["vip", "nothing"]), ["Printer"]);
    assert.deepEqual(await list(["site visit"]), []);
    await change([printer], { tags: ["vip", "hardware", "vip"] });
    assert.equal((await read(printer)).version, 2, "nothing differs: no entry");
    await change([printer], { tags: [] });
    assert.deepEqual([(await read(printer)).tags, await list(["vip"])], [[], []]);
  });

  test("as of a moment, the record has the tags it had then", async () => {
    const { open, change, list } = await newCompany();
    const id = await open("Printer", ["vip"]);
    const then = platform.clock().toISOString();
    await change([id], { tags: ["done"] });
    assert.deepEqual([await list(["vip"], then), await list(["done"], then)], [["Printer"], []]);
    assert.deepEqual([await list(["vip"]), await list(["done"])], [[], ["Printer"]]);
  });

  test("are added to many and taken from many at once, beside what each has", async () => {
    const { open, change, list, read, within } = await newCompany();
    const ids = [await open("A", ["one"]), await open("B", ["two"]), await open("C")];
    await change(ids, { tagsAdded: ["vip"], tagsRemoved: ["two"] });
    assert.deepEqual(await list(["vip"]), ["A", "B", "C"]);
    assert.deepEqual((await read(ids[0]!)).tags, ["one", "vip"]);
    assert.deepEqual((await within((ctx) => getChoices(ctx))).tags, ["vip", "one"]);
    const many = Array.from({ length: 20 }, (_, n) => `tag ${n}`);
    const refused = change(ids, { tagsAdded: many });
    await assert.rejects(refused, (error: unknown) => error instanceof AppError && error.code === "invalid_input");
    assert.equal((await read(ids[2]!)).version, 2, "nothing was recorded");
  });

  test("are the same word whoever writes them how, and nothing that would break a list of them", () => {
    assert.deepEqual(Tags.parse([" VIP ", "E\u0301cole"]), ["vip", "\u00E9cole"]);
    for (const bad of ["", "  ", "a,b", "a\u0000", "a\u202Eb", "x".repeat(51)]) {
      assert.equal(Tags.safeParse([bad]).success, false, JSON.stringify(bad));
    }
  });

  test("a supplier's people find by tag only their own", async () => {
    const { company, open, supplier } = await newCompany();
    await open("Theirs", ["vip"]);
    const seen = (supplierId: string) =>
      platform.within(company, async (ctx) => {
        await sql.raw(`set local app.supplier_id = '${supplierId}'`).execute(ctx.db);
        const { rows } = await sql`select tag from request_tags`.execute(ctx.db);
        return rows.length;
      });
    assert.deepEqual([await seen(supplier.id), await seen("00000000-0000-0000-0000-000000000000")], [1, 0]);
  });
});
