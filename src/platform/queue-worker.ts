import type pg from "pg";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import { AppError } from "../errors.ts";
import { errorFields } from "./http-problems.ts";
import type { Log } from "./log.ts";
import type { Attempt, JobKind } from "./queue.ts";
import { leaseSeconds, queueSchema, tidySeconds } from "./queue-schema.ts";

export interface Lane {
  kind: JobKind<unknown>;
  handler: (payload: unknown, attempt: Attempt) => Promise<void>;
  concurrency: number;
}

type Job = JobWithMetadata<unknown>;

interface OpenLane extends Lane {
  running: Map<string, { job: Job; controller: AbortController }>;
  /** Whether it was fetched from: pg-boss then knows the queue, and sending takes no second connection. */
  known: boolean;
}

const pollMs = 2_000;
const beatMs = (leaseSeconds * 1000) / 4;
const stopMs = 10_000;
/** How often a job that must not leave the installation asks whether it may. */
const heldMs = 60_000;
/** When to look after something was sent: its transaction ends at a moment that is not known here. */
const hurryMs = [20, 60, 180, 500, 1_200];
const stopping = new AppError("server_stopping", "The server is stopping; the job is taken up again later.");
const lost = new AppError("job_lost", "The job was given to another process.");

/** Looks for jobs, runs them, and says for each every few seconds that it is still being done. */
export class QueueWorker {
  private readonly boss: () => Promise<PgBoss>;
  private readonly pool: pg.Pool;
  private readonly log: Log;
  private readonly lanes: OpenLane[] = [];
  private readonly active = new Set<Promise<void>>();
  private readonly beat: NodeJS.Timeout;
  private timer: NodeJS.Timeout | undefined;
  private hurry = 0;
  private looking: Promise<void> | undefined;
  private stopped = false;
  private reachable = true;
  private tidiedAt = performance.now();

  constructor(boss: () => Promise<PgBoss>, pool: pg.Pool, log: Log) {
    this.boss = boss;
    this.pool = pool;
    this.log = log;
    this.beat = setInterval(() => void this.renew(), beatMs).unref();
  }

  add(lane: Lane): void {
    this.lanes.push({ ...lane, running: new Map(), known: false });
    this.wake();
  }

