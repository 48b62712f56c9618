import type pg from "pg";
import type { z } from "zod";
import type { Log } from "./log.ts";
import { rawQuery, type Tx } from "./postgres.ts";
import { bossOn, type QueueSpec, type UnfinishedJob } from "./queue-schema.ts";
import { QueueWorker, type Lane } from "./queue-worker.ts";

export { prepareQueue, unfinishedJobs, type QueueSpec, type UnfinishedJob } from "./queue-schema.ts";

/** A kind of job: its name, how often it is tried, and what it must be told. */
export interface JobKind<T> extends QueueSpec {
  /** Ids only: whoever handles a job looks up the rest, with the rights of the company it names. */
  payload: z.ZodType<T>;
}

/** One attempt at a job. A handler may run again after it was done, so it begins by looking whether there is work. */
export interface Attempt {
  /** Ends when the process stops, or when the job was given to another because this process said nothing for long. */
  signal: AbortSignal;
  /** No further attempt follows. */
  last: boolean;
}

export interface Queue {
  /**
   * Puts a job into the queue in the caller's transaction: it exists when that commits, and not otherwise.
   * @param startAfter not before this moment; default at once
   */
  send<T>(ctx: { db: Tx }, kind: JobKind<T>, payload: T, startAfter?: Date): Promise<void>;
  /**
   * Puts jobs back that were taken along from another installation, in the caller's transaction; one that is there
   * already stays as it is.
   * @returns those of kinds that this program does not know: they were not put anywhere
   */
  putBack(ctx: { db: Tx }, jobs: readonly UnfinishedJob[]): Promise<UnfinishedJob[]>;
  /** Has jobs of this kind done here, `concurrency` (default 1) at a time. What a handler throws is tried again. */
  work<T>(kind: JobKind<T>, handler: (payload: T, attempt: Attempt) => Promise<void>, concurrency?: number): void;
  /** Interrupts what runs (it goes back into the queue, not counted as an attempt) and waits for it, at most 10 s. */
  stop(): Promise<void>;
}

/**
 * The queue of jobs, in the same database as the data they follow from (pg-boss, schema pgboss), made by
 * {@link prepareQueue}. Idle, it asks one question every two seconds; what is sent in this process is found within a
 * fraction of that. Each running job is renewed every few seconds; when its process dies, another attempt begins after
 * 30 seconds.
 */
export function openQueue({ pool, log }: { pool: pg.Pool; log: Log }): Queue {
  const open = async () => {
    const boss = await bossOn((text, values) => pool.query(text, values));
    boss.on("error", (error) => log.warn("the queue met an error", { reason: error.message }));
    boss.on("warning", ({ message }) => log.warn("the queue warns", { reason: message }));
    return boss;
  };
  let opened: ReturnType<typeof open> | undefined;
  const boss = () => (opened ??= open());
  const worker = new QueueWorker(boss, pool, log);
  return {
    async send({ db }, kind, payload, startAfter) {
      const inTransaction = { executeSql: (text: string, values: unknown[]) => rawQuery(db, text, values) };
      const options = { db: inTransaction, ...(startAfter ? { startAfter } : {}) };
      const id = await (await boss()).send(kind.name, payload as object, options);
      if (id === null) throw new Error(`A job was refused by the queue "${kind.name}".`);
      worker.wake();
    },
    async putBack({ db }, jobs) {
      const inTransaction = { executeSql: (text: string, values: unknown[]) => rawQuery(db, text, values) };
      const known = new Set((await (await boss()).getQueues()).map(({ name }) => name));
      for (const name of new Set(jobs.map((job) => job.name))) {
        if (!known.has(name)) continue;
        const own = jobs.filter((job) => job.name === name);
        const inserted = own.map(({ id, data, startAfter }) => ({ id, data: data as object, startAfter }));
        await (await boss()).insert(name, inserted, { db: inTransaction });
      }
      worker.wake();
      return jobs.filter(({ name }) => !known.has(name));
    },
    work: (kind, handler, concurrency = 1) => worker.add({ kind, handler, concurrency } as Lane),
    stop: () => worker.stop(),
  };
}
