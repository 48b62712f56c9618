import type { Duplex } from "node:stream";
import { CompiledQuery, Kysely, PostgresDialect } from "kysely";
import { to as copyTo } from "pg-copy-streams";
import pg from "pg";
import type { DB } from "../database.gen.ts";
import { AppError } from "../errors.ts";
import type { Log } from "./log.ts";
import { Lane } from "./postgres-lanes.ts";
import { PreparedStatements } from "./postgres-statements.ts";

/** A value as a literal of SQL, for statements that take no parameters (COPY). */
export { escapeLiteral } from "pg";

/** A transaction's connection: typed SQL through Kysely. */
export type Tx = Kysely<DB>;

export interface Database {
  /**
   * Runs `work` in one transaction opened by `opening` (`begin; set local …` in one round trip). A deadlock or a
   * serialization failure repeats the whole work, at most twice: it must therefore do nothing outside the database.
   */
  transaction<T>(opening: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Holds one connection for `work`, which runs many short reading transactions one after the other: `transaction` as
   * above, but for those that only read, and never repeated. See postgres-lanes.ts.
   */
  lane<T>(work: (transaction: Database["transaction"]) => Promise<T>): Promise<T>;
  /** The bare pool, for the queue and for start-up checks. */
  pool: pg.Pool;
  /** How many connections there are at most. */
  size: number;
  close(): Promise<void>;
}

// bigint as number (sums and counts stay far below 2^53), dates as the text they are.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const generalTimestamp = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;
const usualTimestamp = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;
const digits = (text: string, at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/** `2026-11-24 09:00:00.123+00`; a list carries a dozen a row, and this takes a third of the time of pg's own parser. */
function parseTimestamp(text: string): Date {
  if (!usualTimestamp.test(text)) return generalTimestamp(text);
  let ms = 0;
  for (let at = 20, worth = 100; at < 23 && at < text.length - 3; at++, worth /= 10) {
    ms += (text.charCodeAt(at) - 48) * worth;
  }
  const year = digits(text, 0) * 100 + digits(text, 2);
  const time = [digits(text, 11), digits(text, 14), digits(text, 17)] as const;
  return new Date(Date.UTC(year, digits(text, 5) - 1, digits(text, 8), ...time, ms));
}
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, parseTimestamp);

const typed = new WeakMap<pg.ClientBase, Tx>();
const clients = new WeakMap<Tx, pg.ClientBase>();
const prepared = new WeakMap<pg.ClientBase, PreparedStatements>();

function preparedOn(client: pg.ClientBase): PreparedStatements {
  const known = prepared.get(client) ?? new PreparedStatements(client);
  prepared.set(client, known);
  return known;
}

/** Typed SQL over whatever says it. */
function typedOver(query: (text: string, values: unknown[]) => Promise<unknown>): Tx {
  const one = { query, release: () => {} };
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool: { connect: async () => one as never, end: async () => {} } as never }),
  });
}

/** Typed SQL on one connection, in the transaction that its holder has opened. */
export function txOn(client: pg.ClientBase): Tx {
  let tx = typed.get(client);
  if (!tx) {
    const names = preparedOn(client);
    tx = typedOver((text, values) => client.query({ name: names.nameOf(text), text, values }));
    typed.set(client, tx);
    clients.set(tx, client);
  }
  return tx;
}

const waiting = new WeakMap<Tx, Map<string, () => void>>();

/**
 * Runs `work` once the transaction on `tx` is committed, and never when it is not; of several with one name only the
 * last. It must not throw: nobody is left to be told.
 */
export function afterCommit(tx: Tx, name: string, work: () => void): void {
  waiting.get(tx)?.set(name, work);
}

const repeatable = new Set(["40001", "40P01"]);

/** Runs `work` with a connection of the pool; when it throws, what it had opened is rolled back. */
async function holding<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  perhapsCommitted = () => false,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw unavailable(error);
  });
  let broken: Error | undefined;
  // The pool listens to idle connections only: one that is lost in the middle would take the process down.
  const lost = (error: Error) => void (broken ??= error);
  client.on("error", lost);
  try {
    return await work(client);
  } catch (error) {
    await client.query("rollback").catch(lost);
    if (broken && !givenUp.has(client)) {
      throw Object.assign(unavailable(error), { perhapsCommitted: perhapsCommitted() });
    }
    throw error;
  } finally {
    client.release(broken);
    client.off("error", lost);
  }
}

