import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { sql } from "kysely";
import { Client, Pool, type QueryResult } from "pg";
import { createCompanyWithOwner } from "../src/accounts/accounts.ts";
import { addPerson, addSupplier, findOrAddPeople, listPeople } from "../src/companies/companies.ts";
import { outsideCompany } from "../src/context.ts";
import { checkApplicationRole } from "../src/platform/postgres.ts";
import { migrate, readMigrations, type Migration } from "../src/platform/migrate.ts";
import { testPlatform } from "./harness.ts";
import {
  companyTables,
  fillEveryTable,
  seenByAllSides,
  undecidedForSuppliers,
  violationsOf,
} from "./tenancy-catalogue.ts";

const platform = await testPlatform({ poolSize: 2 });
const scratch = await testPlatform();
const filled = await testPlatform();
const sided = await testPlatform();

const newCompany = async (name: string) =>
  (
    await createCompanyWithOwner(platform, {
      name,
      timeZone: "Europe/Berlin",
      ownerEmail: `${randomUUID()}@example.com`,
      ownerName: `Owner of ${name}`,
    })
  ).companyId;

describe("the catalogue", () => {
  test("every table is a company's own and walled in, or its reason is written down", async () => {
    assert.deepEqual(await violationsOf(platform), []);
  });

  test("each way to forget a wall is found", async () => {
    const role = new URL(scratch.appUrl).username;
    await scratch.asOwner(`
      create table bare (id uuid primary key, name text unique);
      create table open (company_id uuid, id uuid, account_id uuid references accounts, supplier_id uuid,
        primary key (company_id, id));
      create unique index open_name on open (id);
      alter table suppliers add constraint plain unique (id);
      alter table open add foreign key (supplier_id) references suppliers (id);
      alter table open enable row level security;
      create policy company_isolation on open using (true);
      create policy everybody on open using (true);
      alter policy own_companies on companies using (true);
      alter policy whole_installation on holidays using (true);
      alter policy whole_installation on targets to public;
      create policy own_memberships_too on members using (true);
      create view everything as select * from people;
      create function as_owner() returns int language sql security definer as 'select 1';
      grant update on entries to ${role};
      grant truncate on people to ${role};
      grant select on people to public;
      alter table people no force row level security;
    `);
    assert.deepEqual(await violationsOf(scratch), [
      "PUBLIC may use people",
      "bare: backups do not see it",
      "bare: no company_id",
      "bare: no policy company_isolation",
      "bare: primary key does not begin with company_id",
      "bare: row-level security is not forced on the owner",
      "bare: row-level security is off",
      "bare: unique index bare_name_key does not begin with company_id",
      "bare: unique index bare_pkey does not begin with company_id",
      "companies: policy own_companies says something else than reading what is explained",
      "function as_owner is SECURITY DEFINER",
      "holidays: backups do not see it",
      "holidays: permissive policy whole_installation is not explained",
      "members: permissive policy own_memberships_too is not explained",
      "open: backups do not see it",
      "open: foreign key open_account_id_fkey does not begin with company_id",
      "open: foreign key open_account_id_fkey refers to accounts without its company",
      "open: foreign key open_account_id_fkey refers to accounts, outside the company",
      "open: foreign key open_supplier_id_fkey does not begin with company_id",
      "open: foreign key open_supplier_id_fkey refers to suppliers without its company",
      "open: permissive policy everybody is not explained",
      "open: policy company_isolation says something else",
      "open: row-level security is not forced on the owner",
      "open: unique index open_name does not begin with company_id",
      `${role} may truncate people`,
      `${role} may update entries`,
      "people: row-level security is not forced on the owner",
      "suppliers: unique index plain does not begin with company_id",
      "targets: backups do not see it",
      "targets: permissive policy whole_installation is not explained",
      "view everything is not security_invoker",
    ]);
  });

  test("the server takes its own role and refuses the owner's and the superuser's", async () => {
    await checkApplicationRole(platform.database.pool);
    const owner = new Pool({ connectionString: platform.ownerUrl, max: 1 });
    await assert.rejects(checkApplicationRole(owner), { code: "unsafe_database_role" });
    await owner.end();
  });
});

