import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import type { Db, PgBoss } from "pg-boss";

export const queueSchema = "pgboss";
/** Seconds after which the job of a process that says nothing more is given to another. */
export const leaseSeconds = 30;
/** How often the tables are tidied, in seconds, whichever of several processes does it. */
export const tidySeconds = 3_600;
const daySeconds = 86_400;

/** What the database must know of a kind of job. */
export interface QueueSpec {
  /** E.g. `imports.process` */
  name: string;
  /** How often it is tried. */
  attempts: number;
  /** Gets the payload when the last attempt failed, or killed its process. */
  deadLetter?: QueueSpec | undefined;
  /** Reaches somebody outside (a mail, a call of another server): waits as long as the outbox is held. */
  outgoing?: boolean | undefined;
}

const { version } = createRequire(import.meta.url)("pg-boss/package.json") as { version: string };

/**
 * pg-boss without what it would do in the background: who may do that, and when, is settled here and in
 * queue-worker.ts. Loaded when it is first needed: most commands never need it (7 MB and a tenth of their time).
 * @param migrate for the owner's role alone: start() then makes the schema, or brings it up to date
 */
export async function bossOn(executeSql: Db["executeSql"], migrate = false): Promise<PgBoss> {
  const { PgBoss } = await import("pg-boss");
  return new PgBoss({
    db: { executeSql },
    schema: queueSchema,
    migrate,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    // Both ask for rights that the application's role does not have.
    reindex: false,
    monitorVacuum: false,
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: tidySeconds,
  });
}

/**
 * Makes the queue's own schema, or brings it up to date, and a queue for every kind of job; for the start, after the
 * migrations. The application's role gets reading and writing of jobs, and cannot make or drop queues. What was made is
 * noted at the schema: where that is what is wanted, nothing more is asked.
 * @param ownerUrl a role that may create schemas in this database
 */
export async function prepareQueue(ownerUrl: string, appRole: string, kinds: readonly QueueSpec[]): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const queues = withDeadLetters(kinds).map((kind) => ({ name: kind.name, options: optionsOf(kind) }));
    const rights = rightsOf(client.escapeIdentifier(appRole));
    const wanted = createHash("sha256")
      .update(JSON.stringify([version, queues, rights]))
      .digest("hex");
    if ((await noted(client)) === wanted) return;
    const finished = await makeQueues((text, values) => client.query(text, values), queues);
    const note = `comment on schema ${queueSchema} is ${finished ? `'${wanted}'` : "null"}`;
    await client.query(`select pg_advisory_xact_lock(${lock}); ${rights} ${note}`);
  } finally {
    await client.end();
  }
}

const lock = 7_262_022; // any constant: rights are given by one process at a time

async function noted(client: Client): Promise<string | null | undefined> {
  const { rows } = await client.query<{ note: string | null }>(
    `select obj_description(to_regnamespace('${queueSchema}'), 'pg_namespace') as note`,
  );
  return rows[0]?.note;
}

type Options = ReturnType<typeof optionsOf>;

/** @returns whether all is done: what a newer pg-boss has to do beside the work (indexes) may go on at the next start */
async function makeQueues(
  executeSql: Db["executeSql"],
  queues: readonly { name: string; options: Options }[],
): Promise<boolean> {
  const boss = await bossOn(executeSql, true);
  boss.on("error", () => {}); // of the work beside; its state is asked for below
  try {
    await boss.start();
    const known = new Set((await boss.getQueues()).map((queue) => queue.name));
    for (const { name, options } of queues) {
      if (!known.has(name)) await boss.createQueue(name);
      await boss.updateQueue(name, options);
    }
    while (boss.isBamWorking()) await pause(10);
    return (await boss.getBamStatus()).every(({ status }) => status === "completed");
  } finally {
    await boss.stop();
  }
}

/** A queue is made after the one its dead letters go to. */
function withDeadLetters(kinds: readonly QueueSpec[]): QueueSpec[] {
  return kinds.flatMap((kind) => (kind.deadLetter ? [kind.deadLetter, kind] : [kind]));
}

function optionsOf(kind: QueueSpec) {
  return {
    retryLimit: kind.attempts - 1,
    retryDelay: 2,
    retryBackoff: true,
    heartbeatSeconds: leaseSeconds,
    expireInSeconds: daySeconds, // the most there is: a job that is alive may take its time
    retentionSeconds: 365 * daySeconds, // what waits is not dropped because nobody started the server for weeks
    deleteAfterSeconds: 7 * daySeconds,
    deadLetter: kind.deadLetter?.name ?? null,
  };
}

function rightsOf(role: string): string {
  const tables = (...names: string[]) => names.map((name) => `${queueSchema}.${name}`).join(", ");
  return `
    grant usage on schema ${queueSchema} to ${role};
    grant select on ${tables("version")} to ${role};
    grant select, update on ${tables("queue")} to ${role};
    grant select, insert, update, delete on ${tables("job", "job_common")} to ${role};
    grant select, update, delete on ${tables("job_dependency", "instance")} to ${role};
    revoke execute on all functions in schema ${queueSchema} from public;
    grant execute on function ${queueSchema}.job_now() to ${role};`;
}

/** A job that waits, or was begun and has not ended: beginning anew does no harm. */
export interface UnfinishedJob {
  id: string;
  name: string;
  data: unknown;
  /** ISO 8601; not before this moment. */
  startAfter: string;
}

/**
 * For a backup, on the owner's connection: what is still to be done, of all companies or of one, dead letters too.
 * pg-boss's own columns stay behind, so that another version of it can take the jobs over.
 */
export async function unfinishedJobs(
  session: { query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]> },
  companyId?: string,
): Promise<UnfinishedJob[]> {
  const [made] = await session.query(`select to_regclass('${queueSchema}.job') is not null as made`);
  if (!made?.["made"]) return [];
  const rows = await session.query(
    `select id, name, data, start_after as "startAfter" from ${queueSchema}.job
     where state in ('created', 'retry', 'active') and ($1::text is null or data ->> 'companyId' = $1)
     order by created_on, id`,
    [companyId ?? null],
  );
  return (rows as unknown as (Omit<UnfinishedJob, "startAfter"> & { startAfter: Date })[]).map((job) => ({
    ...job,
    startAfter: job.startAfter.toISOString(),
  }));
}
