import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sql } from "kysely";
import { addAssets, changeAssets, endAssets, getAsset, listAssets, removeAssets } from "../assets/assets.ts";
import { addSupplier } from "../companies/companies.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { actOnRequests, checkChains, getRequest, listRequests, namedByRequests, openRequests } from "./requests.ts";
import type { ChangedFields } from "./acts.ts";

const platform = await testPlatform();

async function newCompany() {
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const asset = async (name: string, supplierId?: string) =>
    (await within((ctx) => addAssets(ctx, [{ name, kind: "printer", supplierId }])))[0]!;
  const open = async (about: { asset?: string; assetId?: string; supplierId?: string | null }) =>
    (await within((ctx) => openRequests(ctx, [{ subject: "It beeps", ...about }])))[0]!;
  const change = (requestId: string, to: ChangedFields) =>
    within((ctx) => actOnRequests(ctx, [{ requestId, entry: { kind: "changed", to } }]));
  const about = async (id: string) => {
    const { asset: words, assetId } = await within((ctx) => getRequest(ctx, id));
    return [words, assetId];
  };
  const listed = async (assetId: string) =>
    (await within((ctx) => listRequests(ctx, { assetId, limit: 50, sort: "reported" }))).items.map(({ id }) => id);
  return { company, within, asset, open, change, about, listed };
}

describe("a call names what it is about", () => {
  test("by the asset itself, by its name in any spelling, or in words that no asset has", async () => {
    const { asset, open, about, listed } = await newCompany();
    const printer = await asset("Printer 2");
    const [byId, byName, words] = [
      await open({ assetId: printer }),
      await open({ asset: "  printer 2 " }),
      await open({ asset: "the old scanner" }),
    ];
    assert.deepEqual(await about(byId), ["Printer 2", printer]);
    assert.equal((await about(byName))[1], printer);
    assert.deepEqual(await about(words), ["the old scanner", null]);
    assert.deepEqual((await listed(printer)).toSorted(), [byId, byName].toSorted());
  });

  test("a name that two assets have, or one that is no longer used, stays a word", async () => {
    const { within, asset, open, about } = await newCompany();
    await asset("Twin");
    await asset("twin");
    const old = await asset("Old server");
    await within((ctx) => endAssets(ctx, [{ id: old }]));
    assert.deepEqual(await about(await open({ asset: "Twin" })), ["Twin", null]);
    assert.deepEqual(await about(await open({ asset: "Old server" })), ["Old server", null]);
    assert.deepEqual(await about(await open({ assetId: old })), ["Old server", old], "a past call may be about it");
  });

  test("never another company's, and then nothing is recorded", async () => {
    const [here, there] = [await newCompany(), await newCompany()];
    const theirs = await there.asset("Theirs");
    const refused = { code: "invalid_input", fields: { assetId: "Not in this company's record." } };
    await assert.rejects(here.open({ assetId: theirs }), refused);
    const mine = await here.open({});
    await assert.rejects(here.change(mine, { assetId: theirs }), refused);
    assert.deepEqual(await here.about(mine), [null, null]);
    assert.deepEqual(await here.about(await here.open({ asset: "Theirs" })), ["Theirs", null]);
  });
});

describe("corrected later", () => {
  test("words and asset change together, as an entry that the chain holds", async () => {
    const { within, asset, open, change, about } = await newCompany();
    const [one, other] = [await asset("Printer 1"), await asset("Printer 2")];
    const id = await open({ asset: "Printer1" });
    await change(id, { assetId: one });
    assert.deepEqual(await about(id), ["Printer 1", one]);
    await change(id, { asset: "Printer 2" });
    assert.deepEqual(await about(id), ["Printer 2", other]);
    await change(id, { asset: "Printer 2" });
    await change(id, { asset: null });
    assert.deepEqual(await about(id), [null, null]);
    const { entries } = await within((ctx) => getRequest(ctx, id));
    assert.deepEqual(
      entries.slice(1).map(({ content }) => content!["to"]),
      [
        { asset: "Printer 1", asset_id: one },
        { asset: "Printer 2", asset_id: other },
        { asset: null, asset_id: null },
      ],
      "what changes nothing is no entry",
    );
    const { faults } = await within((ctx) => checkChains(ctx));
    assert.deepEqual(faults, []);
  });

  test("the words of an asset that is called otherwise by now, or has ended, are kept with it", async () => {
    const { within, asset, open, change, about } = await newCompany();
    const printer = await asset("Printer 2");
    const id = await open({ assetId: printer });
    await within((ctx) => changeAssets(ctx, [{ id: printer, to: { name: "Printer, hall" } }]));
    await within((ctx) => endAssets(ctx, [{ id: printer }]));
    await change(id, { asset: "Printer 2", priority: "high" });
    assert.deepEqual(await about(id), ["Printer 2", printer]);
  });
});

test("an asset that a call names or named is not removed as if it had never been there", async () => {
  const { within, asset, open, change } = await newCompany();
  const [printer, spare] = [await asset("Printer"), await asset("Spare")];
  const id = await open({ assetId: printer });
  await assert.rejects(
    within((ctx) => removeAssets(ctx, [printer])),
    { code: "still_named" },
  );
  await change(id, { assetId: spare });
  const since = new Date(platform.clock().getTime() - 60_000);
  assert.deepEqual(await within((ctx) => namedByRequests(ctx, [printer, spare], since)), new Set([printer, spare]));
});

test("a supplier's people see the assets they look after and those that their requests are about, and no other", async () => {
  const { company, within, asset, open } = await newCompany();
  const [ours, others] = await within(async (ctx) => [
    await addSupplier(ctx, { name: "Northwind IT" }),
    await addSupplier(ctx, { name: "Contoso" }),
  ]);
  const [mine, named, hidden] = [
    await asset("Mine", ours!.id),
    await asset("Named"),
    await asset("Hidden", others!.id),
  ];
  await open({ assetId: named, supplierId: ours!.id });
  await open({ assetId: hidden, supplierId: others!.id });
  const asTheirs = <T>(work: Parameters<typeof platform.within<T>>[1]) =>
    platform.within(company, async (ctx) => {
      await sql`select set_config('app.supplier_id', ${ours!.id}, true)`.execute(ctx.db);
      return work(ctx);
    });
  const seen = await asTheirs((ctx) => listAssets(ctx, { limit: 50 }));
  assert.deepEqual(
    seen.items.map(({ id }) => id),
    [mine, named],
  );
  await assert.rejects(
    asTheirs((ctx) => getAsset(ctx, hidden)),
    { code: "not_found" },
  );
});
