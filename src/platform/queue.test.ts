import assert from "node:assert/strict";
import { after, test } from "node:test";
import { z } from "zod";
import { testPlatform } from "../../test/harness.ts";
import { outsideCompany } from "../context.ts";
import { bossOn } from "./queue-schema.ts";
import { openQueue, prepareQueue, type JobKind, type QueueSpec } from "./queue.ts";

const Payload = z.object({ id: z.string() });
type Payload = z.infer<typeof Payload>;
const givenUp: JobKind<Payload> = { name: "test.given-up", payload: Payload, attempts: 1 };
const kind = (name: string): JobKind<Payload> => ({ name, payload: Payload, attempts: 2, deadLetter: givenUp });
const kinds = ["sent", "fails", "killed", "stopped", "shape", "tidied", "touched"].map((name) => kind(`test.${name}`));
const [sent, fails, killed, stopped, shape, tidied, touched] = kinds;

const platform = await testPlatform();
await prepareQueue(platform.ownerUrl, "openbook_app", kinds);
const open = () => openQueue({ pool: platform.database.pool, log: platform.log });
const queue = open();
const lost: string[] = [];
queue.work(givenUp, async ({ id }) => void lost.push(id));
after(() => queue.stop());

const send = (kind: JobKind<Payload> | undefined, id: string) =>
  outsideCompany(platform, (ctx) => queue.send(ctx, kind!, { id }));
const jobs = (kind: JobKind<Payload> | undefined) =>
  platform.asSuperuser<{ state: string; retry_count: number }>(
    "select state::text, retry_count from pgboss.job where name = $1",
    [kind!.name],
  );

/** Waits for something to become true; the test's own time limit ends it when it never does. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

/** As if the pause before the next attempt were over. */
const hurry = (kind: JobKind<Payload> | undefined) =>
  platform.asSuperuser("update pgboss.job set start_after = now() where name = $1 and state = 'retry'", [kind!.name]);

test("a job exists when its transaction commits, and not when it does not", { timeout: 20_000 }, async () => {
  const done: string[] = [];
  queue.work(sent!, async ({ id }) => void done.push(id));
  await assert.rejects(
    outsideCompany(platform, async (ctx) => {
      await queue.send(ctx, sent!, { id: "rolled back" });
      throw new Error("no");
    }),
    /no/,
  );
  await send(sent, "one");
  await until(async () => (await jobs(sent)).some((job) => job.state === "completed"));
  assert.deepEqual(done, ["one"]);
  assert.equal((await jobs(sent)).length, 1);
});

test("the application's role can make no queue, and a kind nobody prepared cannot be sent", async () => {
  const { pool } = platform.database;
  for (const making of [
    "select pgboss.create_queue('mine', '{}'::jsonb)",
    "insert into pgboss.queue select * from pgboss.queue limit 1",
  ]) {
    await assert.rejects(pool.query(making), /permission denied/);
  }
  await assert.rejects(send(kind("test.nowhere"), "x"), /Queue test.nowhere does not exist/);
});

test("preparing again changes nothing; a kind that is tried more often, or lost elsewhere, is changed", async () => {
  const changing = { name: "test.changing", attempts: 2, deadLetter: givenUp };
  const prepared = async (...more: QueueSpec[]) => {
    await prepareQueue(platform.ownerUrl, "openbook_app", [...kinds, ...more]);
    return platform.asSuperuser<{ row: string; retry_limit: number; dead_letter: string | null }>(
      "select xmin::text as row, retry_limit, dead_letter from pgboss.queue where name = 'test.changing'",
    );
  };
  const [made] = await prepared(changing);
  assert.deepEqual(await prepared(changing), [made]);
  const [changed] = await prepared({ name: "test.changing", attempts: 5 });
  assert.deepEqual([made?.retry_limit, made?.dead_letter], [1, "test.given-up"]);
  assert.deepEqual([changed?.retry_limit, changed?.dead_letter], [4, null]);
});

test("another role of the application gets its rights", async () => {
  const uses = async () => {
    const [row] = await platform.asSuperuser<{ may: boolean }>(
      "select has_table_privilege('test_other_app', 'pgboss.job', 'insert') as may",
    );
    return row?.may;
  };
  await platform.asSuperuser("create role test_other_app");
  after(async () => {
    await platform.asSuperuser("drop owned by test_other_app");
    await platform.asSuperuser("drop role test_other_app");
  });
  assert.equal(await uses(), false);
  await prepareQueue(platform.ownerUrl, "test_other_app", kinds);
  assert.equal(await uses(), true);
});

