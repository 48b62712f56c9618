import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { testPlatform } from "../../test/harness.ts";
import { statementsOf } from "../../test/statements.ts";
import { createCompanyWithOwner } from "../accounts/accounts.ts";
import {
  addPerson,
  addSupplier,
  changePerson,
  changeSupplier,
  findOrAddPeople,
  findOrAddSuppliers,
  listPeople,
  listSuppliers,
  nameKey,
} from "./companies.ts";

const platform = await testPlatform({ poolSize: 25 });
const newCompany = async () =>
  (
    await createCompanyWithOwner(platform, {
      name: "People Ltd",
      timeZone: "Europe/Berlin",
      ownerEmail: "zz-owner@example.com",
      ownerName: "Zz Owner",
    })
  ).companyId;

test("two spellings of one name are one name", () => {
  assert.equal(nameKey("  Ａnna\u00a0 SCHMIDT "), "anna schmidt");
  assert.equal(nameKey("Ångström"), nameKey("A\u030angstro\u0308m"));
});

test("a named person is found in any spelling, else added once, in the order asked for", async () => {
  const id = await newCompany();
  const [anna, ben, annaAgain] = await platform.within(id, (ctx) =>
    findOrAddPeople(ctx, [{ name: "Anna Schmidt" }, { name: "Ben" }, { name: "anna  SCHMIDT" }]),
  );
  assert.equal(anna!.id, annaAgain!.id);
  assert.notEqual(anna!.id, ben!.id);
  const [found] = await platform.within(id, (ctx) => findOrAddPeople(ctx, [{ name: "ANNA SCHMIDT" }]));
  assert.deepEqual(found, { id: anna!.id, name: "Anna Schmidt" });
});

test("of two people of one name the oldest who has not left is found; each side has its own", async () => {
  const id = await newCompany();
  const supplier = await platform.within(id, (ctx) => addSupplier(ctx, { name: "Firm" }));
  const first = await platform.within(id, (ctx) => addPerson(ctx, { name: "Jo Lee" }));
  const second = await platform.within(id, (ctx) => addPerson(ctx, { name: "jo lee" }));
  const find = async (supplierId: string | null) =>
    (await platform.within(id, (ctx) => findOrAddPeople(ctx, [{ name: "Jo Lee", supplierId }])))[0]!.id;
  assert.equal(await find(null), first.id);
  const technician = await find(supplier.id);
  assert.ok(![first.id, second.id].includes(technician));
  assert.equal(await find(supplier.id), technician);
  await platform.asSuperuser("update people set left_at = now() where id = $1", [first.id]);
  assert.equal(await find(null), second.id);
});

test("an e-mail address decides alone, in any letter case", async () => {
  const id = await newCompany();
  const [one, other] = await platform.within(id, (ctx) =>
    findOrAddPeople(ctx, [
      { name: "Kim", email: "Kim@Example.com" },
      { name: "Kim", email: "kim.other@example.com" },
    ]),
  );
  assert.notEqual(one!.id, other!.id);
  const [found] = await platform.within(id, (ctx) => findOrAddPeople(ctx, [{ name: "K.", email: "KIM@example.COM" }]));
  assert.deepEqual(found, { id: one!.id, name: "Kim" });
});

test("a new name waits for a transaction that is just adding it, and finds it there", async () => {
  const id = await newCompany();
  const find = () => platform.within(id, async (ctx) => (await findOrAddPeople(ctx, [{ name: "Nova" }]))[0]!.id);
  const waits = async () => {
    for (;;) {
      const rows = await platform.asSuperuser("select from pg_locks where locktype = 'advisory' and not granted");
      if (rows.length > 0) return;
    }
  };
  let second: Promise<string> | undefined;
  const first = await platform.within(id, async (ctx) => {
    const [nova] = await findOrAddPeople(ctx, [{ name: "NOVA" }]);
    second = find();
    await Promise.race([second, waits()]);
    return nova!.id;
  });
  assert.equal(await second, first);
});

