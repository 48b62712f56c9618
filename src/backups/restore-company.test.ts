import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { z } from "zod";
import { createCompanyWithOwner, proveKey } from "../accounts/accounts.ts";
import { companyWithOwner } from "../accounts/fixture.ts";
import { inCompany, outsideCompany } from "../context.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { openFiles } from "../platform/files.ts";
import { silentLog } from "../platform/log.ts";
import { readMigrations } from "../platform/migrate.ts";
import { openQueue, prepareQueue, type JobKind } from "../platform/queue.ts";
import { testPlatform, type TestPlatform } from "../../test/harness.ts";
import { companyTables } from "../../test/tenancy-catalogue.ts";
import { contentsOf, cost, figuresOf, livedIn, passphrase, type Lived } from "./fixture.ts";
import { makeBackup } from "./make.ts";
import { releaseOutbox } from "./release.ts";
import { restoreCompany, type CompanyRestoreInput } from "./restore-company.ts";
import { restoreBackup } from "./restore.ts";

const folder = await mkdtemp(join(tmpdir(), "openbook-company-"));
after(() => rm(folder, { recursive: true, force: true }));
const from = await testPlatform();
const to = await testPlatform();
const alone = await testPlatform();
const fromFiles = openFiles(join(folder, "from"));
const toFiles = openFiles(join(folder, "to"));
const path = join(folder, "kestrel.backup");

const Task = z.object({ companyId: z.string() });
const mailing: JobKind<{ companyId: string }> = { name: "test.mail", payload: Task, attempts: 2, outgoing: true };
const counting: JobKind<{ companyId: string }> = { name: "test.count", payload: Task, attempts: 2 };
await Promise.all([from, to].map((p) => prepareQueue(p.ownerUrl, "openbook_app", [mailing, counting])));
const queueOf = (platform: TestPlatform) => openQueue({ pool: platform.database.pool, log: silentLog });

let kestrel: Lived;
let other: Lived;
let neighbour: { companyId: string; email: string };
const bring = (more: Partial<CompanyRestoreInput> = {}) => {
  const target = { ownerUrl: to.ownerUrl, appRole: "openbook_app", files: toFiles, now: to.clock(), log: silentLog };
  return restoreCompany(target, { path, passphrase, ...more });
};
const rowsOf = async (platform: TestPlatform, company: string) => {
  const each = (await companyTables(platform)).map(
    (table) => `select '${table}' as name, (select coalesce(jsonb_agg(to_jsonb(t) - 'account_id'
      order by (to_jsonb(t) - 'account_id')::text), '[]') from ${table} t
      where ${table === "companies" ? "id" : "company_id"} = '${company}') as rows`,
  );
  const found = await platform.asSuperuser<{ name: string; rows: object[] }>(each.join(" union all "));
  return Object.fromEntries(found.map(({ name, rows }) => [name, rows]));
};

before(async () => {
  kestrel = await livedIn(from, fromFiles, "Kestrel Interiors", "ana@kestrel.example");
  other = await livedIn(from, fromFiles, "Another");
  await from.within(kestrel.companyId, (ctx) => queueOf(from).send(ctx, mailing, { companyId: kestrel.companyId }));
  await from.within(other.companyId, (ctx) => queueOf(from).send(ctx, mailing, { companyId: other.companyId }));
  neighbour = await companyWithOwner(to, { name: "Neighbour", email: "nell@neighbour.example" });
  const source = { ownerUrl: from.ownerUrl, files: fromFiles, clock: from.clock };
  await makeBackup(source, { path, passphrase, cost, companyId: kestrel.companyId });
});

