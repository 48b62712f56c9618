import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Client } from "pg";
import { createCompanyWithOwner, createKey, proveKey, proveSession, requireAccount } from "../src/accounts/accounts.ts";
import { mayRole, roles, type Permission, type Role } from "../src/contract.ts";
import { serveHttp } from "../src/doors/http.ts";
import { exportJobs } from "../src/exports/jobs.ts";
import { importJobs } from "../src/imports/jobs.ts";
import { openLive } from "../src/live/live.ts";
import { openFiles } from "../src/platform/files.ts";
import { hashToken, newApiKey } from "../src/platform/http-credentials.ts";
import type { Mount } from "../src/platform/http-routes.ts";
import { createLog } from "../src/platform/log.ts";
import { openQueue, prepareQueue } from "../src/platform/queue.ts";
import { exampleOf, operationsOf, type Json, type Operation } from "./example.ts";
import { declaredRoutes } from "./generate.ts";
import { testPlatform } from "./harness.ts";

/*
 * The strangers' walk: every route of the OpenAPI document, asked by nobody, by somebody of another company, and by
 * every role. Nobody gets 401; what is foreign, missing or impossible gets one and the same 404 after the same
 * statements; 403 is only for a role that does not suffice on something visible.
 */

/** Routes that nobody needs to be known for. A new one is added here on purpose or not at all. */
const publicRoutes = new Set([
  "setUp",
  "signIn",
  "giveSecondFactor",
  "askPasskey",
  "signInWithPasskey",
  "setPassword",
  "readInvitation",
  "acceptInvitation",
  "readReportPage",
  "sendReport",
  "readFollowed",
  "actOnFollowed",
]);

const platform = await testPlatform({ poolSize: 4 });
await prepareQueue(platform.ownerUrl, "openbook_app", [...importJobs, ...exportJobs]);
const queue = openQueue({ pool: platform.database.pool, log: platform.log });
const live = openLive(platform);
const folder = await mkdtemp(join(tmpdir(), "openbook-strangers-"));
const files = openFiles(folder);
/** A 500 is of no use without its place. */
const log = { ...platform.log, error: createLog().error };
const server = await serveHttp({
  platform: { ...platform, log },
  config: { host: "127.0.0.1", port: 0, publicUrl: undefined },
  proofs: { session: proveSession, key: proveKey, account: requireAccount },
  files,
  mounts: await featureRoutes(),
  web: { dir: "does-not-exist" },
  checkReplies: true,
});
after(async () => {
  live.close();
  await server.stop();
  await queue.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What every feature's routes.ts exports to mount its routes. */
async function featureRoutes(): Promise<((mount: Mount) => void)[]> {
  const source = join(import.meta.dirname, "..", "src");
  const paths = (await readdir(source, { recursive: true })).filter((path) => /^\w+[/\\]routes\.ts$/.test(path));
  const modules = await Promise.all(paths.map((path) => import(join(source, path)) as Promise<Json>));
  const mounts = modules.flatMap((module) => Object.values(module) as ((mount: Mount, tools: object) => void)[]);
  return mounts.map((mountRoutes) => (mount) => mountRoutes(mount, { files, queue, live }));
}

const response = await fetch(`${server.url}/api/v1/openapi.json`);
const document = (await response.json()) as Parameters<typeof operationsOf>[0];
const operations = operationsOf(document);
const companyRoutes = operations.filter((operation) => operation.path.startsWith("/companies/{company}"));
const childRoutes = companyRoutes.filter((operation) => childNames(operation).length > 0);

function childNames(operation: Operation): string[] {
  const ids = operation.parameters.filter((p) => p.in === "path" && p.name !== "company" && p.schema.format === "uuid");
  return ids.map((parameter) => parameter.name);
}

const own = await newCompany("own");
const foreign = await newCompany("foreign");

async function newCompany(name: string) {
  const ownerEmail = `${name}@example.com`;
  const founded = await createCompanyWithOwner(platform, { name, timeZone: "Europe/Berlin", ownerEmail });
  const { apiKey, key } = await platform.within(founded.companyId, (ctx) =>
    createKey(ctx, { name: "walk", memberEmail: ownerEmail }),
  );
  return { ...founded, keyId: apiKey.id, key, session: await newSession(founded.accountId) };
}

async function newSession(accountId: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await platform.asSuperuser(
    `insert into sessions (token_hash, account_id, created_at, expires_at, second_factor_at)
       values ($1, $2, now(), 'infinity', now())`,
    [hashToken(token), accountId],
  );
  return token;
}

/** A member of the own company with a role; no feature makes all of them yet. */
async function newMember(role: Role): Promise<string> {
  const [person, account] = [randomUUID(), randomUUID()];
  const insertAccount = `insert into accounts (id, email, email_key, name, created_at) values ($1, $2, $2, $3, now())`;
  await platform.asSuperuser(insertAccount, [account, `${role}-${account}@example.com`, role]);
  const supplier = supplierRoles.has(role) ? await newSupplier(role) : null;
  const insertPerson = `insert into people (company_id, id, name, name_key, supplier_id, created_at)
    values ($1, $2, $3, $3, $4, now())`;
  await platform.asSuperuser(insertPerson, [own.companyId, person, role, supplier]);
  await platform.asSuperuser(
    `insert into members (company_id, id, person_id, account_id, role, created_at) values ($1, $2, $3, $4, $5, now())`,
    [own.companyId, randomUUID(), person, account, role],
  );
  return newSession(account);
}

const supplierRoles: ReadonlySet<Role> = new Set<Role>(["technician", "account_manager"]);

async function newSupplier(name: string): Promise<string> {
  const [row] = await platform.asSuperuser<{ id: string }>(
    `insert into suppliers (company_id, id, name, name_key, created_at) values ($1, gen_random_uuid(), $2, $2, now())
     returning id`,
    [own.companyId, `${name} ${randomUUID()}`],
  );
  return row!.id;
}

const asSession = (token: string) => ({ cookie: `openbook_session=${token}` });
const asKey = (key: string) => ({ authorization: `Bearer ${key}` });

interface Said {
  status: number;
  text: string;
}

/** Calls an operation with input its schemas accept, and with the path parameters given. */
async function ask(operation: Operation, params: Record<string, string>, who: Record<string, string>): Promise<Said> {
  const { schemas } = document.components;
  const given = (name: string, schema: Json) => params[name] ?? String(exampleOf(schema, schemas));
  let path = operation.path;
  const query = new URLSearchParams();
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(given(name, schema)));
    if (place === "query" && required) query.set(name, given(name, schema));
  }
  const body = operation.body ? JSON.stringify(exampleOf(operation.body, schemas)) : undefined;
  const type: Record<string, string> = body ? { "content-type": "application/json" } : {};
  const reply = await fetch(`${server.url}/api/v1${path}?${query}`, {
    method: operation.method,
    headers: { ...type, ...who },
    body: operation.takesBytes ? "Number,Subject\n1,Printer\n" : body,
  });
  if (reply.headers.get("content-type")?.startsWith("text/event-stream")) {
    // It goes on until somebody leaves.
    await reply.body?.cancel();
    return { status: reply.status, text: "" };
  }
  return { status: reply.status, text: await reply.text() };
}

