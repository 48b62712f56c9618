import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { sql } from "kysely";
import { z } from "zod";
import { testPlatform } from "../../test/harness.ts";
import { asOperator, type Proof } from "../context.ts";
import { CompanyPath, Id, route, type Role } from "../contract.ts";
import { AppError, notFound } from "../errors.ts";
import { openFiles, type StoredFile } from "./files.ts";
import { createHttp } from "./http.ts";
import { hashToken, sessionCookie, unauthenticated } from "./http-credentials.ts";
import { listen } from "./http-server.ts";

const Note = z.object({ text: z.string().min(1).max(100), nested: z.record(z.string(), z.unknown()).optional() });
const Kept = z.object({ id: z.string(), text: z.string(), version: z.int() });
const company = { tag: "notes", params: CompanyPath } as const;

const addNote = route({
  ...company,
  id: "addNote",
  method: "post",
  path: "/companies/{company}/notes",
  summary: "",
  permission: "requests.write",
  body: Note,
  reply: Kept,
  status: 201,
  idempotent: true,
});
const addSecret = route({ ...addNote, id: "addSecret", path: "/companies/{company}/secrets", secretReply: true });
const getNote = route({
  ...company,
  id: "getNote",
  method: "get",
  path: "/companies/{company}/notes/{note}",
  summary: "",
  permission: "requests.read",
  params: CompanyPath.extend({ note: Id }),
  query: z.object({ limit: z.coerce.number().int().max(10).optional(), q: z.string().optional() }),
  reply: Kept,
  versioned: true,
});
const changeNote = route({ ...getNote, id: "changeNote", method: "patch", permission: "requests.write", body: Note });
const removeNote = route({
  ...company,
  id: "removeNote",
  method: "delete",
  path: "/companies/{company}/notes/{note}",
  summary: "",
  permission: "company.manage",
  params: CompanyPath.extend({ note: Id }),
});
const liar = route({ ...getNote, id: "liar", path: "/companies/{company}/liar", params: CompanyPath });
const broken = route({
  ...company,
  id: "broken",
  method: "post",
  path: "/companies/{company}/broken",
  summary: "",
  permission: "requests.write",
  body: z.object({ what: z.string() }),
});
const uploadNote = route({
  ...company,
  id: "uploadNote",
  method: "post",
  path: "/companies/{company}/files",
  summary: "",
  permission: "imports.run",
  bodyKind: "bytes",
  query: z.object({ fail: z.string().optional() }),
  reply: z.object({ key: z.string(), size: z.int(), sha256: z.string() }),
  status: 201,
});
const download = route({
  ...company,
  id: "download",
  method: "get",
  path: "/companies/{company}/download",
  summary: "",
  permission: "requests.read",
  replyType: "text/html",
});
const enter = route({
  id: "enter",
  method: "post",
  path: "/enter",
  summary: "",
  tag: "t",
  permission: "public",
  body: z.object({ token: z.string() }),
  reply: z.object({ network: z.string() }),
});
const self = route({
  id: "self",
  method: "get",
  path: "/self",
  summary: "",
  tag: "t",
  permission: "account",
  reply: z.object({ id: z.string(), setting: z.string() }),
});
const leave = route({ id: "leave", method: "delete", path: "/self", summary: "", tag: "t", permission: "account" });

const platform = await testPlatform({ poolSize: 8 });
const [own, foreign] = [await newCompany(), await newCompany()];
const account = randomUUID();
const key = (name: string) => `ob_${name.padEnd(40, "x")}`;
const keys: Record<string, { role: Role; scopes?: string[] }> = {
  [key("owner")]: { role: "owner" },
  [key("auditor")]: { role: "auditor" },
  [key("reader")]: { role: "owner", scopes: ["read"] },
};
const sessionToken = "s".repeat(43);

let works = 0;
const files = openFiles(join(tmpdir(), `openbook-http-${randomUUID()}`));
const lines: string[] = [];

