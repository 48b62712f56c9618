import { fileColumns, openSnapshot, type FileColumn } from "../backups/backups.ts";
import type { Clock } from "../context.ts";
import { AppError } from "../errors.ts";
import { quoted } from "../platform/catalogue.ts";
import {
  describeKey,
  listAside,
  listKeys,
  putBack,
  removeAside,
  setAside,
  type KeyedFile,
} from "../platform/files-aside.ts";

/**
 * A crash between a file and the row that names it leaves a file that nobody will ever ask for. It is not removed at
 * once: it lies aside for a month, and comes back by itself when a row turns out to name it.
 */

/** A row may be committed long after its file came: a file this young is nobody's yet. */
const youngMs = 24 * 3_600_000;
const asideMs = 30 * 24 * 3_600_000;
/** So many without a row are a few crashes; more of them, and more than a tenth of all, are rather a mistake. */
const plausible = 20;

export interface SweepSource {
  /** Of the role that owns the tables: nobody else sees the rows of all companies. */
  ownerUrl: string;
  /** Where the files lie, as openFiles takes it. */
  folder: string;
  clock: Clock;
}

export interface SweepInput {
  /** Look, and change nothing. */
  dryRun?: boolean;
  /** The operator knows why so many have no row. */
  evenMany?: boolean;
}

export interface Swept {
  /** How many files there are. */
  files: number;
  /** Of these, older than a day and named by no row: what was set aside, or would be. */
  unnamed: KeyedFile[];
  /** Named by no row yet, and younger than a day. */
  young: number;
  /** Lay aside, and a row names them: they are in their place again. */
  back: string[];
  /** Lay aside for more than 30 days: gone. */
  removed: string[];
  /** Why nothing is done about them, in words; null: all is plausible. */
  doubt: string | null;
}

/**
 * Sets aside what no row of any table names, for 30 days, after which it is removed. Listed first, asked then: a file
 * that comes meanwhile is not among them.
 * @throws AppError sweep_refused: what was seen is not plausible, nothing was changed · backup_incomplete
 */
export async function sweepFiles(source: SweepSource, input: SweepInput = {}): Promise<Swept> {
  const seen = await look(source, input);
  const { folder, clock } = source;
  if (input.dryRun) return seen;
  // What comes back is never a mistake; what goes may be.
  for (const key of seen.back) await putBack(folder, key);
  if (seen.doubt) throw new AppError("sweep_refused", `${seen.doubt} No file was removed.`);
  for (const { key } of seen.unnamed) await setAside(folder, key, clock());
  for (const key of seen.removed) await removeAside(folder, key);
  return seen;
}

async function look({ ownerUrl, folder, clock }: SweepSource, input: SweepInput): Promise<Swept> {
  const old = clock().getTime() - youngMs;
  const swept: Swept = { files: 0, unnamed: [], young: 0, back: [], removed: [], doubt: null };
  const facts: Facts = { named: 0, namedHere: 0, companies: 0 };
  for await (const keys of listKeys(folder)) {
    const unnamed = await ask(ownerUrl, clock, async (rows) => {
      Object.assign(facts, { companies: rows.companies, named: await rows.count() });
      return rows.unnamed(keys);
    });
    swept.files += keys.length;
    facts.namedHere += keys.length - unnamed.length;
    for (const key of unnamed) {
      const file = await describeKey(folder, key);
      if (file && file.since.getTime() <= old) swept.unnamed.push(file);
      else if (file) swept.young++;
    }
  }
  await lookAside({ ownerUrl, folder, clock }, swept, facts);
  return { ...swept, doubt: doubtAbout(swept, facts, input) };
}

/** What lies aside is asked for anew every time: the last answer may have come from a database that was not all. */
async function lookAside({ ownerUrl, folder, clock }: SweepSource, swept: Swept, facts: Facts): Promise<void> {
  const kept = await listAside(folder);
  if (kept.length === 0) return;
  const keys = kept.map(({ key }) => key);
  const unnamed = await ask(ownerUrl, clock, async (rows) => {
    Object.assign(facts, { companies: rows.companies, named: await rows.count() });
    return new Set(await rows.unnamed(keys));
  });
  const over = clock().getTime() - asideMs;
  swept.back = keys.filter((key) => !unnamed.has(key));
  swept.removed = kept.filter(({ key, since }) => unnamed.has(key) && since.getTime() <= over).map(({ key }) => key);
}

interface Facts {
  companies: number;
  /** Different files that rows name, wherever they are; without those that a restored copy does not have. */
  named: number;
  /** Of the files that are here, those that rows name. */
  namedHere: number;
}

function doubtAbout({ files, unnamed, back, removed }: Swept, facts: Facts, { evenMany }: SweepInput): string | null {
  const going = unnamed.length + removed.length;
  if (going === 0) return null;
  if (facts.companies === 0) {
    return "There are files and not one company: this is not the database that these files belong to.";
  }
  const here = facts.namedHere + back.length;
  if (here * 2 < facts.named) {
    return `Of ${facts.named} files that the database names only ${here} are in this folder: one of the two belongs to another installation.`;
  }
  if (evenMany || unnamed.length <= plausible || unnamed.length * 10 <= files) return null;
  return `${unnamed.length} of ${files} files are named by no row, more than crashes leave. If you know why, say --even-many.`;
}

interface NamedFiles {
  companies: number;
  /** Of these keys, those that no row of any company names. */
  unnamed(keys: readonly string[]): Promise<string[]>;
  count(): Promise<number>;
}

/** One moment of the whole installation; the snapshot refuses when row-level security would hide rows from it. */
async function ask<T>(ownerUrl: string, clock: Clock, work: (rows: NamedFiles) => Promise<T>): Promise<T> {
  const { session, tables, companies } = await openSnapshot(ownerUrl, undefined, clock);
  try {
    const columns = fileColumns(tables);
    return await work({
      companies,
      unnamed: async (keys) =>
        (await session.query<{ key: string }>(unnamedSql(columns), [keys])).map(({ key }) => key),
      count: async () => (await session.query<{ count: number }>(countSql(columns)))[0]!.count,
    });
  } finally {
    await session.close();
  }
}

const keysSql = (columns: readonly FileColumn[]) =>
  columns.map(({ table, key }) => `select ${key} as key from ${quoted(table)} where ${key} <> ''`);

/** Hashed, each table read once: nothing has an index on the keys, and nothing else would ever use one. */
const unnamedSql = (columns: readonly FileColumn[]) =>
  `select k.key from unnest($1::text[]) k (key)
   where not exists (select from (${keysSql(columns).join(" union all ")}) n where n.key = k.key)`;

const countSql = (columns: readonly FileColumn[]) =>
  `select count(*)::int as count from (${keysSql(columns.filter(({ kept }) => kept)).join(" union ")}) n`;