function randomChildren(operation: Operation): Record<string, string> {
  return Object.fromEntries(childNames(operation).map((name) => [name, randomUUID()]));
}

/** The texts of the statements that `work` runs on this file's database, ids taken out. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const database = new URL(platform.appUrl).pathname.slice(1);
  const { query } = Client.prototype;
  Client.prototype.query = function (this: Client, ...args: unknown[]) {
    const [first] = args as [string | { text: string }];
    if (this.database === database)
      texts.push((typeof first === "string" ? first : first.text).replaceAll(/'[0-9a-f-]{36}'/g, "'id'"));
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
  } finally {
    Client.prototype.query = query;
  }
  assert.ok(texts.length > 1, "nothing was asked of the database");
  return texts;
}

test("the document holds every route that a contract declares, and they are all mounted", async () => {
  const declared = (await declaredRoutes()).map((route) => route.id).sort();
  assert.deepEqual(operations.map((operation) => operation.id).sort(), declared);
});

describe("nobody", () => {
  for (const operation of operations) {
    const isPublic = operation.security.length === 0;
    test(`${operation.id}: ${isPublic ? "public on purpose" : "401"}`, async () => {
      assert.equal(isPublic, publicRoutes.has(operation.id));
      if (isPublic) return;
      const bodies = new Set<string>();
      const unknown = "u".repeat(43);
      const keys = [asKey(`ob_${unknown}`), asKey(newApiKey(own.companyId)), asKey(newApiKey(randomUUID()))];
      const asked: [who: Record<string, string>, company: string][] = [
        ...[{}, asSession(unknown), ...keys].map((who): [Record<string, string>, string] => [who, own.companyId]),
        [{}, randomUUID()],
        [asSession(unknown), "none"],
      ];
      for (const [who, company] of asked) {
        const { status, text } = await ask(operation, { company, ...randomChildren(operation) }, who);
        assert.equal(status, 401);
        bodies.add(text);
      }
      assert.equal(bodies.size, 1);
    });
  }
});

describe("somebody of another company", () => {
  const notFound = new Set<string>();
  const ways = { session: asSession(own.session), key: asKey(own.key) };
  for (const operation of companyRoutes) {
    for (const [way, who] of Object.entries(ways)) {
      test(`${operation.id} by ${way}: a foreign, a missing and an impossible company are one 404`, async () => {
        for (const company of [foreign.companyId, randomUUID(), "none"]) {
          const { status, text } = await ask(operation, { company, ...randomChildren(operation) }, who);
          assert.equal(status, 404, company);
          assert.equal(notFound.add(text).size, 1);
        }
        const children = randomChildren(operation);
        const asked = (company: string) => () => ask(operation, { company, ...children }, who);
        assert.deepEqual(await statementsOf(asked(foreign.companyId)), await statementsOf(asked(randomUUID())));
      });
    }
  }

  for (const operation of childRoutes) {
    test(`${operation.id}: a foreign and a missing ${childNames(operation).join()} are one 404`, async () => {
      const who = asSession(own.session);
      const asked = (ids: Record<string, string>) => ask(operation, { company: own.companyId, ...ids }, who);
      const foreignIds = await childrenOf(operation);
      const missingIds = randomChildren(operation);
      for (const ids of [foreignIds, missingIds, Object.fromEntries(childNames(operation).map((n) => [n, "none"]))]) {
        const { status, text } = await asked(ids);
        assert.equal(status, 404, JSON.stringify(ids));
        assert.equal(notFound.add(text).size, 1);
      }
      const run = (ids: Record<string, string>) => statementsOf(() => asked(ids));
      assert.deepEqual(await run(foreignIds), await run(missingIds));
    });
  }
});

const tables: Record<string, string> = {
  member: "members",
  invitation: "invitations",
  key: "api_keys",
  holiday: "holidays",
  category: "categories",
  template: "request_templates",
  supplier: "suppliers",
  person: "people",
  request: "requests",
  import: "imports",
  asset: "assets",
  view: "saved_views",
  reportLink: "report_links",
  followLink: "follow_links",
  mapping: "import_mappings",
  decidedName: "name_aliases",
  attachment: "attachments",
  export: "exports",
  return: "returned_exports",
};

/** What no call of the API makes in a company that has a record already. */
const byHand: Record<string, string> = {
  return: `insert into returned_exports (company_id, id, created_by, file_name, of_company, exported_at, state, created_at)
    values ($1, gen_random_uuid(), 'x', 'x', 'x', now(), 'done', now())`,
};

