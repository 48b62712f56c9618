/** For the tests of the HTTP platform: a real server with a few routes of every kind, and ways to ask it. */
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
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

export const platform = await testPlatform({ poolSize: 8 });
export const [own, foreign] = [await newCompany(), await newCompany()];
export const account = randomUUID();
export const key = (name: string) => `ob_${name.padEnd(40, "x")}`;
const keys: Record<string, { role: Role; scopes?: string[]; member?: string }> = {
  [key("owner")]: { role: "owner" },
  [key("other")]: { role: "coordinator", member: randomUUID() },
  [key("auditor")]: { role: "auditor" },
  [key("reader")]: { role: "owner", scopes: ["read"] },
};
export const sessionToken = "s".repeat(43);

/** How often the work behind addNote was done. */
export const works = { done: 0 };
export const filesFolder = join(tmpdir(), `openbook-http-${randomUUID()}`);
export const files = openFiles(filesFolder);
export const lines: string[] = [];

/** Keys and one session of the company `own`, looked up in memory; the company itself in the database. */
function proofFor(tokenHash: Buffer): Proof {
  return async (tx, companyId, now) => {
    const token = [...Object.keys(keys), sessionToken].find((token) => hashToken(token).equals(tokenHash));
    if (!token) throw unauthenticated();
    const { company } = await asOperator()(tx, companyId, now);
    if (companyId !== own) throw notFound();
    const { role, scopes, member = account } = keys[token] ?? { role: "owner" as const };
    const ids = { accountId: account, memberId: member, personId: account, supplierId: null };
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
export const server = await listen(app, { host: "127.0.0.1", port: 0, publicUrl: undefined, log });
after(() => server.stop());

async function newCompany(): Promise<string> {
  const id = randomUUID();
  await platform.asSuperuser(
    `insert into companies (id, name, time_zone, currency, created_at) values ($1, 'C', 'UTC', 'EUR', now())`,
    [id],
  );
  return id;
}

/** What was looked at and given up: twice its size, and whether it was used. */
export const released: [doubled: number, used: boolean][] = [];

function mountNotes(mount: ReturnType<typeof createHttp>["mount"]): void {
  mount(addNote, async (ctx, { body }) => {
    works.done++;
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
  const release = async (doubled: number, used: boolean) => void released.push([doubled, used]);
  mount.upload(uploadNote, { maxBytes: 100_000, examine, release }, async (_, { file, query, examined }) => {
    if (query.fail === "commit") {
      throw Object.assign(new AppError("database_unavailable", file.key), { perhapsCommitted: true });
    }
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

export interface Sent {
  method?: string;
  as?: string | undefined;
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
}

/** A call under `/api/v1`; `body` goes as JSON, `raw` as it is. */
export async function call(path: string, { method = "GET", as = "owner", body, raw, headers = {} }: Sent = {}) {
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

export const post = (path: string, sent: Sent = {}) => call(path, { method: "POST", ...sent });
export const notes = () => `/companies/${own}/notes`;
export const asSession = { as: "", headers: { cookie: `a=b; openbook_session=${sessionToken}` } };
