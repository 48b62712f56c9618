import { createHash } from "node:crypto";
import { Ending, readManifest, type Manifest } from "./manifest.ts";
import { RowChecks } from "./check-rows.ts";
import { cutShort, damaged, notAnExport, type Batch, type Row } from "./rows.ts";
import { tableNamed, tables } from "./tables.ts";

/** Bytes of a line: the longest entry there can be is far below. */
const maxLine = 32 * 1024 * 1024;
const batchRows = 2000;
const batchBytes = 4 * 1024 * 1024;
const lineFeed = 10;

interface Line {
  number: number;
  /** With its line feed, where it has one. */
  bytes: Buffer;
}

/** Cuts a stream of bytes into lines; holds one chunk and one line. */
async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let number = 0;
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end === 0) {
      rest.push(chunk);
      length += chunk.length;
      if (length > maxLine) throw damaged(`Line ${number + 1} is longer than any line of an export`);
      continue;
    }
    const whole = rest.length > 0 ? Buffer.concat([...rest, chunk.subarray(0, end)]) : chunk.subarray(0, end);
    rest = end < chunk.length ? [chunk.subarray(end)] : [];
    length = chunk.length - end;
    const lines: Line[] = [];
    for (let at = 0; at < whole.length;) {
      const next = whole.indexOf(lineFeed, at) + 1;
      lines.push({ number: ++number, bytes: whole.subarray(at, next) });
      at = next;
    }
    yield lines;
  }
  if (length > 0) yield [{ number: number + 1, bytes: Buffer.concat(rest) }];
}

/** The manifest alone, from the beginning of the file. @throws AppError not_an_export · export_version_unknown */
export async function manifestOfLines(stream: AsyncIterable<Buffer>): Promise<Manifest> {
  for await (const lines of linesOf(stream)) return readManifest(parsed(lines[0]!) ?? null);
  throw notAnExport("the file is empty");
}

/**
 * The rows of a JSON record, in batches of one table, in the order of the file; ends only when the whole file is there
 * and says what was written.
 * @throws AppError export_damaged · export_cut_short · not_an_export · export_version_unknown
 */
export async function* batchesOfLines(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<Batch> {
  const record = new LineRecord(name);
  for await (const lines of linesOf(stream)) {
    for (const line of lines) {
      const batch = record.take(line);
      if (batch) yield batch;
    }
  }
  const last = record.flush();
  if (last) yield last;
  record.finish();
}

class LineRecord {
  private readonly name: string;
  private readonly hash = createHash("sha256");
  private readonly counts: Record<string, number> = {};
  private ending: Ending | undefined;
  private batch: Batch | undefined;
  private bytes = 0;
  private order = 0;
  /** From its first line on. */
  private checks: RowChecks | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** @returns a batch that is full, or whose table has ended */
  take(line: Line): Batch | undefined {
    const place = `${this.name}, line ${line.number}`;
    if (this.ending) throw damaged(`${place}: something follows its end`);
    const value = parsed(line);
    if (!this.checks) {
      this.checks = new RowChecks(readManifest(value ?? null).supplier);
    } else if (value === undefined) {
      if (line.bytes.at(-1) !== lineFeed) throw cutShort(`${place} ends in the middle`);
      throw damaged(`${place} is not JSON`);
    } else if (value["end"] === true) {
      this.end(value, place);
      return undefined;
    } else {
      this.hash.update(line.bytes);
      return this.add(value, line.bytes.length, place, this.checks);
    }
    this.hash.update(line.bytes);
    return undefined;
  }

  private add(row: Row, length: number, place: string, checks: RowChecks): Batch | undefined {
    const table = tableNamed(String(row["table"]));
    if (!table) throw damaged(`${place} belongs to no table of an export`);
    const order = tables.indexOf(table as never);
    if (order < this.order) throw damaged(`${place}: the tables are not in the order of an export`);
    this.order = order;
    const full = this.batch && (this.batch.table !== table || this.isFull) ? this.flush() : undefined;
    this.batch ??= { table, rows: [] };
    this.batch.rows.push(checks.check(table, row, () => place));
    this.bytes += length;
    this.counts[table.name] = (this.counts[table.name] ?? 0) + 1;
    return full;
  }

  private get isFull(): boolean {
    return this.batch!.rows.length >= batchRows || this.bytes >= batchBytes;
  }

  flush(): Batch | undefined {
    const { batch } = this;
    this.batch = undefined;
    this.bytes = 0;
    return batch;
  }

  private end(value: Row, place: string): void {
    const ending = Ending.safeParse(value);
    if (!ending.success) throw damaged(`${place}: its end cannot be read`);
    this.ending = ending.data;
  }

  finish(): void {
    if (!this.checks) throw notAnExport("the file is empty");
    if (!this.ending) throw cutShort(`${this.name} has no end`);
    checkCounts(this.ending, this.counts);
    if (this.ending.sha256 !== this.hash.digest("hex")) {
      throw damaged(`${this.name} was changed after it was made: its SHA-256 is another than its last line says`);
    }
  }
}

/** @throws AppError export_cut_short · export_damaged */
export function checkCounts(ending: Ending, counts: Readonly<Record<string, number>>): void {
  for (const { name } of tables) {
    const [said, found] = [ending.rows[name] ?? 0, counts[name] ?? 0];
    if (found < said) throw cutShort(`it should have ${said} rows of ${name}, and has ${found}`);
    if (found > said) throw damaged(`It has ${found} rows of ${name}; ${said} were written`);
  }
}

function parsed({ bytes }: Line): Row | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}