describe("a row in every table of two companies, seen through the application's role", async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await fillEveryTable(filled, [one, other]);
  const tables = await companyTables(filled);
  const app = new Client({ connectionString: filled.appUrl });
  const column = (table: string) => (table === "companies" ? "id" : "company_id");

  /** Runs one statement with the setting as a request would have it, and undoes it. */
  async function as(company: string | null | undefined, text: string): Promise<QueryResult> {
    await app.query("begin");
    try {
      if (company !== undefined) await app.query("select set_config('app.company_id', $1, true)", [company]);
      return await app.query<Record<string, unknown>>(text);
    } finally {
      await app.query("rollback");
    }
  }
  const may = (table: string, privilege: string) =>
    as(one, `select has_table_privilege('${table}', '${privilege}') as may`).then(({ rows }) => rows[0].may as boolean);
  const denied = { code: "42501" };

  before(() => app.connect());
  after(() => app.end());
  for (const table of tables) {
    test(`${table}: nothing without a company, one's own with it`, async () => {
      const rows = async (company: string | null | undefined) =>
        (await as(company, `select ${column(table)} as company from ${table}`)).rows.map(
          (row) => row.company as string,
        );
      assert.deepEqual([await rows(undefined), await rows(""), await rows(null)], [[], [], []]);
      assert.deepEqual([await rows(one), await rows(other), await rows(randomUUID())], [[one], [other], []]);
      await assert.rejects(rows("nonsense"), { code: "22P02" });
    });
    test(`${table}: another company's row is neither written, moved nor touched`, async () => {
      if (await may(table, "insert")) {
        await assert.rejects(as(one, `insert into ${table} (${column(table)}) values ('${other}')`), denied);
        await assert.rejects(as(undefined, `insert into ${table} (${column(table)}) values ('${other}')`), denied);
      }
      const set = `${column(table)} = '${other}'`;
      if (await may(table, "update")) await assert.rejects(as(one, `update ${table} set ${set}`), denied);
      else await assert.rejects(as(one, `update ${table} set ${set}`), /permission denied/);
      if (await may(table, "delete")) assert.equal((await as(one, `delete from ${table}`)).rowCount, 1);
      else await assert.rejects(as(one, `delete from ${table}`), /permission denied/);
    });
  }
});

test("what lets the owner read all of it for a backup opens nothing to the application", async () => {
  const app = new Client({ connectionString: filled.appUrl });
  await app.connect();
  try {
    await app.query("begin; set local app.whole_installation = 'on'");
    for (const table of await companyTables(filled)) {
      assert.equal((await app.query(`select from ${table}`)).rowCount, 0, table);
      assert.equal((await filled.asOwner(`select from ${table}`)).length, 0, table);
    }
  } finally {
    await app.end();
  }
});

test("an account's own memberships show nobody else's, and are for reading alone", async () => {
  const [mine, theirs] = [await newCompany("Mine"), await newCompany("Theirs")];
  const [account] = await platform.asSuperuser<{ account_id: string }>(
    "select account_id from members where company_id = $1",
    [mine],
  );
  await outsideCompany(
    platform,
    async ({ db }) => {
      const companies = await db.selectFrom("companies").select("id").execute();
      const members = await db.selectFrom("members").select("company_id").execute();
      assert.deepEqual([companies, members], [[{ id: mine }], [{ company_id: mine }]]);
      const people = await db.selectFrom("people").select("id").execute();
      assert.deepEqual(people, []);
      const { numUpdatedRows } = await db.updateTable("members").set({ role: "owner" }).executeTakeFirst();
      assert.equal(Number(numUpdatedRows), 0);
    },
    { accountId: account!.account_id },
  );
  assert.ok(theirs);
});

