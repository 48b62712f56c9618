import assert from "node:assert/strict";
import { after, test } from "node:test";
import { z } from "zod";
import { testPlatform } from "../../test/harness.ts";
import { outsideCompany } from "../context.ts";
import { openQueue, prepareQueue, type JobKind } from "./queue.ts";

const Payload = z.object({ id: z.string() });
type Payload = z.infer<typeof Payload>;
const givenUp: JobKind<Payload> = { name: "test.given-up", payload: Payload, attempts: 1 };
const kind = (name: string): JobKind<Payload> => ({ name, payload: Payload, attempts: 2, deadLetter: givenUp });
const kinds = ["sent", "fails", "killed", "stopped", "shape"].map((name) => kind(`test.${name}`));
const [sent, fails, killed, stopped, shape] = kinds;

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

test("preparing again changes nothing; the application's role can make no queue", async () => {
  await prepareQueue(platform.ownerUrl, "openbook_app", kinds);
  await assert.rejects(
    platform.database.pool.query("select pgboss.create_queue('mine', '{}'::json)"),
    /permission denied/,
  );
  await assert.rejects(send(kind("test.nowhere"), "x"), /There is no queue/);
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
        "update pgboss.job set started_on = now() - interval '1 hour' where name = $1 and state = 'active'",
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
});

test("a payload of another shape is not handled", { timeout: 20_000 }, async () => {
  queue.work(shape!, async () => assert.fail("handled"));
  await outsideCompany(platform, (ctx) => queue.send(ctx, shape!, { ids: 1 } as never));
  await until(async () => (await jobs(shape)).some((job) => job.state === "retry"));
});
