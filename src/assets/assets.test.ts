import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addPerson, addSupplier, changeSupplier, listPeople } from "../companies/companies.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { statementsOf } from "../../test/statements.ts";
import {
  addAssets,
  allAssets,
  changeAssets,
  endAssets,
  getAsset,
  listAssetHistory,
  listAssets,
  resumeAssets,
  type AssetInput,
} from "./assets.ts";

const platform = await testPlatform();

async function inventory() {
  const company = await freshCompany(platform);
  const add = (...batch: AssetInput[]) => platform.within(company, (ctx) => addAssets(ctx, batch));
  const get = (id: string) => platform.within(company, (ctx) => getAsset(ctx, id));
  const list = async (query: Omit<Parameters<typeof listAssets>[1], "limit">) =>
    (await platform.within(company, (ctx) => listAssets(ctx, { limit: 50, ...query }))).items.map(({ name }) => name);
  return { company, add, get, list };
}

test("an asset says what it is, where, whose, and who looks after it; what is not said stays unknown", async () => {
  const { company, add, get } = await inventory();
  const supplier = await platform.within(company, (ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const [full, bare] = await add(
    {
      name: " Reception PC ",
      kind: "computer",
      serialNumber: "5CD 123",
      place: "Ground floor",
      owner: { name: "Ana Lopes" },
      supplierId: supplier.id,
      warrantyEnds: "2027-03-31",
      note: "Second screen is private",
    },
    { name: "Line to the warehouse", kind: "line" },
  );
  const { owner, ...asset } = await get(full!);
  assert.deepEqual(asset, {
    id: full,
    name: "Reception PC",
    kind: "computer",
    serialNumber: "5CD 123",
    place: "Ground floor",
    supplier: { id: supplier.id, name: "Northwind IT" },
    warrantyEnds: "2027-03-31",
    note: "Second screen is private",
    endedAt: null,
    version: 1,
  });
  assert.equal(owner!.name, "Ana Lopes");
  const unknown = await get(bare!);
  assert.deepEqual(
    [unknown.serialNumber, unknown.place, unknown.owner, unknown.supplier, unknown.warrantyEnds, unknown.note],
    [null, null, null, null, null, null],
  );
});

test("an owner is somebody known, or becomes known once", async () => {
  const { company, add, get } = await inventory();
  const ana = await platform.within(company, (ctx) => addPerson(ctx, { name: "Ana Lopes" }));
  const ids = await add(
    { name: "One", kind: "computer", owner: { id: ana.id } },
    { name: "Two", kind: "computer", owner: { name: "ana  LOPES" } },
    { name: "Three", kind: "computer", owner: { name: "Ben" } },
    { name: "Four", kind: "computer", owner: { name: "ben" } },
  );
  const owners = await Promise.all(ids.map(async (id) => (await get(id)).owner!.id));
  assert.deepEqual([owners[0], owners[1]], [ana.id, ana.id]);
  assert.equal(owners[2], owners[3]);
  const { items } = await platform.within(company, (ctx) => listPeople(ctx, { limit: 10 }));
  assert.equal(items.length, 2);
});

describe("a serial number is one asset's", () => {
  test("in whatever spelling, within a batch too, and nothing of the batch is kept", async () => {
    const { company, add } = await inventory();
    await add({ name: "First", kind: "computer", serialNumber: "5cd-12 3" });
    const error = { code: "asset_exists", fields: { serialNumber: "Another asset has this number." } };
    await assert.rejects(add({ name: "Second", kind: "computer", serialNumber: " 5CD-123" }), error);
    const twice = { kind: "computer", serialNumber: "NEW-1" } as const;
    await assert.rejects(add({ name: "A", ...twice }, { name: "B", ...twice }), error);
    assert.equal((await platform.within(company, allAssets)).length, 1);
  });

  test("also when it is changed; its own it may keep", async () => {
    const { company, add, get } = await inventory();
    const [one, other] = await add(
      { name: "One", kind: "printer", serialNumber: "P1" },
      { name: "Other", kind: "printer", serialNumber: "P2" },
    );
    const change = (id: string, serialNumber: string) =>
      platform.within(company, (ctx) => changeAssets(ctx, [{ id, to: { serialNumber } }]));
    await assert.rejects(change(one!, "p2"), { code: "asset_exists" });
    await change(one!, "p1");
    assert.deepEqual([(await get(one!)).serialNumber, (await get(other!)).serialNumber], ["p1", "P2"]);
  });

  test("another company's is another thing", async () => {
    const [here, there] = [await inventory(), await inventory()];
    await here.add({ name: "Here", kind: "server", serialNumber: "S1" });
    await there.add({ name: "There", kind: "server", serialNumber: "S1" });
    assert.deepEqual(await there.list({}), ["There"]);
  });
});

describe("changing", () => {
  test("what is not named stays, null takes it away", async () => {
    const { company, add, get } = await inventory();
    const [id] = await add({ name: "PC", kind: "computer", place: "Attic", note: "old", owner: { name: "Ana" } });
    await platform.within(company, (ctx) =>
      changeAssets(ctx, [{ id: id!, to: { place: "Cellar", note: null, owner: null } }]),
    );
    const asset = await get(id!);
    assert.deepEqual(
      [asset.name, asset.place, asset.note, asset.owner, asset.version],
      ["PC", "Cellar", null, null, 2],
    );
  });

  test("who saw an older version is told, and the whole batch stays as it was", async () => {
    const { company, add, get } = await inventory();
    const [one, other] = await add({ name: "One", kind: "other" }, { name: "Other", kind: "other" });
    const change = (ifMatch: number) =>
      platform.within(company, (ctx) =>
        changeAssets(ctx, [
          { id: other!, to: { name: "Changed too" } },
          { id: one!, to: { name: "Changed" }, ifMatch },
        ]),
      );
    await change(1);
    await assert.rejects(change(1), { code: "precondition_failed" });
    assert.deepEqual([(await get(one!)).version, (await get(other!)).version], [2, 2]);
  });

  test("nobody else's asset, supplier or person can be named", async () => {
    const [here, there] = [await inventory(), await inventory()];
    const [theirs] = await there.add({ name: "Theirs", kind: "other" });
    const supplier = await platform.within(there.company, (ctx) => addSupplier(ctx, { name: "Theirs" }));
    const person = await platform.within(there.company, (ctx) => addPerson(ctx, { name: "Theirs" }));
    const inHere = (to: Partial<AssetInput>, id = theirs!) =>
      platform.within(here.company, (ctx) => changeAssets(ctx, [{ id, to }]));
    await assert.rejects(inHere({ name: "Mine" }), { code: "not_found" });
    const [mine] = await here.add({ name: "Mine", kind: "other" });
    await assert.rejects(inHere({ supplierId: supplier.id }, mine), { code: "invalid_input" });
    await assert.rejects(inHere({ owner: { id: person.id } }, mine), { code: "invalid_input" });
    await assert.rejects(inHere({ name: "  " }, mine), { code: "invalid_input" });
  });
});

test("what is no longer used ends and stays in the record; a mistake is taken back", async () => {
  const { company, add, get, list } = await inventory();
  const [id] = await add({ name: "Old server", kind: "server" }, { name: "Switch", kind: "network" });
  await platform.within(company, (ctx) => endAssets(ctx, [{ id: id! }]));
  assert.ok((await get(id!)).endedAt);
  assert.deepEqual([await list({ use: "current" }), await list({ use: "ended" })], [["Switch"], ["Old server"]]);
  await assert.rejects(
    platform.within(company, (ctx) => endAssets(ctx, [{ id: id! }])),
    { code: "asset_ended" },
  );
  await platform.within(company, (ctx) => resumeAssets(ctx, [{ id: id!, ifMatch: 2 }]));
  assert.equal((await get(id!)).endedAt, null);
  await assert.rejects(
    platform.within(company, (ctx) => resumeAssets(ctx, [{ id: id! }])),
    { code: "asset_in_use" },
  );
});

test("the list goes by name and finds by the beginning of a name or serial number, by kind, owner and supplier", async () => {
  const { company, add, list } = await inventory();
  const supplier = await platform.within(company, (ctx) => addSupplier(ctx, { name: "Printers & Co" }));
  const ana = await platform.within(company, (ctx) => addPerson(ctx, { name: "Ana" }));
  await add(
    { name: "zebra Printer", kind: "printer", serialNumber: "ZX-1", supplierId: supplier.id },
    { name: "Árbol", kind: "computer", owner: { id: ana.id } },
    { name: "Zebra label", kind: "printer", supplierId: supplier.id, owner: { id: ana.id } },
  );
  assert.deepEqual(await list({}), ["Zebra label", "zebra Printer", "Árbol"]);
  assert.deepEqual(await list({ q: "ZEBRA p" }), ["zebra Printer"]);
  assert.deepEqual(await list({ q: "zx" }), ["zebra Printer"]);
  assert.deepEqual(await list({ q: "%" }), []);
  assert.deepEqual(await list({ kind: "printer", owner: ana.id }), ["Zebra label"]);
  assert.deepEqual(await list({ supplier: supplier.id }), ["Zebra label", "zebra Printer"]);
});

test("a page at a time, nothing twice and nothing left out, with equal and very long names", async () => {
  const { company, add } = await inventory();
  const names = ["same", "same", "same", "x".repeat(200), "y".repeat(200)];
  await add(...names.map((name): AssetInput => ({ name, kind: "other" })));
  const seen: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await platform.within(company, (ctx) => listAssets(ctx, { limit: 2, cursor }));
    seen.push(...page.items.map(({ name }) => name));
    if (!page.next) break;
    cursor = page.next;
  }
  assert.deepEqual(seen, names);
  await assert.rejects(
    platform.within(company, (ctx) => listAssets(ctx, { limit: 2, cursor: "nonsense" })),
    { code: "invalid_input" },
  );
});

test("a thousand assets are added and changed with as many statements as one", async () => {
  const { company } = await inventory();
  const batch = (n: number) =>
    Array.from({ length: n }, (_, i): AssetInput => ({
      name: `PC ${n} ${i}`,
      kind: "computer",
      owner: { name: "Ana" },
    }));
  const count = async (n: number) => {
    const sent = await platform.within(company, (ctx) =>
      statementsOf(ctx, async () => {
        const ids = await addAssets(ctx, batch(n));
        await changeAssets(
          ctx,
          ids.map((id) => ({ id, to: { place: "Attic" } })),
        );
      }),
    );
    return sent.length;
  };
  await count(1);
  assert.equal(await count(1000), await count(2));
});

test("who changed what of an asset is kept, by the names that people and suppliers have now", async () => {
  const { company, add } = await inventory();
  const supplier = await platform.within(company, (ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const [id] = await add({ name: "PC", kind: "computer", owner: { name: "Ana" } });
  const change = (to: Partial<AssetInput>) => platform.within(company, (ctx) => changeAssets(ctx, [{ id: id!, to }]));
  platform.clock.advance({ minutes: 5 });
  await change({ place: "Attic", owner: { name: "Ben" }, supplierId: supplier.id });
  await platform.within(company, (ctx) => endAssets(ctx, [{ id: id! }]));
  await platform.within(company, (ctx) => resumeAssets(ctx, [{ id: id! }]));
  await platform.within(company, (ctx) => changeSupplier(ctx, { id: supplier.id, name: "Northwind" }));
  const { items } = await platform.within(company, (ctx) => listAssetHistory(ctx, id!));
  assert.deepEqual(
    items.map(({ version, kind }) => [version, kind]),
    [
      [4, "resumed"],
      [3, "ended"],
      [2, "changed"],
      [1, "added"],
    ],
  );
  assert.deepEqual(items[2]!.changes, [
    { field: "place", from: null, to: "Attic" },
    { field: "owner", from: "Ana", to: "Ben" },
    { field: "supplier", from: null, to: "Northwind" },
  ]);
  assert.equal(items[2]!.changedAt.slice(0, 19), platform.clock().toISOString().slice(0, 19));
  assert.deepEqual(
    items[3]!.changes.map(({ field, to }) => [field, to]),
    [
      ["name", "PC"],
      ["kind", "computer"],
      ["owner", "Ana"],
    ],
  );
  const there = await inventory();
  await assert.rejects(
    platform.within(there.company, (ctx) => listAssetHistory(ctx, id!)),
    { code: "not_found" },
  );
});
