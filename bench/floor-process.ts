/**
 * The floor: a process that says to PostgreSQL what the server said in a recording run, statement by statement over
 * the same number of connections as the same role, prepared where the server prepares, and does nothing else.
 */
import { Client } from "pg";
import { newId } from "../src/platform/id.ts";
// For how it reads what comes back: the floor reads no cheaper.
import "../src/platform/postgres.ts";
import { percentile } from "./figure.ts";
import { measure, type RunRequest, type RunResult } from "./load.ts";
import type { Recording } from "./recording.ts";

export interface FloorTask {
  /** Connection string of the application's role. */
  url: string;
  /** For each worker the transactions it repeats in turn. */
  workers: Recording[][];
  /** All of them are one turn, which lasts as long as the slowest. */
  together?: boolean;
}

interface Turn {
  ids: Map<string, string>;
  key: string;
  now: Date;
  number: number;
}
type Part = (turn: Turn) => unknown;

/** A parameter as it was recorded, with its changing words replaced by this turn's. */
function partOf(value: unknown, { words, number }: Recording): Part {
  if (typeof value === "object" && value !== null && "$bytes" in value) {
    return bytesOf(Buffer.from(String(value.$bytes), "base64"), words, number);
  }
  if (typeof value === "object" && value !== null && "$date" in value) {
    const date = new Date(String(value.$date));
    return words[String(value.$date)] === "now" ? (turn) => turn.now : () => date;
  }
  if (Array.isArray(value)) {
    const parts = value.map((item) => partOf(item, { words, number, statements: [], prepared: {} }));
    return (turn) => parts.map((part) => part(turn));
  }
  return typeof value === "string" ? textOf(value, words, number) : () => value;
}

function textOf(text: string, words: Recording["words"], number: number | undefined): Part {
  const known = [...Object.keys(words), ...(number === undefined ? [] : [`"number":${number},`])];
  if (!known.some((word) => text.includes(word))) return () => text;
  const pattern = new RegExp(
    `(${known.map((word) => word.replaceAll(/[.+*?()[\]{}|\\]/g, String.raw`\$&`)).join("|")})`,
  );
  const pieces = text.split(pattern).map((piece): string | ((turn: Turn) => string) => {
    if (!known.includes(piece)) return piece;
    if (piece.startsWith('"number":')) return (turn) => `"number":${turn.number},`;
    const kind = words[piece]!;
    if (kind === "key") return (turn) => turn.key;
    return kind === "now" ? (turn) => turn.now.toISOString() : (turn) => turn.ids.get(piece)!;
  });
  return (turn) => pieces.map((piece) => (typeof piece === "string" ? piece : piece(turn))).join("");
}

const int4 = 23;

/**
 * A column of the ledger's rows, an array in PostgreSQL's binary format: ids are replaced where they stand. Of whole
 * numbers only an array that holds nothing but the recorded one is its column.
 */
function bytesOf(bytes: Buffer, words: Recording["words"], number: number | undefined): Part {
  const found = Object.keys(words).flatMap((word) => (words[word] === "id" ? placesOf(bytes, word) : []));
  const numbered = number !== undefined && bytes.length === 28 && bytes.readInt32BE(8) === int4;
  if (numbered && bytes.readInt32BE(24) === number) {
    return (turn) => {
      const copy = Buffer.from(bytes);
      copy.writeInt32BE(turn.number, 24);
      return copy;
    };
  }
  if (found.length === 0) return () => bytes;
  return (turn) => {
    const copy = Buffer.from(bytes);
    for (const { word, at } of found) rawId(turn.ids.get(word)!).copy(copy, at);
    return copy;
  };
}

function placesOf(bytes: Buffer, word: string): { word: string; at: number }[] {
  const places: { word: string; at: number }[] = [];
  const raw = rawId(word);
  for (let at = bytes.indexOf(raw); at >= 0; at = bytes.indexOf(raw, at + raw.length)) places.push({ word, at });
  return places;
}

function rawId(id: string): Buffer {
  return Buffer.from(id.replaceAll("-", ""), "hex");
}

function replayOf(client: Client, recording: Recording): () => Promise<void> {
  const changing = Object.keys(recording.words).filter((word) => recording.words[word] === "id");
  const statements = recording.statements.map(({ name, text, values }) => {
    const parts = values.map((value) => partOf(value, recording));
    const counts = /insert into "?company_counters"?/.test(text);
    return { name, text, parts, counts };
  });
  return async () => {
    const now = new Date();
    const ids = new Map(changing.map((word) => [word, newId(now)]));
    const turn: Turn = { ids, key: newId(now), now, number: 0 };
    for (const { name, text, parts, counts } of statements) {
      const values = parts.map((part) => part(turn));
      const result = await (name
        ? client.query({ name, text, values })
        : client.query(text, values.length > 0 ? values : undefined));
      if (counts) turn.number = (result.rows[0] as { value: number }).value;
    }
  };
}

let clients: Client[] = [];
let workers: ((n: number) => Promise<void>)[] = [];

async function answer(message: { task: FloorTask } | { run: RunRequest }): Promise<RunResult | "ready"> {
  if ("task" in message) {
    await Promise.all(clients.map((client) => client.end()));
    clients = message.task.workers.map(() => new Client({ connectionString: message.task.url }));
    await Promise.all(clients.map((client) => client.connect()));
    for (const [index, recordings] of message.task.workers.entries()) {
      const prepared = Object.assign({}, ...recordings.map((one) => one.prepared)) as Record<string, string>;
      for (const [name, text] of Object.entries(prepared)) await clients[index]!.query(`prepare "${name}" as ${text}`);
    }
    workers = message.task.workers.map((recordings, index) => {
      const replays = recordings.map((recording) => replayOf(clients[index]!, recording));
      return (n: number) => replays[n % replays.length]!();
    });
    const lanes = workers;
    if (message.task.together) workers = [async (n) => void (await Promise.all(lanes.map((lane) => lane(n))))];
    return "ready";
  }
  const { latencies, seconds } = await measure(workers, message.run);
  const [p50, p95] = [percentile(latencies, 0.5), percentile(latencies, 0.95)];
  return { perSecond: latencies.length / seconds, n: latencies.length, p50, p95 };
}

process.on("message", (message: { task: FloorTask } | { run: RunRequest }) => {
  answer(message).then(
    (result) => process.send!({ result }),
    (error: unknown) => process.send!({ error: String((error as Error).stack) }),
  );
});
