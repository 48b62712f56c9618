import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { openFiles } from "../platform/files.ts";
import { openQueue, prepareQueue } from "../platform/queue.ts";
import { testPlatform } from "../../test/harness.ts";
import { cost, livedIn, passphrase } from "./fixture.ts";
import { backupJobs, scheduledBackup } from "./jobs.ts";
import { planScheduled, runScheduled, type ScheduleSettings } from "./scheduled.ts";
import { backupStatus } from "./status.ts";

const folder = await mkdtemp(join(tmpdir(), "openbook-scheduled-"));
after(() => rm(folder, { recursive: true, force: true }));
const platform = await testPlatform();
await prepareQueue(platform.ownerUrl, "openbook_app", backupJobs);
const queue = openQueue({ pool: platform.database.pool, log: platform.log });
after(() => queue.stop());
const files = openFiles(join(folder, "files"));
let dir = "";
let dirs = 0;

const settings = (more: Partial<ScheduleSettings> = {}): ScheduleSettings => ({
  dir,
  hour: 2,
  timeZone: "UTC",
  keep: { daily: 2, weekly: 1, monthly: 1 },
  prove: "weekly",
  ...more,
});
const plan = () => planScheduled(platform, queue, scheduledBackup, settings());
const installation = () => {
  const source = { ownerUrl: platform.ownerUrl, files, clock: platform.clock };
  return { platform, source, dataDir: folder, passphrase, cost };
};
const run = async (more: Partial<ScheduleSettings> = {}) => {
  const id = await plan();
  assert.ok(id, "one is due");
  return runScheduled(installation(), settings(more), id);
};
/** As if the trial restore of this moment had been made. */
const proveLast = () =>
  platform.asSuperuser(
    `update backup_runs set proof = 'restored', proven_at = ended_at where proven_at is null and state = 'done'`,
  );

before(() => livedIn(platform, files, "Kestrel Interiors"));
beforeEach(async () => {
  dir = join(folder, `backups-${dirs++}`);
  await mkdir(dir);
  await platform.asSuperuser("delete from backup_runs; delete from pgboss.job");
  platform.clock.set("2026-11-24T09:00:00.000Z");
});

describe("a scheduled backup", () => {
  test("is due once a day; what was missed is caught up once; a failed one is tried again after an hour", async () => {
    const first = await plan();
    assert.ok(first);
    assert.equal(await plan(), undefined, "another process looks as well");
    platform.clock.set("2026-11-28T01:00:00Z");
    const caughtUp = await plan();
    assert.ok(caughtUp, "days later, the one of yesterday's hour");
    assert.equal(await plan(), undefined);
    platform.clock.set("2026-11-28T02:00:00Z");
    const failing = await plan();
    await assert.rejects(runScheduled(installation(), settings({ dir: join(folder, "unmounted") }), failing!), {
      code: "backup_folder_missing",
    });
    platform.clock.set("2026-11-28T02:59:00Z");
    assert.equal(await plan(), undefined);
    platform.clock.set("2026-11-28T03:01:00Z");
    assert.ok(await plan());
    const jobs = await platform.asSuperuser<{ data: { runId: string } }>(
      "select data from pgboss.job order by created_on",
    );
    assert.deepEqual([jobs.length, jobs[0]!.data.runId], [4, first]);
  });

  test("is made, restored for trial into a database of its own, and its state told", { timeout: 120_000 }, async () => {
    assert.deepEqual((await backupStatus(platform)).problems, ["There is no backup yet."]);
    const done = await run({ prove: "each" });
    assert.deepEqual([done.state, done.proof, done.broken_chain_count, done.company_count], ["done", "restored", 0, 1]);
    assert.equal(done.file_count, 4);
    const [name] = await readdir(dir);
    assert.equal(name, "openbook-2026-11-24T09-00-00Z.backup");
    const status = await backupStatus(platform);
    assert.deepEqual([status.ok, status.problems], [true, []]);
    assert.equal(status.lastProven?.path, join(dir, name!));
    assert.deepEqual(
      (await readdir(folder)).filter((left) => left.startsWith("proof")),
      [],
      "the trial leaves nothing",
    );
    platform.clock.set("2026-11-26T10:00:00Z");
    assert.match((await backupStatus(platform)).problems.join(), /The last good backup is 2 days old/);
    await rm(join(dir, name!));
    assert.match((await backupStatus(platform)).problems.join(), /not where it was written/);
  });

  test("one that cannot be restored is a failure that everybody is told of, and nothing older is removed", async () => {
    platform.clock.set("2026-11-20T02:00:00Z");
    await run();
    await proveLast();
    platform.clock.set("2026-11-24T02:00:00Z");
    const id = (await plan())!;
    const path = join(dir, "damaged.backup");
    const [name] = await readdir(dir);
    const bytes = await readFile(join(dir, name!));
    bytes[5000]! ^= 1;
    await writeFile(path, bytes);
    await platform.asSuperuser("update backup_runs set path = $2, made_at = started_at where id = $1", [id, path]);
    const keep = { daily: 1, weekly: 0, monthly: 0 };
    await assert.rejects(runScheduled(installation(), settings({ prove: "each", keep }), id), {
      code: "backup_damaged",
    });
    const status = await backupStatus(platform);
    assert.equal(status.ok, false);
    assert.match(status.problems.join(), /1 failed since, the last: The backup is damaged/);
    assert.deepEqual((await readdir(dir)).toSorted(), [name, "damaged.backup"].toSorted());
  });

  test("older ones go by the rule, by the installation's own list alone", async () => {
    await writeFile(join(dir, "openbook-2020-01-01T02-00-00Z.backup"), "of somebody else");
    for (let day = 1; day <= 6; day++) {
      platform.clock.set(`2026-11-0${day}T02:00:00.000Z`);
      await run();
      await proveLast();
    }
    // Sunday the first is its week's only one; of the next week the last two days stay.
    assert.deepEqual((await readdir(dir)).toSorted(), [
      "openbook-2020-01-01T02-00-00Z.backup",
      "openbook-2026-11-05T02-00-00Z.backup",
      "openbook-2026-11-06T02-00-00Z.backup",
    ]);
    const status = await backupStatus(platform);
    assert.equal(status.lastGood?.path, join(dir, "openbook-2026-11-06T02-00-00Z.backup"));
  });

  test("interrupted it goes on where it was, and leaves no half file", async () => {
    const id = (await plan())!;
    const controller = new AbortController();
    controller.abort(new Error("the server stops"));
    await assert.rejects(runScheduled(installation(), settings(), id, controller.signal), /the server stops/);
    assert.deepEqual(await readdir(dir), []);
    await proveLast();
    await platform.asSuperuser(
      `insert into backup_runs (id, kind, due_at, state, started_at, made_at, proof, proven_at, path)
       values (gen_random_uuid(), 'scheduled', '2026-11-22', 'done', '2026-11-22', '2026-11-22', 'restored', '2026-11-22', $1)`,
      [join(dir, "earlier")],
    );
    assert.equal((await runScheduled(installation(), settings(), id)).state, "done");
    assert.equal((await readdir(dir)).length, 1);
  });
});