describe("a company moves to an installation that has others", () => {
  test("with another version of the program on either side it does not", async () => {
    const were = await contentsOf(to);
    const older = (await readMigrations()).slice(0, -1);
    await assert.rejects(bring({ migrations: older }), { code: "company_version_differs" });
    assert.deepEqual(await contentsOf(to), were);
  });

  test("whose account is there already has to be the same person's, and somebody has to say so", async () => {
    await createCompanyWithOwner(to, {
      name: "Squatter",
      timeZone: "Europe/Berlin",
      ownerEmail: "ANA@kestrel.example",
    });
    const were = await contentsOf(to);
    await assert.rejects(bring(), { code: "accounts_to_confirm", message: /ana@kestrel\.example/ });
    assert.deepEqual(await contentsOf(to), were);
    const [{ count }] = (await to.asSuperuser("select count(*)::int as count from outbox_holds")) as [
      { count: number },
    ];
    assert.equal(count, 0);
  });

  test("all of it, and nothing of anybody else; the others are as they were", async () => {
    const before = await rowsOf(to, neighbour.companyId);
    const report = await bring({ matchAccounts: true });
    assert.deepEqual(await rowsOf(to, kestrel.companyId), await rowsOf(from, kestrel.companyId));
    assert.deepEqual(await rowsOf(to, neighbour.companyId), before);
    const gone = await rowsOf(to, other.companyId);
    assert.ok(Object.values(gone).every((rows) => rows.length === 0));
    assert.deepEqual(await figuresOf(to, kestrel.companyId), await figuresOf(from, kestrel.companyId));
    assert.deepEqual([report.requests, report.files, report.jobs], [3, 4, 1]);
    assert.deepEqual(report.accounts, { matched: ["ana@kestrel.example"], made: [] });
    const files = await to.asSuperuser<{ key: string }>("select file_key as key from attachments");
    for (const { key } of files) {
      assert.deepEqual(await readFile(toFiles.pathOf(key)), await readFile(fromFiles.pathOf(key)));
    }
  });

  test("members keep their role with the account they have there; no password moves; keys open it", async () => {
    const [member] = await to.asSuperuser<{ role: string; email: string; password: string | null }>(
      `select m.role, a.email, a.password_hash as password from members m join accounts a on a.id = m.account_id
       where m.company_id = $1`,
      [kestrel.companyId],
    );
    assert.deepEqual(member, { role: "owner", email: "ANA@kestrel.example", password: null });
    const { companyId, key } = kestrel;
    assert.equal(await inCompany(to, companyId, proveKey(hashToken(key)), async (ctx) => ctx.actor.kind), "member");
  });

  test("a second time it is refused", () => assert.rejects(bring({ matchAccounts: true }), { code: "company_exists" }));

  test("its outbox is held until it is released, and then sends once", { timeout: 20_000 }, async () => {
    const queue = queueOf(to);
    const sent: string[] = [];
    const counted: string[] = [];
    queue.work(mailing, async ({ companyId }) => void sent.push(companyId));
    queue.work(counting, async ({ companyId }) => void counted.push(companyId));
    const send = (kind: typeof mailing, companyId: string) =>
      outsideCompany(to, (ctx) => queue.send(ctx, kind, { companyId }));
    await send(mailing, kestrel.companyId);
    await send(counting, kestrel.companyId);
    await send(mailing, neighbour.companyId);
    while (sent.length < 1 || counted.length < 1) await new Promise((resolve) => setTimeout(resolve, 20));
    const jobs = () => to.asSuperuser<{ state: string }>("select state::text from pgboss.job where name = 'test.mail'");
    while ((await jobs()).some(({ state }) => state === "active")) await new Promise((r) => setTimeout(r, 20));
    assert.deepEqual([sent, counted], [[neighbour.companyId], [kestrel.companyId]]);
    const released = await releaseOutbox(to, queue, { companyId: kestrel.companyId });
    assert.deepEqual([released.jobs, released.unknown], [1, []]);
    await to.asSuperuser("update pgboss.job set start_after = now() where state = 'created'");
    while (sent.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(sent.slice(1), [kestrel.companyId, kestrel.companyId]);
    await assert.rejects(releaseOutbox(to, queue), { code: "nothing_held" });
    await queue.stop();
  });

  test("or to an empty one, as a whole backup does", async () => {
    const files = openFiles(join(folder, "alone"));
    const target = { ownerUrl: alone.ownerUrl, appRole: "openbook_app", files, now: alone.clock(), log: silentLog };
    const report = await restoreBackup(target, { path, passphrase });
    assert.equal(report.company?.id, kestrel.companyId);
    const [account] = await alone.asSuperuser<{ email: string; password: string | null }>(
      "select email, password_hash as password from accounts",
    );
    assert.deepEqual(account, { email: "ana@kestrel.example", password: null });
    const there = await rowsOf(alone, kestrel.companyId);
    assert.deepEqual(there, await rowsOf(from, kestrel.companyId));
  });
});
