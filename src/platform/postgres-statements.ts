import type pg from "pg";

/** How many statements one connection keeps prepared: the texts of all features together are some two hundred. */
export const maxPrepared = 300;
/** Lists of ids and the like make texts that never come again. */
const maxText = 10_000;
const maxSeen = 1_000;

/** Texts that were run once of late; a second time, they are worth preparing. Shared by all connections. */
const seen = new Set<string>();
let named = 0;

/**
 * The statements that one connection has prepared, by their texts; the one not used for longest makes room. Filters
 * make texts of endless shapes: whoever sends all of them moves through these names, and takes nobody's away for good.
 */
export class PreparedStatements {
  readonly #client: pg.ClientBase;
  readonly #names = new Map<string, string>();

  constructor(client: pg.ClientBase) {
    this.#client = client;
  }

  /** Under which name a text is prepared; undefined: it is sent as it is. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known) {
      this.#names.delete(text);
      this.#names.set(text, known);
      return known;
    }
    // `set local … = '<id>'` carries its value in its text: each would be another statement.
    if (text.length > maxText || text.startsWith("set local") || !seenBefore(text)) return undefined;
    if (this.#names.size >= maxPrepared) this.#forgetOldest();
    // Never used again for another text: a name that could not be given back does no harm.
    const name = `s${(++named).toString(36)}`;
    this.#names.set(text, name);
    return name;
  }

  /** Whether PostgreSQL has parsed what goes by this name. */
  isKnown(name: string): boolean {
    return Object.hasOwn(this.#parsed, name);
  }

  get #parsed(): Record<string, string> {
    const { connection } = this.#client as unknown as { connection: { parsedStatements: Record<string, string> } };
    return connection.parsedStatements;
  }

  #forgetOldest(): void {
    const [text, name] = this.#names.entries().next().value!;
    this.#names.delete(text);
    // What PostgreSQL refused to parse was never prepared there; to give it back would fail the transaction.
    if (!this.isKnown(name)) return;
    delete this.#parsed[name];
    // Goes on this connection before the statement that takes its place; in a failed transaction it is refused.
    this.#client.query(`deallocate "${name}"`).catch(() => {});
  }
}

function seenBefore(text: string): boolean {
  if (seen.delete(text)) return true;
  seen.add(text);
  if (seen.size > maxSeen) seen.delete(seen.values().next().value!);
  return false;
}
