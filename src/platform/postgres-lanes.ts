import { escapeLiteral, type ClientBase, type QueryResult } from "pg";
import type { PreparedStatements } from "./postgres-statements.ts";

type Query = { name: string | undefined; text: string; values: readonly unknown[] };

const readOnly = "begin isolation level repeatable read read only";

/**
 * One connection for many short transactions that only read, one after the other: what opens, narrows or ends one of
 * them goes to PostgreSQL with the statement behind it, so that each costs as many ways there and back as it asks
 * questions. What is said, and in which order, is the same as on any other connection.
 *
 * Statements go together as one text of the simple protocol, so a question is asked as `execute` of the statement that
 * the connection has prepared before, with its values as literals; until then as it always is.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export class Lane {
  readonly #client: ClientBase;
  readonly #prepared: PreparedStatements;
  /** Said with the next question. */
  #pending: string[] = [];

  constructor(client: ClientBase, prepared: PreparedStatements) {
    this.#client = client;
    this.#prepared = prepared;
  }

  /** @param opening `begin …; set local …` of a transaction that only reads */
  begin(opening: string): void {
    if (!opening.startsWith(readOnly)) throw new Error("A lane is for transactions that only read.");
    this.#pending.push(opening);
  }

  commit(): void {
    this.#pending.push("commit");
  }

  /** After an error: what was to be said belongs to what went wrong. */
  async rollback(): Promise<void> {
    this.#pending = [];
    await this.#client.query("rollback");
  }

  /** Says what is still to be said. */
  async end(): Promise<void> {
    await this.#flush();
  }

  async query(text: string, values: readonly unknown[]): Promise<QueryResult> {
    if (text.startsWith("set local")) {
      this.#pending.push(text);
      return { command: "SET", rowCount: null, oid: 0, fields: [], rows: [] };
    }
    const question = { name: this.#prepared.nameOf(text), text, values };
    const together = this.#pending.length > 0 ? this.#asText(question) : undefined;
    if (together === undefined) {
      await this.#flush();
      return this.#client.query({ ...question, values: [...values] } as never);
    }
    const all = [...this.#pending, together];
    this.#pending = [];
    const results = (await this.#client.query(all.join("; "))) as unknown as QueryResult[];
    return results.at(-1)!;
  }

  async #flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const all = this.#pending.join("; ");
    this.#pending = [];
    await this.#client.query(all);
  }

  /** Undefined: not prepared here yet, or a value that is no plain literal. */
  #asText({ name, values }: Query): string | undefined {
    if (name === undefined || !this.#prepared.isKnown(name)) return undefined;
    const literals = values.map(literalOf);
    if (literals.includes(undefined)) return undefined;
    return literals.length === 0 ? `execute "${name}"` : `execute "${name}"(${literals.join(", ")})`;
  }
}

function literalOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return escapeLiteral(value);
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof Date) return escapeLiteral(value.toISOString());
  return Buffer.isBuffer(value) ? escapeLiteral(`\\x${value.toString("hex")}`) : undefined;
}
