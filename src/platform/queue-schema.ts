import { Client } from "pg";
import PgBoss from "pg-boss";

export const queueSchema = "pgboss";
/** Seconds after which the job of a process that says nothing more is given to another. */
export const leaseSeconds = 30;

/** What the database must know of a kind of job. */
export interface QueueSpec {
  /** E.g. `imports.process` */
  name: string;
  /** How often it is tried. */
  attempts: number;
  /** Gets the payload when the last attempt failed, or killed its process. */
  deadLetter?: QueueSpec | undefined;
}

/** What pg-boss would do in the background is switched off: who may do it, and when, is settled in queue.ts. */
export function bossOn(executeSql: PgBoss.Db["executeSql"]): PgBoss {
  return new PgBoss({
    db: { executeSql },
    schema: queueSchema,
    migrate: false,
    supervise: false,
    schedule: false,
    archiveCompletedAfterSeconds: 3600,
    deleteAfterDays: 7,
  });
}

/**
 * Makes the queue's own schema, or brings it up to date, and a queue for every kind of job; for the start, after the
 * migrations. The application's role gets reading and writing of the queue's tables, and cannot make or drop queues.
 * @param ownerUrl a role that may create schemas in this database
 */
export async function prepareQueue(ownerUrl: string, appRole: string, kinds: readonly QueueSpec[]): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => client.query(text, values) },
      schema: queueSchema,
      supervise: false,
      schedule: false,
    });
    boss.on("error", () => {});
    await boss.start();
    const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
    for (const kind of withDeadLetters(kinds)) {
      const options = optionsOf(kind);
      const queue = known.get(kind.name);
      if (!queue) await boss.createQueue(kind.name, { name: kind.name, ...options });
      else if (queue.retryLimit !== options.retryLimit || queue.expireInSeconds !== options.expireInSeconds) {
        await boss.updateQueue(kind.name, { name: kind.name, ...options });
      }
    }
    await grant(client, appRole);
  } finally {
    await client.end();
  }
}

/** A queue is made after the one its dead letters go to. */
function withDeadLetters(kinds: readonly QueueSpec[]): QueueSpec[] {
  return kinds.flatMap((kind) => (kind.deadLetter ? [kind.deadLetter, kind] : [kind]));
}

function optionsOf(kind: QueueSpec) {
  return {
    policy: "standard" as const,
    retryLimit: kind.attempts - 1,
    retryDelay: 2,
    retryBackoff: true,
    expireInSeconds: leaseSeconds,
    ...(kind.deadLetter ? { deadLetter: kind.deadLetter.name } : {}),
  };
}

async function grant(client: Client, appRole: string): Promise<void> {
  const role = client.escapeIdentifier(appRole);
  await client.query(`
    grant usage on schema ${queueSchema} to ${role};
    grant select on ${queueSchema}.version, ${queueSchema}.queue to ${role};
    grant select, insert, update, delete on ${queueSchema}.job, ${queueSchema}.archive to ${role};
    revoke execute on function ${queueSchema}.create_queue, ${queueSchema}.delete_queue from public;`);
}