test("a supplier's people see their supplier, and nothing of what the company or another supplier does", async () => {
  const company = await newCompany("Ours");
  const [own, other] = await platform.within(company, async (ctx) => [
    await addSupplier(ctx, { name: "Own" }),
    await addSupplier(ctx, { name: "Other" }),
  ]);
  for (const supplier of [own!.id, other!.id, null]) {
    await platform.asSuperuser(
      `insert into exports (company_id, id, created_by, supplier_id, format, with_attachments, state, created_at)
       values ($1, $2, 'x', $3, 'json', false, 'waiting', now())`,
      [company, randomUUID(), supplier],
    );
  }
  await platform.asSuperuser(
    `insert into returned_exports (company_id, id, created_by, file_name, of_company, exported_at, state, created_at)
     values ($1, $2, 'x', 'x', 'x', now(), 'done', now())`,
    [company, randomUUID()],
  );
  await platform.asSuperuser(
    `insert into imports (company_id, id, file_name, file_size, file_digest, file_key, state, created_by, created_at,
       changed_at) values ($1, $2, 'x', 1, '\\x00', '', 'done', 'x', now(), now())`,
    [company, randomUUID()],
  );
  const counts = (side: string) =>
    platform.within(company, async (ctx) => {
      await sql`select set_config('app.supplier_id', ${side}, true)`.execute(ctx.db);
      const { rows } = await sql<Record<string, string[]>>`
        select array(select id::text from suppliers) as suppliers, array(select supplier_id::text from exports) as exports,
          array(select id::text from imports) as imports, array(select id::text from returned_exports) as returned
      `.execute(ctx.db);
      return rows[0]!;
    });
  assert.deepEqual(await counts(own!.id), { suppliers: [own!.id], exports: [own!.id], imports: [], returned: [] });
  const nobody = { suppliers: [], exports: [], imports: [], returned: [] };
  assert.deepEqual(await counts("00000000-0000-0000-0000-000000000000"), nobody, "a technician of no supplier");
  const all = await counts("");
  const seen = [all["suppliers"], all["exports"], all["imports"], all["returned"]].map((found) => found!.length);
  assert.deepEqual(seen, [2, 3, 1, 1]);
});

test("a company's row cannot refer to another company's", async () => {
  const [mine, theirs] = [await newCompany("Mine"), await newCompany("Theirs")];
  const supplier = await platform.within(theirs, (ctx) => addSupplier(ctx, { name: "Theirs" }));
  const person = await platform.within(theirs, (ctx) => addPerson(ctx, { name: "Theirs" }));
  const refused = (statement: (company: string) => ReturnType<typeof sql>) =>
    assert.rejects(
      platform.within(mine, (ctx) => statement(ctx.company.id).execute(ctx.db)),
      { code: "23503" },
    );
  await refused(
    (company) => sql`insert into people (company_id, id, name, name_key, supplier_id, created_at)
      values (${company}, ${randomUUID()}, 'x', 'x', ${supplier.id}, now())`,
  );
  await refused(
    (company) => sql`insert into members (company_id, id, person_id, account_id, role, created_at)
      values (${company}, ${randomUUID()}, ${person.id}, ${randomUUID()}, 'owner', now())`,
  );
  await refused((company) => sql`update people set supplier_id = ${supplier.id} where company_id = ${company}`);
});

