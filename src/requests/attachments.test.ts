import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { after, describe, test } from "node:test";
import { companyWithOwner, asSession } from "../accounts/fixture.ts";
import { addSupplier } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { openQueue, prepareQueue } from "../platform/queue.ts";
import { subscribe } from "../platform/events.ts";
import { testPlatform } from "../../test/harness.ts";
import { served, type Reply } from "../../test/served.ts";
import { keepAttachments, listAttachments } from "./attachments.ts";
import { brokenAttachments } from "./attachments-check.ts";
import { attachmentLimits, maxAttachmentBytes } from "./contract-attachments.ts";
import type { Attachment } from "./contract-attachments.ts";
import type { RequestDetail } from "./contract.ts";
import { forgetLater, requestJobs, workRequests } from "./jobs.ts";
import { requestRoutes } from "./routes.ts";

const platform = await testPlatform({ poolSize: 6 });
const companyBytes = 60 * 1024 * 1024;
const ask = await served(platform, (mount, { files }) => requestRoutes(mount, { files, companyBytes }));
const tools = { files: ask.files, companyBytes };

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function newCompany() {
  const { companyId, token } = await companyWithOwner(platform);
  const base = `/companies/${companyId}`;
  const supplier = await platform.within(companyId, (ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const upload = (bytes: Uint8Array, name: string, headers: Record<string, string> = {}, as = token) =>
    ask(as, "POST", `${base}/attachments?fileName=${encodeURIComponent(name)}`, bytes, headers);
  const attach = async (bytes: Uint8Array, name: string) => (await upload(bytes, name)).body as unknown as Attachment;
  const request = (method: string, path: string, body?: unknown) =>
    ask(token, method, `${base}/requests${path}`, body) as Promise<Reply & { body: RequestDetail & { code?: string } }>;
  const download = (id: string, headers: Record<string, string> = {}) =>
    ask(token, "GET", `${base}/attachments/${id}`, undefined, headers);
  const rows = () =>
    platform.asSuperuser<{ id: string; seq: number; file_key: string; request_id: string }>(
      "select id, seq, file_key, request_id from attachments where company_id = $1 order by id",
      [companyId],
    );
  return { companyId, token, base, supplier, upload, attach, request, download, rows };
}

type Company = Awaited<ReturnType<typeof newCompany>>;
const filesOf = (detail: RequestDetail, seq: number) =>
  detail.entries.find((entry) => entry.seq === seq)!.content!.attachments as Attachment[] | undefined;

describe("a file goes up, an entry names it, and everybody who sees the entry gets it back", () => {
  test("with the call itself, a message, a note, and when it is done", async () => {
    const { attach, request, download } = await newCompany();
    const [screen, log, plan, report] = [
      await attach(png, "screen.png"),
      await attach(Buffer.from("line 1\nline 2\n"), "printer.log"),
      await attach(Buffer.from("%PDF-1.7\n"), "plan.pdf"),
      await attach(Buffer.from("done"), "report.txt"),
    ];
    assert.deepEqual(screen, {
      id: screen.id,
      name: "screen.png",
      type: "image/png",
      size: png.length,
      sha256: sha256(png),
      width: 1,
      height: 1,
    });
    const { body: made } = await request("POST", "", { subject: "Printer", attachmentIds: [screen.id] });
    await request("POST", `/${made.id}/entries`, { kind: "message", text: "Its log", attachmentIds: [log.id] });
    await request("POST", `/${made.id}/entries`, { kind: "note", attachmentIds: [plan.id] });
    const { body: done } = await request("POST", `/${made.id}/resolution`, { attachmentIds: [report.id] });
    assert.deepEqual(
      [1, 2, 3, 4].map((seq) => filesOf(done, seq)![0]!.name),
      ["screen.png", "printer.log", "plan.pdf", "report.txt"],
    );
    assert.deepEqual(filesOf(done, 1), [screen], "the chain covers what the file is");
    const got = await download(log.id);
    assert.equal(got.bytes.toString(), "line 1\nline 2\n");
  });

  test("a message without words or files is refused, and so is a file without bytes", async () => {
    const { request, upload } = await newCompany();
    const { body: made } = await request("POST", "", { subject: "x" });
    assert.equal((await request("POST", `/${made.id}/entries`, { kind: "message" })).status, 422);
    const empty = await upload(new Uint8Array(), "nothing.txt");
    assert.deepEqual([empty.status, empty.body.code], [422, "attachment_empty"]);
  });

  test("the same upload with the same key is one file; other bytes under it are refused; a parallel twin waits", async () => {
    const { upload, rows, companyId } = await newCompany();
    const key = { "idempotency-key": "k1" };
    const twins = await Promise.all([upload(png, "a.png", key), upload(png, "a.png", key)]);
    const again = await upload(png, "a.png", key);
    assert.deepEqual(new Set([...twins, again].map(({ body }) => body.id)).size, 1);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    const other = await upload(Buffer.from("other"), "a.png", key);
    assert.deepEqual([other.status, other.body.code], [422, "idempotency_key_reused"]);
    assert.equal((await rows()).length, 1);
    const kept = await platform.within(companyId, (ctx) => listAttachments(ctx, { limit: 10 }));
    assert.deepEqual(kept, [], "what waits is not listed");
    assert.equal((await readFile(ask.files.pathOf((await rows())[0]!.file_key))).length, png.length);
  });
});

describe("a file is attached once, by whoever sent it, in its company", () => {
  const refused = async (company: Company, ids: string[]) => {
    const reply = await company.request("POST", "", { subject: "x", attachmentIds: ids });
    assert.deepEqual([reply.status, reply.body.code], [422, "invalid_input"]);
    return reply.bytes.toString();
  };

  test("not twice, not twice at once, not somebody else's, not another company's, not a missing one", async () => {
    const [ours, theirs] = [await newCompany(), await newCompany()];
    const file = await ours.attach(png, "a.png");
    const foreign = await theirs.attach(png, "b.png");
    const bySystem = await platform.within(ours.companyId, (ctx) => keepOne(ctx, "c.txt", "text"));
    const told = new Set([
      await refused(ours, [foreign.id]),
      await refused(ours, [randomUUID()]),
      await refused(ours, [bySystem.id]),
    ]);
    assert.equal(told.size, 1, "one answer for whatever is not theirs");
    await refused(ours, [file.id, file.id]);
    const both = await Promise.all(
      ["x", "y"].map((subject) => ours.request("POST", "", { subject, attachmentIds: [file.id] })),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 422]);
    await refused(ours, [file.id]);
    const { body } = await ours.request("GET", "");
    assert.equal((body as unknown as { items: unknown[] }).items.length, 1, "what was refused was not recorded");
  });

  test("a call that is refused leaves its files waiting", async () => {
    const { attach, request } = await newCompany();
    const file = await attach(png, "a.png");
    const wrong = { subject: "x", attachmentIds: [file.id], reportedAt: "2999-01-01T00:00:00.000Z" };
    assert.equal((await request("POST", "", wrong)).status, 422);
    assert.equal((await request("POST", "", { subject: "x", attachmentIds: [file.id] })).status, 201);
  });

  test("what belongs to an entry cannot be moved, changed or removed by the server's role", async () => {
    const { attach, request, companyId } = await newCompany();
    const file = await attach(png, "a.png");
    await request("POST", "", { subject: "x", attachmentIds: [file.id] });
    await platform.within(companyId, async ({ db }) => {
      const moved = await db.updateTable("attachments").set({ seq: 1 }).where("id", "=", file.id).executeTakeFirst();
      assert.equal(Number(moved.numUpdatedRows), 0);
      const gone = await db.deleteFrom("attachments").where("id", "=", file.id).executeTakeFirst();
      assert.equal(Number(gone.numDeletedRows), 0);
    });
    await assert.rejects(
      platform.within(companyId, ({ db }) => db.updateTable("attachments").set({ size: 1 }).execute()),
      /permission denied/,
    );
  });
});

function keepOne(ctx: Context, fileName: string, text: string) {
  return ask.files
    .storeFile(
      (async function* () {
        yield Buffer.from(text);
      })(),
      { maxBytes: 1000 },
    ) // prettier-ignore
    .then((file) => keepAttachments(ctx, tools, [{ fileName, file, seen: { type: "text/plain" } }]))
    .then(([kept]) => kept!);
}

describe("a download is never shown by the browser", () => {
  test("a name in any script, and content that would run: only bytes to keep", async () => {
    const { attach, download } = await newCompany();
    const files: [name: string, content: string, type: string][] = [
      ["Übersicht – „neu“.html", "<script>alert(1)</script>", "application/octet-stream"],
      ["x.svg", "<svg onload=alert(1)>", "application/octet-stream"],
      ["x.xml", "<?xml version='1.0'?><x/>", "application/octet-stream"],
      ["x.js", "alert(1)", "application/octet-stream"],
      ["x.png", "<script>alert(1)</script>", "application/octet-stream"],
    ];
    for (const [name, content, type] of files) {
      const kept = await attach(Buffer.from(content), name);
      const { headers, bytes } = await download(kept.id);
      assert.equal(headers.get("content-type"), type, name);
      assert.match(headers.get("content-disposition")!, /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''\S+$/);
      assert.match(headers.get("content-security-policy")!, /default-src 'none'; sandbox/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("content-length"), String(bytes.length));
      assert.equal(bytes.toString(), content);
    }
  });

  test("a picture keeps its type, so that a page can show it, and is sent once to a reader who has it", async () => {
    const { attach, download } = await newCompany();
    const kept = await attach(png, "a.png");
    const first = await download(kept.id);
    assert.equal(first.headers.get("content-type"), "image/png");
    assert.match(first.headers.get("content-disposition")!, /^attachment/);
    assert.equal(first.headers.get("cache-control"), "private, no-cache");
    const again = await download(kept.id, { "if-none-match": first.headers.get("etag")! });
    assert.deepEqual([again.status, again.bytes.length], [304, 0]);
  });

  test("a flipped bit or a lost file is said in words, and the check finds both", async () => {
    const { attach, request, download, rows, companyId } = await newCompany();
    const [good, flipped, lost] = [await attach(png, "1.png"), await attach(png, "2.png"), await attach(png, "3.png")];
    await request("POST", "", { subject: "x", attachmentIds: [good.id, flipped.id, lost.id] });
    const paths = (await rows()).map((row) => ask.files.pathOf(row.file_key));
    await writeFile(paths[1]!, Buffer.concat([png.subarray(0, 20), Buffer.from([png[20]! ^ 1]), png.subarray(21)]));
    await rm(paths[2]!);
    assert.equal((await download(good.id)).status, 200);
    assert.deepEqual([(await download(flipped.id)).body.code], ["attachment_damaged"]);
    assert.deepEqual([(await download(lost.id)).body.code], ["attachment_missing"]);
    const broken = await Array.fromAsync(brokenAttachments(platform, ask.files, companyId));
    assert.deepEqual(
      broken.map(({ id, state }) => [id, state]),
      [
        [flipped.id, "changed"],
        [lost.id, "missing"],
      ],
    );
  });
});

describe("limits", () => {
  test("25 MB a file, counted as it arrives; what is too large is refused before and while it is sent", async () => {
    const { upload, base, token, rows } = await newCompany();
    const whole = Buffer.alloc(maxAttachmentBytes, 65);
    assert.equal((await upload(whole, "25.bin")).status, 201);
    const over = await upload(Buffer.alloc(maxAttachmentBytes + 1), "over.bin");
    assert.deepEqual([over.status, over.body.code], [413, "payload_too_large"]);
    // Without a declared length.
    const url = new URL(`${ask.url}/api/v1${base}/attachments?fileName=x`);
    const megabyte = new Uint8Array(1024 * 1024);
    const stream = Readable.toWeb(Readable.from(Array.from({ length: 27 }, () => megabyte)));
    const chunked = await fetch(url, {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: { cookie: `openbook_session=${token}` },
    } as RequestInit).then(
      (reply) => reply.status,
      () => 413, // the server has answered and ended the connection while bytes were still on their way
    );
    assert.equal(chunked, 413);
    assert.equal((await rows()).length, 1);
  });

  test("a company's room, and how many files may wait", async () => {
    const { upload, companyId } = await newCompany();
    await platform.asSuperuser(
      `insert into attachments (company_id, id, file_name, content_type, size, sha256, file_key, created_by, created_at)
       values ($1, gen_random_uuid(), 'x', 'text/plain', ${companyBytes - png.length}, decode(repeat('00', 32), 'hex'), 'k', 'x', now())`,
      [companyId],
    );
    assert.equal((await upload(png, "fits.png")).status, 201);
    const full = await upload(png, "full.png");
    assert.deepEqual([full.status, full.body.code], [507, "company_storage_full"]);
    await platform.asSuperuser("update attachments set size = 1 where company_id = $1", [companyId]);
    await platform.asSuperuser(
      `insert into attachments (company_id, id, file_name, content_type, size, sha256, file_key, created_by, created_at)
       select $1, gen_random_uuid(), 'x', 'text/plain', 1, decode(repeat('00', 32), 'hex'), 'k', 'x', now()
       from generate_series(1, ${attachmentLimits.waiting - 2})`,
      [companyId],
    );
    const waiting = await upload(png, "4.png");
    assert.deepEqual([waiting.status, waiting.body.code], [409, "attachments_waiting"]);
  });

  test("20 files an entry, 200 a request", async () => {
    const { request, companyId, token } = await newCompany();
    const { body: made } = await request("POST", "", { subject: "x" });
    const ids = Array.from({ length: 21 }, () => randomUUID());
    const many = await request("POST", `/${made.id}/entries`, { kind: "note", text: "x", attachmentIds: ids });
    assert.deepEqual([many.status, many.body.code], [422, "invalid_input"]);
    await platform.asSuperuser(
      `insert into attachments (company_id, id, request_id, seq, file_name, content_type, size, sha256, file_key, created_by, created_at)
       select $1, gen_random_uuid(), $2, 1, 'x', 'text/plain', 1, decode(repeat('00', 32), 'hex'), 'k', 'x', now()
       from generate_series(1, ${attachmentLimits.perRequest})`,
      [companyId, made.id],
    );
    const last = await asSession(platform, companyId, token, (ctx) => keepOne(ctx, "x.txt", "x"));
    const full = await request("POST", `/${made.id}/entries`, { kind: "note", attachmentIds: [last.id] });
    assert.deepEqual([full.status, full.body.code], [409, "attachment_limit"]);
  });
});

test("a supplier's people get the files of the entries that they see, and no others", async () => {
  const { companyId, attach, request, supplier } = await newCompany();
  const [message, note, other] = [await attach(png, "m.png"), await attach(png, "n.png"), await attach(png, "o.png")];
  const { body: made } = await request("POST", "", { subject: "x", attachmentIds: [message.id] });
  await request("POST", `/${made.id}/entries`, { kind: "note", text: "between us", attachmentIds: [note.id] });
  await request("POST", "", { subject: "ours", supplierId: null, attachmentIds: [other.id] });
  await attach(png, "waiting.png");
  const seen = await platform.within(companyId, async (ctx) => {
    await ctx.db.executeQuery({
      sql: `set local app.supplier_id = '${supplier.id}'`,
      parameters: [],
      query: {},
    } as never);
    return listAttachments(ctx, { limit: 10 }).then(async (listed) => {
      const all = await ctx.db.selectFrom("attachments").select("file_name").execute();
      assert.equal(all.length, listed.length, "nor what the company's people have just sent");
      return listed;
    });
  });
  assert.deepEqual(
    seen.map(({ name }) => name),
    ["m.png"],
  );
});

test("a file that no entry names is forgotten after a day, with its bytes; one that was attached stays", async (t) => {
  await prepareQueue(platform.ownerUrl, "openbook_app", requestJobs);
  const queue = openQueue({ pool: platform.database.pool, log: platform.log });
  after(() => queue.stop());
  const unsubscribe = subscribe(["attachment.uploaded"], forgetLater(queue));
  t.after(unsubscribe);
  const { attach, request, rows, companyId } = await newCompany();
  const [kept, forgotten] = [await attach(png, "kept.png"), await attach(png, "forgotten.png")];
  await request("POST", "", { subject: "x", attachmentIds: [kept.id] });
  const before = await rows();
  const path = ask.files.pathOf(before.find(({ id }) => id === forgotten.id)!.file_key);
  const due =
    "select start_after from pgboss.job where name = 'requests.forget-attachments' and data->>'companyId' = $1";
  const jobs = await platform.asSuperuser<{ start_after: Date }>(due, [companyId]);
  assert.equal(jobs.length, 2, "one for each upload, made with it");
  assert.ok(jobs.every(({ start_after }) => start_after.getTime() - platform.clock().getTime() > 23.9 * 3_600_000));
  platform.clock.advance({ hours: 24, minutes: 1 });
  await platform.asSuperuser("update pgboss.job set start_after = now() where name = 'requests.forget-attachments'");
  workRequests(queue, { platform, files: ask.files });
  for (;;) {
    const gone = await readFile(path).then(
      () => false,
      () => true,
    );
    if (gone) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(
    (await rows()).map(({ id }) => id),
    [kept.id],
  );
});