/** Keys and one session of the company `own`, looked up in memory; the company itself in the database. */
function proofFor(tokenHash: Buffer): Proof {
  return async (tx, companyId, now) => {
    const token = [...Object.keys(keys), sessionToken].find((token) => hashToken(token).equals(tokenHash));
    if (!token) throw unauthenticated();
    const { company } = await asOperator()(tx, companyId, now);
    if (companyId !== own) throw notFound();
    const { role, scopes } = keys[token] ?? { role: "owner" as const };
    const ids = { accountId: account, memberId: account, personId: account, supplierId: null };
    return { actor: { kind: "member", ...ids, name: "Ada", role, scopes: scopes ?? null }, company };
  };
}

const log = { info: line, warn: line, error: line };
function line(message: string, fields: object = {}): void {
  lines.push(JSON.stringify({ message, ...fields }));
}
const { app, mount } = createHttp({
  platform: { ...platform, log },
  files,
  publicUrl: undefined,
  cookie: sessionCookie("openbook_session", undefined),
  proofs: { session: proofFor, key: proofFor, account: async () => ({ id: account }) },
  checkReplies: true,
});
mountNotes(mount);
const server = await listen(app, { host: "127.0.0.1", port: 0, publicUrl: undefined, log });
after(() => server.stop());

async function newCompany(): Promise<string> {
  const id = randomUUID();
  await platform.asSuperuser(
    `insert into companies (id, name, time_zone, currency, created_at) values ($1, 'C', 'UTC', 'EUR', now())`,
    [id],
  );
  return id;
}

function mountNotes(mount: ReturnType<typeof createHttp>["mount"]): void {
  mount(addNote, async (ctx, { body }) => {
    works++;
    if (body.text === "refused") throw new AppError("note_refused", "It was refused.");
    const row = { company_id: ctx.company.id, id: randomUUID(), type: "note", recorded_at: ctx.now };
    await ctx.db.insertInto("events").values(row).execute();
    return { id: row.id, text: body.text, version: 1 };
  });
  mount(addSecret, async (_, { body }) => ({ id: "shown-once", text: body.text, version: 1 }));
  mount(getNote, async (ctx, { params, query }) => {
    const { rows } = await sql<{ mode: string }>`show transaction_read_only`.execute(ctx.db);
    if (params.note !== account) throw notFound();
    return { id: Object.values(rows[0]!)[0]!, text: String(query.limit), version: 7 };
  });
  mount(changeNote, async (_, { body, request }) => {
    if (request.ifMatch !== undefined && request.ifMatch !== 7) throw new AppError("precondition_failed", "Changed.");
    return { id: "x", text: body.text, version: 8 };
  });
  mount(removeNote, async () => {});
  mount(liar, async () => ({ id: "x", text: "x", version: 1, password: "canary" }));
  mount(broken, async (ctx, { body }) => {
    if (body.what === "reference") {
      await sql`insert into members (company_id, id, person_id, account_id, role, created_at)
        values (${ctx.company.id}, ${account}, ${account}, ${account}, 'owner', now())`.execute(ctx.db);
    }
    if (body.what === "number") await sql`select ${"canary"}::text::int`.execute(ctx.db);
    if (body.what === "division") await sql`select 1 / ${0}::int`.execute(ctx.db);
    throw new Error("unforeseen");
  });
  const examine = async (file: StoredFile) => {
    if (file.size === 13) throw new AppError("note_unlucky", file.key);
    return file.size * 2;
  };
  mount.upload(uploadNote, { maxBytes: 100_000, examine }, async (_, { file, query, examined }) => {
    if (query.fail || examined !== file.size * 2) throw new AppError("note_refused", file.key);
    return { key: file.key, size: file.size, sha256: file.sha256.toString("hex") };
  });
  mount.file(download, async () => ({ fileName: 'ä"\r\n.html', body: "<script>" }));
  mount.public(enter, async ({ setSession }, { body, request }) => {
    setSession(body.token, new Date("2027-01-01T00:00:00Z"));
    return { network: request.network };
  });
  mount.account(self, async (ctx) => {
    const { rows } = await sql<{ id: string }>`select current_setting('app.account_id', true) as id`.execute(ctx.db);
    return { id: ctx.account.id, setting: rows[0]!.id };
  });
  mount.account(leave, async (ctx) => ctx.clearSession());
}