/** The ids of real things of the other company, made through the API the first time they are needed. */
async function childrenOf(operation: Operation, whose = foreign): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of childNames(operation)) {
    const table = tables[name];
    assert.ok(table, `Say in which table a {${name}} is.`);
    const select = `select id from ${table} where company_id = $1 limit 1`;
    const find = async () => (await platform.asSuperuser<{ id: string }>(select, [whose.companyId]))[0]?.id;
    let id = await find();
    if (!id && byHand[name]) {
      await platform.asSuperuser(byHand[name], [whose.companyId]);
      id = await find();
    }
    if (!id) {
      const collection = operation.path.slice(0, operation.path.indexOf(`/{${name}}`));
      const create = operations.find((other) => other.path === collection && other.method === "POST");
      const made = await ask(create!, { company: whose.companyId, ...found }, asSession(whose.session));
      assert.ok(made.status === 201 || made.status === 202, made.text);
      id = await find();
    }
    found[name] = id!;
  }
  return found;
}

describe("every role", () => {
  for (const role of roles) {
    test(`${role}: 403 exactly where the role does not suffice`, async () => {
      const who = asSession(await newMember(role));
      const bodies = new Set<string>();
      for (const operation of companyRoutes) {
        const { status, text } = await ask(operation, { company: own.companyId, ...randomChildren(operation) }, who);
        const may = mayRole(role, operation.permission as Permission);
        assert.equal(status === 403, !may, `${operation.id}: ${status} ${text}`);
        assert.ok(status < 500 && status !== 401, `${operation.id}: ${status} ${text}`);
        if (!may) bodies.add(text);
      }
      assert.ok(bodies.size <= 1);
    });
  }

  for (const role of supplierRoles) {
    test(`${role}: what is not their supplier's is like what is not there`, async () => {
      const who = asSession(await newMember(role));
      for (const operation of childRoutes) {
        if (!mayRole(role, operation.permission as Permission)) continue;
        const asked = (ids: Record<string, string>) => ask(operation, { company: own.companyId, ...ids }, who);
        const theirs = await asked(await childrenOf(operation, own));
        assert.equal(theirs.status, 404, operation.id);
        assert.deepEqual(theirs, await asked(randomChildren(operation)), operation.id);
      }
    });
  }

  test("a key with the scope read changes nothing", async () => {
    const { key } = await platform.within(own.companyId, (ctx) =>
      createKey(ctx, { name: "reader", memberEmail: "own@example.com", scopes: ["read"] }),
    );
    for (const operation of companyRoutes) {
      const params = { company: own.companyId, ...randomChildren(operation) };
      const { status } = await ask(operation, params, asKey(key));
      assert.equal(status === 403, operation.method !== "GET", operation.id);
    }
  });

  test("a key narrowed to one permission opens the routes of that permission alone", async () => {
    const { key } = await platform.within(own.companyId, (ctx) =>
      createKey(ctx, { name: "narrow", memberEmail: "own@example.com", permissions: ["requests.read"] }),
    );
    for (const operation of companyRoutes) {
      const params = { company: own.companyId, ...randomChildren(operation) };
      const { status } = await ask(operation, params, asKey(key));
      assert.equal(status === 403, operation.permission !== "requests.read", operation.id);
    }
  });

  test("SQL, patterns and long words in any parameter of a list are words or refused, never an error of ours", async () => {
    const hostile = [
      "'; drop table requests; --",
      "1) or (1=1",
      "id desc, (select 1)",
      "%00\\%_",
      `${"a!".repeat(3_000)}`,
    ];
    for (const operation of companyRoutes.filter(({ method }) => method === "GET")) {
      const path = Object.entries({ company: own.companyId, ...randomChildren(operation) }).reduce(
        (text, [name, value]) => text.replace(`{${name}}`, value),
        operation.path,
      );
      for (const { name } of operation.parameters.filter((parameter) => parameter.in === "query")) {
        for (const word of hostile) {
          const url = `${server.url}/api/v1${path}?${name}=${encodeURIComponent(word)}`;
          const reply = await fetch(url, { headers: { authorization: `Bearer ${own.key}` } });
          await reply.body?.cancel();
          assert.ok(reply.status < 500, `${operation.id} ${name}=${word.slice(0, 30)}: ${reply.status}`);
        }
      }
    }
  });
});