async function once<T>(pool: pg.Pool, opening: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  let committing = false;
  const whole = async (client: pg.PoolClient) => {
    await client.query(opening);
    const tx = txOn(client);
    const afterwards = new Map<string, () => void>();
    waiting.set(tx, afterwards);
    const result = await work(tx);
    committing = true;
    const end = await client.query("commit");
    if (end.command !== "COMMIT") throw new Error("The transaction was already broken: nothing was committed.");
    for (const run of afterwards.values()) run();
    return result;
  };
  return holding(pool, whole, () => committing);
}

async function inLane<T>(pool: pg.Pool, work: (transaction: Database["transaction"]) => Promise<T>): Promise<T> {
  return holding(pool, async (client) => {
    const lane = new Lane(client, preparedOn(client));
    const tx = typedOver((text, values) => lane.query(text, values));
    const result = await work(async (opening, read) => {
      lane.begin(opening);
      try {
        const found = await read(tx);
        lane.commit();
        return found;
      } catch (error) {
        await lane.rollback();
        throw error;
      }
    });
    await lane.end();
    return result;
  });
}

/** Whether the connection was lost while the commit was under way: nobody knows on which side of it. */
export function isPerhapsCommitted(error: unknown): boolean {
  return (error as { perhapsCommitted?: unknown }).perhapsCommitted === true;
}

/** Keeps an AppError (the work's own answer); everything else of a lost connection is "not available now". */
function unavailable(error: unknown): Error {
  if (error instanceof AppError) return error;
  return Object.assign(
    new AppError("database_unavailable", "The database cannot be reached just now. Nothing was lost; try again."),
    { cause: error },
  );
}

export function openDatabase(options: { url: string; size: number; log: Log }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: "openbook",
    options: "-c timezone=UTC -c jit=off",
  });
  // Without a listener a restart of PostgreSQL would take the process down.
  pool.on("error", (error) => options.log.warn("an idle database connection ended", { reason: error.message }));
  return {
    pool,
    size: options.size,
    async transaction(opening, work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(pool, opening, work);
        } catch (error) {
          const code = (error as { code?: string }).code;
          if (attempt === 3 || !code || !repeatable.has(code)) throw error;
        }
      }
    },
    lane: (work) => inLane(pool, work),
    close: () => pool.end(),
  };
}

/** Connections that were closed in the middle of a COPY: what ended it is the error, and not that they are gone. */
const givenUp = new WeakSet<pg.ClientBase>();

/**
 * `COPY … TO STDOUT` on the transaction's own connection: its bytes in parts that end anywhere, as fast as they are
 * taken. Nothing else can run in the transaction until its end. Who leaves the loop before gives the transaction up:
 * its connection is closed, for the server would send all the rest first.
 */
export async function* copyOut(tx: Tx, text: string): AsyncGenerator<Buffer, void> {
  const client = clients.get(tx);
  if (!client) throw new Error("COPY needs a transaction of this database.");
  const stream = client.query(copyTo(text, { highWaterMark: 256 * 1024 }));
  // Once it is given up, the end of its connection is no news.
  stream.on("error", () => {});
  let ended = false;
  stream.once("end", () => (ended = true)).once("error", () => (ended = true));
  try {
    for await (const part of stream) yield part as Buffer;
  } finally {
    if (!ended) {
      givenUp.add(client);
      (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
    }
  }
}

/** Runs SQL that Kysely did not write, on the transaction's own connection (the queue's outbox). */
export async function rawQuery(tx: Tx, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  return tx.executeQuery(CompiledQuery.raw(text, values));
}

/**
 * The server must not be able to see past row-level security.
 * @throws AppError unsafe_database_role when the role is superuser, has BYPASSRLS or owns tables.
 */
export async function checkApplicationRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ role: string; rolsuper: boolean; rolbypassrls: boolean; owns: number }>(
    `select current_user as role, r.rolsuper, r.rolbypassrls,
       (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm')
          and pg_has_role(current_user, c.relowner, 'member')) as owns
     from pg_roles r where r.rolname = current_user`,
  );
  const role = rows[0];
  if (!role || role.rolsuper || role.rolbypassrls || role.owns > 0) {
    throw new AppError(
      "unsafe_database_role",
      `The database role "${role?.role ?? "?"}" of DATABASE_URL is superuser, bypasses row-level security or owns tables; one company could see another. Use a plain login role there, and the owner in MIGRATE_DATABASE_URL. Nothing was started.`,
    );
  }
}
