import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Client, type QueryResultRow } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { txOn, type Tx } from "./postgres.ts";

/**
 * One connection of its own, outside the pool, for work on a whole database: the owner's, who makes tables and copies
 * all of them. What it begins ends with it.
 */
export interface OwnerSession {
  /** Several statements at once when there are no values. @returns the rows of the last one */
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Typed SQL in the transaction that is open on this connection. */
  tx: Tx;
  /** `COPY … TO STDOUT`: its bytes in parts that end anywhere. `rows` is known at their end. */
  copyOut(text: string): AsyncIterable<Buffer> & { rows(): number };
  /** `COPY … FROM STDIN`. @returns how many rows were taken */
  copyIn(text: string, bytes: AsyncIterable<Buffer>): Promise<number>;
  /** Ends the connection; a transaction that is open is rolled back. */
  close(): Promise<void>;
}

/** As text every version of PostgreSQL writes and reads alike. */
const likeEverywhere =
  "set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex';" +
  " set extra_float_digits = 1; set client_encoding = 'UTF8'; set standard_conforming_strings = on;" +
  " set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set jit = off";

export async function openOwnerSession(url: string, name = "openbook backup"): Promise<OwnerSession> {
  const client = new Client({ connectionString: url, application_name: name, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {}); // a lost connection also fails what runs on it
  await client.connect();
  let copying = 0;
  const whileCopying = async <T>(work: () => Promise<T>): Promise<T> => {
    copying++;
    const result = await work();
    copying--;
    return result;
  };
  const session: OwnerSession = {
    tx: txOn(client),
    async query(text, values) {
      const result: unknown = await client.query(text, values as unknown[]);
      return ((Array.isArray(result) ? result.at(-1) : result) as { rows: never[] }).rows;
    },
    copyOut(text) {
      let rows = 0;
      async function* read() {
        const stream = client.query(copyTo(text, { highWaterMark: 256 * 1024 }));
        copying++;
        for await (const part of stream) yield part as Buffer;
        copying--;
        rows = stream.rowCount;
      }
      return Object.assign(read(), { rows: () => rows });
    },
    copyIn: (text, bytes) =>
      whileCopying(async () => {
        const stream = client.query(copyFrom(text)) as Writable & { rowCount: number };
        await pipeline(Readable.from(bytes), stream);
        return stream.rowCount;
      }),
    async close() {
      // In the middle of a COPY the server would wait for us, and we for it.
      if (copying > 0) (client as unknown as { connection: { stream: Writable } }).connection.stream.destroy();
      await client.end().catch(() => {});
    },
  };
  await session.query(likeEverywhere);
  return session;
}