interface Sent {
  method?: string;
  as?: string | undefined;
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
}

/** A call under `/api/v1`; `body` goes as JSON, `raw` as it is. */
async function call(path: string, { method = "GET", as = "owner", body, raw, headers = {} }: Sent = {}) {
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const authorization: Record<string, string> = as ? { authorization: `Bearer ${key(as)}` } : {};
  const type: Record<string, string> = sent === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { ...authorization, ...type, ...headers },
    body: sent,
  });
  const text = await response.text();
  const json = text && /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, json };
}

const post = (path: string, sent: Sent = {}) => call(path, { method: "POST", ...sent });
const notes = () => `/companies/${own}/notes`;
const asSession = { as: "", headers: { cookie: `a=b; openbook_session=${sessionToken}` } };

describe("who asks", () => {
  test("nobody gets 401, whatever else is wrong", async () => {
    for (const path of [`/companies/${foreign}/notes`, "/companies/none/notes", notes()]) {
      const { status, json, headers } = await post(path, { as: "", raw: "{" });
      assert.equal(status, 401);
      assert.equal(json.code, "unauthenticated");
      assert.match(headers.get("content-type")!, /^application\/problem\+json/);
    }
    assert.equal((await post(notes(), { as: "unknown", body: {} })).status, 401);
    assert.equal((await call(notes() + "/1", { as: "", headers: { cookie: "openbook_session=" } })).status, 401);
    const basic = { authorization: "Basic YTpi", cookie: asSession.headers.cookie };
    assert.equal((await call("/self", { as: "", headers: basic })).status, 401);
  });

  test("a foreign, a missing and an impossible company or child have one body", async () => {
    const bodies = new Set<string>();
    for (const id of [foreign, randomUUID(), "none", "00000000-0000-0000-0000-000000000000"]) {
      const wrong = await post(`/companies/${id}/notes`, { body: { text: 1 } });
      assert.equal(wrong.status, 404);
      bodies.add(wrong.text);
    }
    for (const id of [randomUUID(), "none"]) bodies.add((await call(`${notes()}/${id}`)).text);
    bodies.add((await call("/nothing")).text);
    assert.equal(bodies.size, 1);
  });

  test("403 only for a role or a scope that does not suffice, before the input is looked at", async () => {
    assert.equal((await post(notes(), { as: "auditor", body: { text: 1 } })).json.code, "forbidden");
    assert.equal((await post(notes(), { as: "reader", body: { text: 1 } })).status, 403);
    assert.equal((await call(`${notes()}/${account}`, { as: "reader" })).status, 200);
    assert.equal((await post(`/companies/${foreign}/notes`, { as: "auditor", body: {} })).status, 404);
  });

  test("a change with a cookie must come from our own page; a key may come from anywhere", async () => {
    const origin = (headers: Record<string, string>) =>
      post(notes(), { as: "", body: { text: "a" }, headers: { ...asSession.headers, ...headers } });
    assert.equal((await origin({ "sec-fetch-site": "same-origin" })).status, 201);
    assert.equal((await origin({ origin: server.url })).status, 201);
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: server.url },
      { origin: "https://evil.example" },
      { origin: "null" },
    ] as Record<string, string>[]) {
      const { status, json } = await origin(headers);
      assert.deepEqual([status, json.code], [403, "cross_site_request"]);
    }
    assert.equal(
      (await post(notes(), { body: { text: "a" }, headers: { origin: "https://evil.example" } })).status,
      201,
    );
    const entered = await post("/enter", { as: "", body: { token: "t".repeat(43) }, headers: { origin: "null" } });
    assert.equal(entered.status, 403);
  });

  test("a session's cookie is set and cleared out of scripts' reach", async () => {
    const { headers, json } = await post("/enter", { as: "", body: { token: "t".repeat(43) } });
    assert.equal(
      headers.get("set-cookie"),
      `openbook_session=${"t".repeat(43)}; Path=/; Expires=Fri, 01 Jan 2027 00:00:00 GMT; HttpOnly; SameSite=Lax`,
    );
    assert.equal(json.network, "127.0.0.1");
    const left = await call("/self", { method: "DELETE", ...asSession });
    assert.equal(left.status, 204);
    assert.match(left.headers.get("set-cookie")!, /^openbook_session=; .*1970/);
  });

  test("an account sees itself by its session, never by a company's key", async () => {
    const { json } = await call("/self", asSession);
    assert.deepEqual(json, { id: account, setting: account });
    assert.equal((await call("/self")).status, 401);
  });
});

