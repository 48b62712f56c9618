import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Installation } from "./installation.ts";
import { startServer } from "./installation.ts";
import type { RecordedStatement } from "./record-statements.ts";
import type { Call } from "./load.ts";

/** The statements of one transaction, and the words in them that are different each time. */
export interface Recording {
  statements: Pick<RecordedStatement, "name" | "text" | "values">[];
  /** Statements that texts `execute` by their name: to be prepared first. */
  prepared: Record<string, string>;
  /** Word as it was recorded → what it stands for. */
  words: Record<string, "id" | "key" | "now">;
  /** The number that the counter gave; undefined: none. */
  number: number | undefined;
}

export interface Recorder {
  /** What the server says to PostgreSQL for this call, once everything it keeps in memory is there. */
  record(call: Call): Promise<Recording>;
  /** The same for a reading of more than one transaction: what each connection says, in its order. */
  recordAll(call: Call): Promise<Recording[]>;
  stop(): Promise<void>;
}

/** Restarts the installation's server with the recording loaded; `stop` gives back the one to be measured. */
export async function startRecorder(installation: Installation): Promise<Recorder> {
  await installation.server.stop();
  const { dataDir, cookie } = installation;
  const file = join(dataDir, "statements.jsonl");
  const preload = pathToFileURL(join(import.meta.dirname, "record-statements.ts"));
  preload.searchParams.set("to", file);
  const recorded = await startServer({ dataDir, nodeArgs: ["--import", preload.href] });
  const said = async (call: Call) => {
    for (let warm = 0; warm < 3; warm++) await send(recorded.url, cookie, call, `warm-${warm}-${Math.random()}`);
    const before = (await readFile(file, "utf8")).length;
    const key = `recorded-${Math.random().toString(36).slice(2)}`;
    const reply = await send(recorded.url, cookie, call, key);
    const text = await readFile(file, "utf8");
    return { all: statementsOf(text.slice(before)), ever: statementsOf(text), key, reply };
  };
  return {
    async record(call) {
      const { all, key, reply } = await said(call);
      return wordsOf(transactionOf(all, call), key, reply);
    },
    async recordAll(call) {
      const { all, ever } = await said(call);
      const lanes = [...Map.groupBy(all, ({ connection }) => connection).values()].map(inTransactions);
      return lanes
        .filter(({ length }) => length > 0)
        .map((lane) => ({ ...wordsOf(lane, "", {}), prepared: executedIn(lane, ever) }));
    },
    async stop() {
      await recorded.stop();
      installation.server = await startServer({ dataDir });
    },
  };
}

async function send(url: string, cookie: string, call: Call, key: string): Promise<Record<string, unknown>> {
  const reply = await fetch(url + call.path, {
    method: call.method,
    headers: { cookie, "content-type": "application/json", ...(call.body ? { "idempotency-key": key } : {}) },
    body: call.body ?? null,
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${call.method} ${call.path}: ${reply.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** From the `begin` that opens the company to its end; what the queue asks meanwhile is not part of it. */
function transactionOf(all: RecordedStatement[], { path }: Call): RecordedStatement[] {
  const company = /companies\/([0-9a-f-]{36})/.exec(path)![1]!;
  const begin = all.find(({ text }) => text.startsWith("begin") && text.includes(company));
  const own = all.filter(({ connection }) => connection === begin?.connection).slice(0);
  const from = own.indexOf(begin!);
  const to = own.findIndex(({ text }, index) => index > from && text === "commit");
  if (!begin || to < 0) throw new Error(`No transaction was recorded for ${path}.`);
  return own.slice(from, to + 1);
}

function statementsOf(text: string): RecordedStatement[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedStatement);
}

/** What a lane's texts `execute`, as its connection prepared it before. */
function executedIn(lane: RecordedStatement[], ever: RecordedStatement[]): Record<string, string> {
  const names = lane.flatMap(({ text }) => [...text.matchAll(/execute "(\w+)"/g)].map((found) => found[1]!));
  const texts = new Map(ever.map(({ connection, name, text }) => [`${connection} ${name}`, text]));
  return Object.fromEntries(names.map((name) => [name, texts.get(`${lane[0]!.connection} ${name}`)!]));
}

/** Without what the queue of jobs asks meanwhile, which opens no transaction. */
function inTransactions(all: RecordedStatement[]): RecordedStatement[] {
  let open = false;
  return all.filter(({ text }) => {
    const begins = /(?:^|; )begin\b/.test(text);
    const own = open || begins;
    open = begins || (open && !/^(?:commit|rollback)$/.test(text));
    return own;
  });
}

function wordsOf(transaction: RecordedStatement[], key: string, reply: Record<string, unknown>): Recording {
  const words: Recording["words"] = {};
  const { recordedAt, number, id } = reply as { recordedAt?: string; number?: number; id?: string };
  const created = key !== "" && transaction.some(({ values }) => values.includes(key));
  if (created) {
    words[key] = "key";
    words[id!] = "id";
    words[recordedAt!] = "now";
    for (const { text, values } of transaction) {
      if (!text.includes("insert into events")) continue;
      for (const value of values) for (const event of idsOf(value)) words[event] = "id";
    }
  }
  const statements = transaction.map(({ name, text, values }) => ({ ...(name ? { name } : {}), text, values }));
  return { statements, prepared: {}, words, number: created ? number : undefined };
}

/** Ids of rows in a parameter that is JSON: `[{"id": …}]`. */
function idsOf(value: unknown): string[] {
  if (typeof value !== "string" || !value.startsWith("[{")) return [];
  return (JSON.parse(value) as { id?: string }[]).flatMap((row) => (row.id ? [row.id] : []));
}