test("twenty calls at once that bring the same new names add each of them once", async () => {
  const id = await newCompany();
  const names = ["Nova", "Otto", "Pia"];
  const found = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      platform.within(id, (ctx) =>
        findOrAddPeople(
          ctx,
          (i % 2 ? names : names.toReversed()).map((name) => ({
            name,
            email: name === "Pia" ? "pia@example.com" : null,
          })),
        ),
      ),
    ),
  );
  assert.equal(new Set(found.flat().map((person) => person.id)).size, 3);
  const suppliers = await Promise.all(
    Array.from({ length: 20 }, () => platform.within(id, (ctx) => findOrAddSuppliers(ctx, ["Acme", "ACME ", "Bolt"]))),
  );
  assert.equal(new Set(suppliers.flat().map((supplier) => supplier.id)).size, 2);
});

test("thousands of names are a handful of statements", async () => {
  const id = await newCompany();
  const batch = Array.from({ length: 5_000 }, (_, i) => ({ name: `Person ${i % 4_000}` }));
  const counts = await platform.within(id, async (ctx) => {
    const add = await statementsOf(ctx, async () => {
      const added = await findOrAddPeople(ctx, batch);
      assert.equal(new Set(added.map((person) => person.id)).size, 4_000);
    });
    const find = await statementsOf(ctx, () => findOrAddPeople(ctx, batch));
    return [add.length, find.length];
  });
  assert.deepEqual(counts, [3, 1], "find, add, events; then find alone");
});

test("a name that cannot be used refuses the batch and names the row", async () => {
  const id = await newCompany();
  const people = (names: string[]) =>
    platform
      .within(id, (ctx) =>
        findOrAddPeople(
          ctx,
          names.map((name) => ({ name })),
        ),
      )
      .catch((error: unknown) => error);
  const fields = { "people.1": "A name is needed.", "people.2": "At most 200 characters." };
  assert.deepEqual(((await people(["Fine", " ", "x".repeat(201)])) as { fields: object }).fields, fields);
  const { items } = await platform.within(id, (ctx) => listPeople(ctx, { limit: 10 }));
  assert.deepEqual(
    items.map((person) => person.name),
    ["Zz Owner"],
  );
});

test("people are listed by name, a page at a time, by beginning and by side", async () => {
  const id = await newCompany();
  const firm = await platform.within(id, (ctx) => addSupplier(ctx, { name: "Firm" }));
  await platform.within(id, (ctx) =>
    findOrAddPeople(ctx, [
      { name: "Anna" },
      { name: "anton" },
      { name: "Bea" },
      { name: "Änne" },
      { name: "50%_ok" },
      { name: "Ann Tech", supplierId: firm.id },
    ]),
  );
  // Twins of one name on both sides of a page's end.
  const twins = [];
  for (let i = 0; i < 3; i++) twins.push(await platform.within(id, (ctx) => addPerson(ctx, { name: "Cy" })));
  const names: string[] = [];
  const ids = new Set<string>();
  for (let cursor: string | undefined, pages = 0; pages === 0 || cursor; pages++) {
    const page = await platform.within(id, (ctx) => listPeople(ctx, { limit: 2, cursor }));
    assert.ok(page.items.length <= 2);
    for (const person of page.items) {
      names.push(person.name);
      ids.add(person.id);
    }
    cursor = page.next;
  }
  assert.equal(ids.size, names.length);
  assert.deepEqual(
    names,
    names.toSorted((a, b) => (nameKey(a) < nameKey(b) ? -1 : nameKey(a) > nameKey(b) ? 1 : 0)),
  );
  assert.equal(names.length, 10);
  const list = async (query: { q?: string; supplier?: string; side?: "company" | "supplier" }) =>
    (await platform.within(id, (ctx) => listPeople(ctx, { limit: 50, ...query }))).items.map((person) => person.name);
  assert.deepEqual(await list({ q: "AN" }), ["Ann Tech", "Anna", "anton"]);
  assert.deepEqual(await list({ q: "an", side: "company" }), ["Anna", "anton"]);
  assert.deepEqual(await list({ side: "supplier" }), ["Ann Tech"]);
  assert.deepEqual(await list({ supplier: firm.id }), ["Ann Tech"]);
  assert.deepEqual(await list({ q: "50%" }), ["50%_ok"]);
  assert.deepEqual(await list({ q: "%" }), []);
  await assert.rejects(
    platform.within(id, (ctx) => listPeople(ctx, { limit: 2, cursor: "' or 1=1 --" })),
    { code: "invalid_input" },
  );
});