  /** Something may be there to do: looks now and a few times soon after, then as seldom as ever. */
  wake(): void {
    this.hurry = hurryMs.length;
    if (!this.looking) this.plan();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.beat);
    for (const { running } of this.lanes) for (const { controller } of running.values()) controller.abort(stopping);
    const late = new Promise<void>((resolve) => setTimeout(resolve, stopMs).unref());
    await Promise.race([Promise.allSettled([this.looking, ...this.active]), late]);
  }

  private plan(): void {
    clearTimeout(this.timer);
    if (this.stopped || this.lanes.length === 0) return;
    const delay = this.hurry > 0 ? hurryMs[hurryMs.length - this.hurry--]! : pollMs;
    this.timer = setTimeout(() => (this.looking = this.poll()), delay).unref();
  }

  private async poll(): Promise<void> {
    try {
      await this.look();
      if (!this.reachable) this.log.info("the queue is reached again");
      this.reachable = true;
    } catch (error) {
      if (this.reachable) this.log.warn("the queue cannot be reached", { reason: (error as Error).message });
      this.reachable = false;
    }
    this.looking = undefined;
    this.plan();
  }

  /** One question for all kinds: where is something to do, and whose process has died? */
  private async look(): Promise<void> {
    const boss = await this.boss();
    if (performance.now() - this.tidiedAt > tidySeconds * 1_000) {
      this.tidiedAt = performance.now();
      await boss.supervise();
    }
    const free = this.lanes.filter((lane) => lane.running.size < lane.concurrency);
    if (free.length === 0) return;
    // pg-boss itself would ask every queue in turn. The states are spelt out for its index of what is not finished.
    const { rows } = await this.pool.query<{ name: string; due: boolean; overdue: boolean }>(
      `select name, bool_or(state <> 'active' and start_after <= now()) as due,
         bool_or(state = 'active' and heartbeat_on + heartbeat_seconds * interval '1 second' < now()) as overdue
       from ${queueSchema}.job where name = any($1::text[]) and state in ('created', 'retry', 'active') group by name`,
      [free.map(({ kind }) => kind.name)],
    );
    for (const { name } of rows.filter((row) => row.overdue)) await boss.supervise(name);
    const due = new Set(rows.filter((row) => row.due).map((row) => row.name));
    for (const lane of free) if (due.has(lane.kind.name) || !lane.known) await this.take(boss, lane);
  }

  private async take(boss: PgBoss, lane: OpenLane): Promise<void> {
    const batchSize = lane.concurrency - lane.running.size;
    const jobs = await boss.fetch<unknown>(lane.kind.name, { batchSize, includeMetadata: true });
    lane.known = true;
    for (const job of jobs) {
      const controller = new AbortController();
      if (this.stopped) controller.abort(stopping);
      lane.running.set(job.id, { job, controller });
      const run: Promise<void> = this.run(boss, lane, job, controller.signal).finally(() => {
        lane.running.delete(job.id);
        this.active.delete(run);
        this.wake();
      });
      this.active.add(run);
    }
  }

  private async run(boss: PgBoss, { kind, handler }: Lane, job: Job, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      const payload = kind.payload.parse(job.data);
      if (kind.outgoing && (await this.isHeld(payload))) return await this.settle(() => this.putBack(job, heldMs));
      await handler(payload, { signal, last: job.retryCount >= job.retryLimit });
      await this.settle(() => boss.complete(kind.name, job));
    } catch (error) {
      if (signal.reason === lost) return;
      if (signal.reason === stopping) return this.settle(() => this.putBack(job));
      const code = error instanceof AppError ? error.code : "unexpected";
      const attempt = job.retryCount + 1;
      this.log.error("a job failed", { job: kind.name, id: job.id, attempt, ...errorFields(error), code });
      await this.settle(() => boss.fail(kind.name, job, { code }));
    }
  }

  /** Whether nothing may leave this installation, or nothing of the company that the job is for. */
  private async isHeld(payload: unknown): Promise<boolean> {
    const { companyId } = payload as { companyId?: string };
    const { rows } = await this.pool.query<{ held: boolean }>(
      `select exists (select from outbox_holds
         where released_at is null and (company_id is null or company_id = $1)) as held`,
      [companyId ?? null],
    );
    return rows[0]!.held;
  }

  /** As if it had not been taken: the attempt does not count. pg-boss does the same to jobs it took too many of. */
  private putBack({ name, id, retryCount }: Job, afterMs = 0) {
    return this.pool.query(
      `update ${queueSchema}.job set state = 'created', started_on = null, heartbeat_on = null,
         start_after = greatest(start_after, now() + $4 * interval '1 ms')
       where name = $1 and id = $2 and retry_count = $3 and state = 'active'`,
      [name, id, retryCount, afterMs],
    );
  }

  /** The database may be away just now. If it stays away the lease ends, and the job is tried again. */
  private async settle(act: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await act();
        return;
      } catch (error) {
        if (attempt === 5 || this.stopped) {
          this.log.warn("a job's end could not be written", { reason: (error as Error).message });
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 200 * 4 ** attempt));
      }
    }
  }

  private async renew(): Promise<void> {
    for (const { kind, running } of this.lanes) {
      const taken = [...running.values()];
      if (taken.length === 0) continue;
      const boss = await this.boss();
      const jobs = taken.map(({ job }) => job);
      const touched: { settled?: string[] } | undefined = await boss.touch(kind.name, jobs).catch(() => undefined);
      if (!touched?.settled) continue;
      const kept = new Set(touched.settled);
      for (const { job, controller } of taken) if (!kept.has(job.id)) controller.abort(lost);
    }
  }
}