describe("input", () => {
  test("fields are named by their path", async () => {
    const { status, json } = await post(notes(), { body: { text: "" } });
    assert.equal(status, 422);
    assert.deepEqual([json.code, Object.keys(json.fields)], ["invalid_input", ["text"]]);
  });

  test("parameters that are wrong, unknown or given twice are refused", async () => {
    for (const query of ["limit=11", "limit=x", "lmit=1", "q=a&q=b", "q=%00", "__proto__=1"]) {
      const { status, json } = await call(`${notes()}/${account}?${query}`);
      assert.deepEqual([status, json.code], [422, "invalid_input"], query);
    }
    assert.equal((await call(`${notes()}/${account}?limit=3`)).json.text, "3");
  });

  test("JSON that is none, too deep, too wide, doubled or reaching into prototypes", async () => {
    const deep = (n: number) => `{"text":"a","nested":${'{"a":'.repeat(n - 1)}1${"}".repeat(n - 1)}}`;
    const wide = (n: number) =>
      JSON.stringify({ text: "a", nested: Object.fromEntries(Array.from({ length: n }, (_, i) => [i, 1])) });
    const cases: [string, number, string?][] = [
      ["{", 400],
      ["", 400],
      ['{"text":"a"', 400],
      ['{"text":"\ud800"}', 201],
      ['{"text":"\\ud800"}', 422],
      ['{"text":"a\\u0000"}', 422],
      ['{"text":"a\u0000"}', 400],
      ['{"text":"a","text":"b"}', 422],
      ['{"text":"a","te\\u0078t":"b"}', 422],
      ['{"text":"a","nested":{"__proto__":{"x":1}}}', 422],
      ['{"text":"a","nested":{"\\u005f_proto__":{"x":1}}}', 422],
      ['{"text":"a","nested":{"constructor":1}}', 422],
      ['{"text":"a","nested":{"a":{"b":1},"b":[{"b":1},{"b":"\\"b\\":"}]}}', 201],
      [deep(20), 201],
      [deep(21), 422],
      [wide(1000), 201],
      [wide(1001), 422],
      ["[".repeat(100_000), 422],
    ];
    for (const [raw, status] of cases) assert.equal((await post(notes(), { raw })).status, status, raw.slice(0, 80));
    assert.equal(({} as { x?: number }).x, undefined);
  });

  test("a form of another site cannot send JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]) {
      const { status } = await post(notes(), { raw: '{"text":"a"}', headers: { "content-type": type } });
      assert.equal(status, 415, type);
    }
    const charset = { "content-type": "application/json; charset=utf-8" };
    assert.equal((await post(notes(), { raw: '{"text":"a"}', headers: charset })).status, 201);
  });

  test("a body counts by the bytes that arrive, declared or chunked", async () => {
    const large = `{"text":"${"a".repeat(1024 * 1024)}"}`;
    assert.equal((await post(notes(), { raw: large })).status, 413);
    const parts = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 40; i++) controller.enqueue(new TextEncoder().encode(" ".repeat(64 * 1024)));
        controller.close();
      },
    });
    const headers = { authorization: `Bearer ${key("owner")}`, "content-type": "application/json" };
    const sent = { method: "POST", headers, body: parts, duplex: "half" } as RequestInit;
    const response = await fetch(`${server.url}/api/v1${notes()}`, sent);
    assert.equal(response.status, 413);
    assert.equal((await post(`/companies/${foreign}/notes`, { raw: large })).status, 404);
  });

  test("one thing has one address", async () => {
    for (const path of [`/${notes()}`, `${notes()}/`, `/companies/${own}%2fnotes`, `/companies/${own}/x/../notes`]) {
      assert.equal(await rawStatus(`POST /api/v1${path}`), 404, path);
    }
    assert.equal(await rawStatus("POST //api/v1/self"), 404);
    assert.equal(await rawStatus("GET /api/v1/self", "Host: a b"), 400);
  });

  test("another method is named, and no other origin is ever let in", async () => {
    const { status, headers } = await call(notes(), { method: "PUT" });
    assert.deepEqual([status, headers.get("allow")], [405, "POST"]);
    const preflight = await call(notes(), { method: "OPTIONS", headers: { origin: "https://evil.example" } });
    assert.equal(preflight.status, 405);
    assert.ok(![...preflight.headers.keys()].some((name) => name.startsWith("access-control-")));
  });
});