test("a job that fails is tried again, then goes where lost ones go", { timeout: 20_000 }, async () => {
  const attempts: boolean[] = [];
  queue.work(fails!, async (_, { last }) => {
    attempts.push(last);
    throw new Error("broken");
  });
  await send(fails, "hopeless");
  await until(async () => (await hurry(fails), lost.includes("hopeless")));
  assert.deepEqual(attempts, [false, true]);
});

test(
  "a job whose process died is tried again, and given up when that process dies too",
  { timeout: 20_000 },
  async () => {
    const other = open();
    let started = 0;
    const ended: unknown[] = [];
    other.work(killed!, async (_, { signal }) => {
      started++;
      await untilAborted(signal);
    });
    after(() => other.stop());
    const dies = () =>
      platform.asSuperuser(
        "update pgboss.job set heartbeat_on = now() - interval '1 hour' where name = $1 and state = 'active'",
        [killed!.name],
      );
    await send(killed, "deadly");
    await until(() => started === 1);
    // Another process looks, finds that the first has said nothing for long, and takes the job over.
    const second = open();
    after(() => second.stop());
    second.work(killed!, async (_, { last, signal }) => {
      ended.push(last);
      await untilAborted(signal);
    });
    await dies();
    await until(async () => (await hurry(killed), ended.length === 1));
    assert.deepEqual(ended, [true]);
    const third = open();
    after(() => third.stop());
    third.work(killed!, async () => assert.fail("there was no attempt left"));
    await dies();
    await until(() => lost.includes("deadly"));
  },
);

test("a stopping process puts its job back, and the attempt does not count", { timeout: 20_000 }, async () => {
  const first = open();
  let started = false;
  first.work(stopped!, async (_, { signal }) => {
    started = true;
    await untilAborted(signal);
  });
  await outsideCompany(platform, (ctx) => first.send(ctx, stopped!, { id: "later" }));
  await until(() => started);
  await first.stop();
  assert.deepEqual(await jobs(stopped), [{ state: "created", retry_count: 0 }]);
  const second = open();
  after(() => second.stop());
  const next = new Promise<boolean>((resolve) => {
    second.work(stopped!, async (_, { last }) => resolve(last));
  });
  assert.equal(await next, false);
  await until(async () => (await jobs(stopped))[0]?.state === "completed");
});

test("a running job is renewed by whom it was given to, and by nobody else", async () => {
  const boss = await bossOn((text, values) => platform.database.pool.query(text, values));
  await boss.send(touched!.name, { id: "long" });
  const [job] = await boss.fetch(touched!.name);
  const [before] = await platform.asSuperuser("select heartbeat_on from pgboss.job where id = $1", [job?.id]);
  // pg-boss says which it renewed, though its types do not; the worker relies on it.
  const renewed = async (retryCount: number) =>
    ((await boss.touch(touched!.name, { id: job!.id, retryCount })) as { settled?: string[] }).settled;
  assert.deepEqual(await renewed(0), [job?.id]);
  const [after] = await platform.asSuperuser("select heartbeat_on from pgboss.job where id = $1", [job?.id]);
  assert.notDeepEqual(after, before);
  assert.deepEqual(await renewed(1), []);
});

test("the application's role tidies up: what ended long ago is forgotten, what waits is kept", async () => {
  const problems: unknown[] = [];
  const boss = await bossOn((text, values) => platform.database.pool.query(text, values));
  boss.on("error", (error) => problems.push(error)).on("warning", (warning) => problems.push(warning));
  for (const state of ["completed", "created"]) {
    const id = await boss.send(tidied!.name, { id: state });
    await platform.asSuperuser(
      `update pgboss.job set state = $2::pgboss.job_state, created_on = now() - interval '30 days',
         start_after = now() - interval '30 days', keep_until = keep_until - interval '30 days',
         completed_on = case when $2 = 'completed' then now() - interval '8 days' end where id = $1`,
      [id, state],
    );
  }
  await boss.supervise();
  assert.deepEqual(problems, []);
  assert.deepEqual(await jobs(tidied), [{ state: "created", retry_count: 0 }]);
});

test("a payload of another shape is not handled", { timeout: 20_000 }, async () => {
  queue.work(shape!, async () => assert.fail("handled"));
  await outsideCompany(platform, (ctx) => queue.send(ctx, shape!, { ids: 1 } as never));
  await until(async () => (await jobs(shape)).some((job) => job.state === "retry"));
});