test("the beginning of a name is found by the index under row-level security", async () => {
  const id = await newCompany();
  await platform.within(id, (ctx) =>
    findOrAddPeople(
      ctx,
      Array.from({ length: 3_000 }, (_, i) => ({ name: `Worker ${i}` })),
    ),
  );
  await platform.asOwner("analyze people");
  const plan = await platform.within(id, async (ctx) => {
    const { rows } = await sql<{ "QUERY PLAN": string }>`
      explain select id from people where company_id = ${sql.lit(id)} and name_key ^@ 'worker 29'
      order by name_key, id limit 51`.execute(ctx.db);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
  assert.match(plan, /Index Cond:.*name_key >= 'worker 29'/);
});

test("a person's address is theirs alone in the company; a change keeps what it does not name", async () => {
  const id = await newCompany();
  const person = await platform.within(id, (ctx) =>
    addPerson(ctx, { name: "Lou", email: "lou@example.com", department: "Sales", phone: "1" }),
  );
  const other = await platform.within(id, (ctx) => addPerson(ctx, { name: "Max" }));
  await assert.rejects(
    platform.within(id, (ctx) => addPerson(ctx, { name: "Lou 2", email: "LOU@example.com" })),
    { code: "person_exists" },
  );
  await assert.rejects(
    platform.within(id, (ctx) => changePerson(ctx, { id: other.id, email: "Lou@Example.com" })),
    { code: "person_exists" },
  );
  const changed = await platform.within(id, (ctx) =>
    changePerson(ctx, { id: person.id, name: "Lou Reed", phone: null }),
  );
  assert.deepEqual(changed, { ...person, name: "Lou Reed", phone: null });
  assert.deepEqual(await platform.within(id, (ctx) => changePerson(ctx, { id: person.id })), changed);
  const [found] = await platform.within(id, (ctx) => findOrAddPeople(ctx, [{ name: "lou reed" }]));
  assert.equal(found!.id, person.id);
});

test("another company's people and suppliers are not there", async () => {
  const [mine, theirs] = [await newCompany(), await newCompany()];
  const person = await platform.within(theirs, (ctx) => addPerson(ctx, { name: "Foreign", email: "f@example.com" }));
  const supplier = await platform.within(theirs, (ctx) => addSupplier(ctx, { name: "Foreign Firm" }));
  const missing = { code: "not_found" };
  await assert.rejects(
    platform.within(mine, (ctx) => changePerson(ctx, { id: person.id, name: "Mine" })),
    missing,
  );
  await assert.rejects(
    platform.within(mine, (ctx) => changeSupplier(ctx, { id: supplier.id, name: "Mine" })),
    missing,
  );
  await assert.rejects(
    platform.within(mine, (ctx) => addPerson(ctx, { name: "X", supplierId: supplier.id })),
    { code: "invalid_input", fields: { supplierId: "There is no such supplier." } },
  );
  await assert.rejects(
    platform.within(mine, (ctx) => findOrAddPeople(ctx, [{ name: "X", supplierId: supplier.id }])),
    { code: "invalid_input" },
  );
  const [own] = await platform.within(mine, (ctx) =>
    findOrAddPeople(ctx, [{ name: "Foreign", email: "f@example.com" }]),
  );
  assert.notEqual(own!.id, person.id);
  assert.deepEqual(await platform.within(mine, listSuppliers), []);
});

test("a supplier's name is its own in the company", async () => {
  const id = await newCompany();
  const acme = await platform.within(id, (ctx) => addSupplier(ctx, { name: "Acme IT", phone: "+49 1" }));
  await assert.rejects(
    platform.within(id, (ctx) => addSupplier(ctx, { name: "ACME  it" })),
    { code: "supplier_exists" },
  );
  const bolt = await platform.within(id, (ctx) => addSupplier(ctx, { name: "Bolt" }));
  await assert.rejects(
    platform.within(id, (ctx) => changeSupplier(ctx, { id: bolt.id, name: "acme it" })),
    {
      code: "supplier_exists",
    },
  );
  const renamed = await platform.within(id, (ctx) => changeSupplier(ctx, { id: acme.id, name: "ACME IT" }));
  assert.deepEqual(renamed, { ...acme, name: "ACME IT" });
  assert.deepEqual(
    (await platform.within(id, listSuppliers)).map((supplier) => supplier.name),
    ["ACME IT", "Bolt"],
  );
});
