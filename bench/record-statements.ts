/**
 * Loaded into the server by `--import` in a recording run, never in a measured one: writes each statement that goes to
 * PostgreSQL into the file that the import's `?to=` names, a line of JSON each.
 */
import { openSync, writeSync } from "node:fs";
import { Client } from "pg";

const file = openSync(new URL(import.meta.url).searchParams.get("to")!, "a");
let connections = 0;
const numbers = new WeakMap<object, number>();

export interface RecordedStatement {
  connection: number;
  name?: string;
  text: string;
  values: unknown[];
}

type Query = (...args: unknown[]) => unknown;
const prototype = Client.prototype as unknown as { query: Query };
const original = prototype.query;
prototype.query = function query(this: object, ...args: unknown[]): unknown {
  const [first, second] = args;
  const config = (typeof first === "string" ? { text: first, values: second } : first) as Partial<RecordedStatement>;
  if (!numbers.has(this)) numbers.set(this, ++connections);
  const values = Array.isArray(config.values) ? config.values.map(tagged) : [];
  const line = { connection: numbers.get(this), name: config.name, text: config.text, values };
  writeSync(file, `${JSON.stringify(line)}\n`);
  return Reflect.apply(original, this, args);
};

/** Kinds that JSON does not know, so that they can be sent again as they were. */
function tagged(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Buffer.isBuffer(value)) return { $bytes: value.toString("base64") };
  return Array.isArray(value) ? value.map(tagged) : value;
}