/** The status line's number for a request written by hand: fetch would tidy the target up. */
function rawStatus(line: string, host = "Host: localhost"): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1");
    const authorization = `Authorization: Bearer ${key("owner")}`;
    socket.write(`${line} HTTP/1.1\r\n${host}\r\n${authorization}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    socket.once("data", (data) => resolve(Number(String(data).slice(9, 12)))).once("error", reject);
    socket.once("close", () => reject(new Error(`${line}: closed without a reply`)));
  });
}

describe("replies", () => {
  test("a version is an ETag, to be read once and to be changed knowingly", async () => {
    const read = await call(`${notes()}/${account}`);
    assert.equal(read.headers.get("etag"), '"7"');
    assert.equal(read.json.id, "on", "GET runs in a read-only transaction");
    const again = await call(`${notes()}/${account}`, { headers: { "if-none-match": 'W/"7"' } });
    assert.deepEqual([again.status, again.text], [304, ""]);
    const change = (ifMatch: string) =>
      call(`${notes()}/${account}`, { method: "PATCH", body: { text: "b" }, headers: { "if-match": ifMatch } });
    assert.equal((await change('"7"')).headers.get("etag"), '"8"');
    assert.equal((await change("*")).status, 200);
    assert.equal((await change('"6"')).status, 412);
    assert.equal((await change("7; drop")).status, 412);
  });

  test("HEAD is GET without a body; no content is no content", async () => {
    const head = await call(`${notes()}/${account}`, { method: "HEAD" });
    assert.deepEqual([head.status, head.text], [200, ""]);
    assert.equal((await call(`${notes()}/${account}`, { method: "DELETE" })).status, 204);
  });

  test("a reply that says more than its route declares is an error in tests", async () => {
    const { status, text } = await call(`/companies/${own}/liar`);
    assert.equal(status, 500);
    assert.ok(!text.includes("canary"));
  });

  test("what nobody foresaw is a log id to the reader and a place in the log, without content", async () => {
    const { status, json } = await post(`/companies/${own}/broken`, { body: { what: "division" } });
    assert.deepEqual([status, json.code, Object.keys(json).includes("logId")], [500, "internal_error", true]);
    const line = lines.find((line) => line.includes(json.logId) && line.includes("stack"));
    assert.match(line!, /"code":"22012"/);
    assert.match(line!, /http\.test\.ts/);
  });

  test("what PostgreSQL refuses is the input's fault where it is", async () => {
    const reference = await post(`/companies/${own}/broken`, { body: { what: "reference" } });
    assert.deepEqual([reference.status, reference.json.code], [422, "unknown_reference"]);
    const number = await post(`/companies/${own}/broken`, { body: { what: "number" } });
    assert.deepEqual([number.status, number.json.code], [422, "invalid_input"]);
    assert.equal((await post(notes(), { body: { text: "refused" } })).status, 409);
    assert.ok(!lines.some((line) => line.includes("canary")));
  });

  test("a file is a download, whatever it is", async () => {
    const { headers, text } = await call(`/companies/${own}/download`);
    assert.equal(text, "<script>");
    assert.equal(
      headers.get("content-disposition"),
      "attachment; filename=\"____.html\"; filename*=UTF-8''%C3%A4%22%0D%0A.html",
    );
    assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  });

  test("one line is logged for each request: ids, never a target", async () => {
    await call(`${notes()}/${account}?q=needle`);
    const line = JSON.parse(lines.findLast((line) => line.includes('"request"'))!);
    assert.deepEqual(
      { method: line.method, route: line.route, status: line.status, company: line.company, actor: line.actor },
      { method: "GET", route: "getNote", status: 200, company: own, actor: account },
    );
    assert.ok(!lines.some((line) => line.includes("needle") || line.includes(sessionToken) || line.includes("ob_")));
  });
});

describe("Idempotency-Key", () => {
  const keyed = (key: string, sent: Sent) => post(notes(), { ...sent, headers: { "idempotency-key": key } });

  test("fifty calls at once with one key do the work once and get one reply", async () => {
    const before = works;
    const replies = await Promise.all(Array.from({ length: 50 }, () => keyed("twins", { body: { text: "once" } })));
    assert.equal(works - before, 1);
    assert.equal(new Set(replies.map((reply) => `${reply.status} ${reply.text}`)).size, 1);
    assert.equal(replies[0]!.status, 201);
    assert.equal(replies.filter((reply) => reply.headers.get("idempotency-replayed")).length, 49);
  });

  test("another body with the same key is refused; a failed work leaves its key unused", async () => {
    assert.equal((await keyed("one", { body: { text: "a" } })).status, 201);
    const other = await keyed("one", { body: { text: "b" } });
    assert.deepEqual([other.status, other.json.code], [422, "idempotency_key_reused"]);
    assert.equal((await keyed("two", { body: { text: "refused" } })).status, 409);
    assert.equal((await keyed("two", { body: { text: "a" } })).status, 201);
    assert.equal((await keyed("ä".repeat(3), { body: { text: "a" } })).status, 422);
  });

  test("a reply with a secret is not stored: the repeat hears that it was done", async () => {
    const send = () =>
      post(`/companies/${own}/secrets`, { body: { text: "a" }, headers: { "idempotency-key": "secret" } });
    assert.equal((await send()).status, 201);
    const repeat = await send();
    assert.deepEqual([repeat.status, repeat.json.code], [409, "idempotency_key_used"]);
    const rows = await platform.asSuperuser<{ kept: string }>(
      `select idempotency_keys::text as kept from idempotency_keys`,
    );
    assert.ok(rows.length > 0 && !rows.some((row) => row.kept.includes("shown-once")));
  });

  test("after 24 hours a key is new again", async () => {
    const before = works;
    await keyed("daily", { body: { text: "a" } });
    platform.clock.advance({ hours: 23 });
    await keyed("daily", { body: { text: "a" } });
    assert.equal(works - before, 1);
    platform.clock.advance({ hours: 2 });
    assert.equal((await keyed("daily", { body: { text: "b" } })).status, 201);
    assert.equal(works - before, 2);
  });
});

describe("uploads", () => {
  const upload = (bytes: number, query = "", as = "owner") =>
    post(`/companies/${own}/files${query}`, { as, raw: "a".repeat(bytes), headers: { "content-type": "text/html" } });

  test("a file arrives under a random key with its digest", async () => {
    const { status, json } = await upload(100_000);
    assert.deepEqual([status, json.size], [201, 100_000]);
    const { stream } = await files.openFile(json.key);
    assert.equal(Buffer.concat(await stream.toArray()).length, 100_000);
  });

  test("too large, not allowed, or refused by the work: nothing stays", async () => {
    assert.equal((await upload(100_001)).status, 413);
    assert.equal((await upload(10, "", "auditor")).status, 403);
    for (const refused of [await upload(10, "?fail=yes"), await upload(13)]) {
      assert.equal(refused.status, 409);
      await assert.rejects(files.openFile(refused.json.detail), { code: "not_found" });
    }
  });
});