describe("a reference inside the input", () => {
  /** Route, and where in its body an id of another company's thing could stand. */
  const references: [id: string, body: (id: string) => Json, name: string][] = [
    ["createRequest", (id) => ({ subject: "Printer", supplierId: id }), "supplier"],
    ["createRequest", (id) => ({ subject: "Printer", reporter: { id } }), "person"],
    ["createRequest", (id) => ({ subject: "Printer", technician: { id } }), "person"],
    ["addPerson", (id) => ({ name: "Ada", supplierId: id }), "supplier"],
    ["addAsset", (id) => ({ name: "Printer", supplierId: id }), "supplier"],
    ["addAsset", (id) => ({ name: "Printer", owner: { id } }), "person"],
    ["setHours", (id) => ({ supplierId: id, validFrom: "2026-01-01", week: [] }), "supplier"],
    [
      "setTargets",
      (id) => ({
        supplierId: id,
        targets: [{ validFrom: "2026-01-01", priority: "low", responseMinutes: 1, resolutionMinutes: 1 }],
      }),
      "supplier",
    ],
    ["addHolidays", (id) => ({ holidays: [{ supplierId: id, date: "2026-12-24", name: "Eve" }] }), "supplier"],
    ["createKey", (id) => ({ name: "k", memberId: id }), "member"],
    ["createKey", (id) => ({ name: "k", supplierId: id }), "supplier"],
  ];
  for (const [id, body, name] of references) {
    test(`${id}: a foreign ${name} is as unknown as a missing one`, async () => {
      const operation = operations.find((other) => other.id === id);
      if (!operation) return;
      const change = operations.find((other) => other.path.endsWith(`/{${name}}`))!;
      const foreignId = (await childrenOf(change))[name]!;
      const said = async (value: string) => {
        const reply = await fetch(`${server.url}/api/v1${operation.path.replace("{company}", own.companyId)}`, {
          method: operation.method,
          headers: { "content-type": "application/json", ...asKey(own.key) },
          body: JSON.stringify(body(value)),
        });
        if (reply.headers.get("content-type")?.startsWith("text/event-stream")) {
          // It goes on until somebody leaves.
          await reply.body?.cancel();
          return { status: reply.status, text: "" };
        }
        return { status: reply.status, text: await reply.text() };
      };
      const [theirs, nobodys] = [await said(foreignId), await said(randomUUID())];
      assert.ok(theirs.status >= 400 && theirs.status < 500, theirs.text);
      assert.deepEqual(theirs, nobodys);
    });
  }
});