test("two companies interleaved on two connections, with failures half-way, never see each other", async () => {
  const names = ["Left", "Right"];
  const companies = await Promise.all(names.map(newCompany));
  const rounds = 1_000;
  let next = 0;
  const worker = async () => {
    while (next < rounds) {
      const round = next++;
      const side = round % 2;
      const failing = round % 7;
      const work = platform.within(companies[side]!, async (ctx) => {
        const { items } = await listPeople(ctx, { limit: 50 });
        assert.ok(items.length > 0 && items.every((person) => person.name.endsWith(names[side]!)));
        if (round % 10 === 0) await findOrAddPeople(ctx, [{ name: `Person ${round % 40} of ${names[side]}` }]);
        if (failing === 1) throw new Error("half-way");
        if (failing === 2) await sql`select 1 / 0`.execute(ctx.db);
        const { rows } = await sql<{ id: string }>`select id from companies`.execute(ctx.db);
        assert.deepEqual(rows, [{ id: companies[side] }]);
      });
      if (failing === 1) await assert.rejects(work, /half-way/);
      else if (failing === 2) await assert.rejects(work, { code: "22012" });
      else await work;
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  const left = await platform.database.pool.query("select id from people");
  assert.equal(left.rowCount, 0, "and nothing is left set on a connection");
});

describe("migrations", () => {
  const scratchMigration = (name: string, text: string): Migration => ({ name, sql: text, digest: name });
  const role = () => new URL(platform.appUrl).username;
  const forced = async () =>
    (
      await platform.asSuperuser<{ n: number }>(
        "select count(*)::int n from pg_class where relnamespace = 'public'::regnamespace and relforcerowsecurity",
      )
    )[0]!.n;

  test("a backfill touches every company's rows, though the owner sees none at other times", async () => {
    for (const name of ["One", "Two"]) {
      const id = await newCompany(name);
      await platform.within(id, (ctx) => addSupplier(ctx, { name: "Firm" }));
    }
    assert.deepEqual(await platform.asOwner("select id from suppliers"), []);
    const before = await forced();
    const backfill = scratchMigration("2099-01-01-0000-backfill.sql", "update suppliers set phone = 'backfilled'");
    await migrate(platform.ownerUrl, role(), [...(await readMigrations()), backfill]);
    const [row] = await platform.asSuperuser<{ all: number; touched: number }>(
      "select count(*)::int as all, count(*) filter (where phone = 'backfilled')::int as touched from suppliers",
    );
    assert.ok(row!.all >= 2);
    assert.equal(row!.touched, row!.all);
    assert.equal(await forced(), before, "the walls stand again");
  });

  test("one that fails leaves the walls as they were", async () => {
    const before = await forced();
    const applied = scratchMigration("2099-01-01-0000-backfill.sql", "");
    const failing = scratchMigration(
      "2099-01-02-0000-failing.sql",
      "update suppliers set phone = 'half'; select 1 / 0",
    );
    await assert.rejects(migrate(platform.ownerUrl, role(), [...(await readMigrations()), applied, failing]), {
      code: "migration_failed",
    });
    assert.equal(await forced(), before);
    assert.deepEqual(await platform.asSuperuser("select id from suppliers where phone = 'half'"), []);
  });
});

describe("every table of a company, seen by the people of its suppliers", async () => {
  const company = randomUUID();
  const [theirs, others] = [randomUUID(), randomUUID()];
  const nobody = "00000000-0000-0000-0000-000000000000";
  const app = new Client({ connectionString: sided.appUrl });
  await fillEveryTable(sided, [company]);
  const tables = await companyTables(sided);
  const withSupplier = await sided.asSuperuser<{ table: string }>(
    `select table_name as "table" from information_schema.columns where column_name = 'supplier_id' and table_schema = 'public'`,
  );
  // One row in each table, all of it what `theirs` has to do with.
  await sided.asSuperuser(`set session_replication_role = replica;
    ${withSupplier
      .filter(({ table }) => tables.includes(table))
      .map(({ table }) => `update ${table} set supplier_id = '${theirs}';`)
      .join("\n")}
    update suppliers set id = '${theirs}';
    update members set person_id = (select id from people);
    update saved_views set member_id = (select id from members);
    update events set subject_id = (select id from requests);
    update request_sources set request_id = (select id from requests);
    update request_tags set request_id = (select id from requests);
    update entry_contents set request_id = (select request_id from entries), seq = (select seq from entries);
    update attachments set request_id = (select request_id from entries), seq = (select seq from entries);`);
  const companyOnly = new Set([
    "api_keys",
    "follow_acts",
    "follow_links",
    "asset_changes",
    "categories",
    "request_templates",
    "audit_entries",
    "import_changes",
    "import_mappings",
    "imports",
    "invitations",
    "name_aliases",
    "report_links",
    "reports",
    "returned_exports",
    "supplier_endings",
  ]);

  async function seen(supplier: string): Promise<string[]> {
    const found: string[] = [];
    await app.query(`begin; set local app.company_id = '${company}'; set local app.supplier_id = '${supplier}'`);
    for (const table of tables) if ((await app.query(`select from ${table}`)).rowCount) found.push(table);
    await app.query("rollback");
    return found.toSorted();
  }
  before(() => app.connect());
  after(() => app.end());

  test("each table is closed to them, opened in part, or its reason is written down", async () => {
    assert.deepEqual(await undecidedForSuppliers(sided), []);
  });
  test("they see what is theirs, and nothing of the company's own affairs", async () => {
    assert.deepEqual(await seen(theirs), tables.filter((table) => !companyOnly.has(table)).toSorted());
  });
  test("another supplier's people see none of it", async () => {
    assert.deepEqual(await seen(others), seenByAllSides.toSorted());
  });
  test("the company's own people are seen by suppliers' people, and by nobody who has a supplier's role without one", async () => {
    await sided.asSuperuser("set session_replication_role = replica; update people set supplier_id = null");
    assert.deepEqual(await seen(others), [...seenByAllSides, "members", "people"].toSorted());
    assert.deepEqual(await seen(nobody), seenByAllSides.toSorted());
  });
});
