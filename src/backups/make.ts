import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import type { Clock } from "../context.ts";
import { quoted } from "../platform/catalogue.ts";
import type { Files } from "../platform/files.ts";
import type { OwnerSession } from "../platform/owner-session.ts";
import { unfinishedJobs } from "../platform/queue.ts";
import { writeWholeFile } from "../platform/whole-file.ts";
import { dataFrame, noteFrame, pack } from "./archive.ts";
import type { EndNote, Job, Manifest, TableShape } from "./notes.ts";
import { newKey, type KeyCost } from "./sealed-header.ts";
import { openSnapshot, type Snapshot } from "./snapshot.ts";
import { fileFrames, listFiles, type FileFault, type FilesWritten } from "./stored-files.ts";
import { accountsTable, companyColumn, leftOut } from "./tables.ts";

/** What a backup is made of: the database as its owner sees it, and the folder of files. */
export interface Source {
  ownerUrl: string;
  files: Files;
  clock: Clock;
}

export interface BackupInput {
  /** Where it is written; refused when something is there. */
  path: string;
  passphrase: string;
  /** undefined: the whole installation. */
  companyId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** For tests: a cheaper key. */
  cost?: KeyCost | undefined;
}

export interface BackupReport {
  path: string;
  id: string;
  /** The snapshot's moment. */
  madeAt: Date;
  bytes: number;
  companies: number;
  tables: number;
  rows: number;
  jobs: number;
  files: number;
  missing: FileFault[];
  damaged: FileFault[];
}

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/**
 * Writes one consistent snapshot, of everything or of one company, while everybody goes on working. There whole and on
 * disk when this returns; else nothing is there.
 * @throws AppError file_exists, storage_full, file_not_writable, company_not_found, backup_incomplete
 */
export async function makeBackup(source: Source, input: BackupInput): Promise<BackupReport> {
  const key = await newKey(input.passphrase, input.cost);
  const snapshot = await openSnapshot(source.ownerUrl, input.companyId, source.clock);
  try {
    const manifest = await describe(snapshot);
    const end: EndNote = { note: "end", rows: 0, jobs: 0, files: 0, missing: [] };
    const found: FilesWritten = { files: 0, missing: [], damaged: [] };
    const frames = framesOf({ snapshot, manifest, files: source.files, end, found });
    const bytes = await writeWholeFile(input.path, pack(frames, key), input.signal);
    const { id, companies } = manifest;
    const { rows, jobs, files } = end;
    const report = { path: input.path, id, madeAt: snapshot.madeAt, bytes, companies, rows, jobs, files };
    return { ...report, tables: manifest.tables.length, missing: found.missing, damaged: found.damaged };
  } finally {
    await snapshot.session.close();
  }
}

async function describe({ session, company, companies, tables, madeAt, postgres }: Snapshot): Promise<Manifest> {
  const migrations = await session.query<{ name: string; digest: string }>(
    'select name, digest from migrations order by name collate "C"',
  );
  const shapes: TableShape[] = tables.map(({ name, columns }) => ({ name, columns }));
  return {
    note: "manifest",
    format: 1,
    id: randomUUID(),
    madeAt: madeAt.toISOString(),
    openbook: version,
    postgres,
    company,
    companies,
    migrations,
    tables: company ? [accountsOfMembers, ...shapes] : shapes,
    leftOut: Object.keys(leftOut),
  };
}

/** Of a company's members: who they are, so that they are found again elsewhere; no password. */
const accountsOfMembers: TableShape = {
  name: accountsTable,
  columns: [
    { name: "id", type: "uuid" },
    { name: "email", type: "text" },
    { name: "email_key", type: "text" },
    { name: "name", type: "text" },
    { name: "created_at", type: "timestamp with time zone" },
  ],
};

interface Frames {
  snapshot: Snapshot;
  manifest: Manifest;
  files: Files;
  /** Filled while the frames are made. */
  end: EndNote;
  found: FilesWritten;
}

async function* framesOf({ snapshot, manifest, files, end, found }: Frames): AsyncGenerator<Buffer> {
  const { session, company } = snapshot;
  yield noteFrame(manifest);
  for (const table of manifest.tables) {
    yield noteFrame({ note: "table", name: table.name });
    const copy = session.copyOut(`copy (${rowsSql(table, company?.id)}) to stdout`);
    for await (const part of copy) yield dataFrame(part);
    yield noteFrame({ note: "rows", name: table.name, rows: copy.rows() });
    end.rows += copy.rows();
  }
  yield* jobFrames(session, company?.id, end);
  yield* fileFrames(files, await listFiles(session, manifest.tables, company?.id), found);
  await forgetGone(session, manifest, found);
  end.files = found.files;
  end.missing = found.missing;
  yield noteFrame(end);
}

function rowsSql({ name, columns }: TableShape, companyId: string | undefined): string {
  const list = columns.map((column) => quoted(column.name)).join(", ");
  if (companyId === undefined) return `select ${list} from ${quoted(name)}`;
  const owner = companyColumn({ name, columns });
  if (owner) return `select ${list} from ${quoted(name)} where ${owner} = '${companyId}'`;
  return `select ${list} from ${quoted(name)} where id in (select account_id from members where company_id = '${companyId}')`;
}

async function* jobFrames(session: OwnerSession, companyId: string | undefined, end: EndNote): AsyncGenerator<Buffer> {
  const jobs: Job[] = await unfinishedJobs(session, companyId);
  yield noteFrame({ note: "jobs", jobs: jobs.length });
  for (const job of jobs) yield dataFrame(Buffer.from(`${JSON.stringify(job)}\n`));
  end.jobs = jobs.length;
}

/** A file may have been deleted, with the row that named it, since the snapshot: it is not missed by anybody. */
async function forgetGone(session: OwnerSession, manifest: Manifest, found: FilesWritten): Promise<void> {
  if (found.missing.length === 0) return;
  const mode = manifest.company ? `app.company_id = '${manifest.company.id}'` : "app.whole_installation = 'on'";
  await session.query(`commit; begin read only; set local ${mode}; set local app.both_sides = 'on'`);
  const named = new Set((await listFiles(session, manifest.tables, manifest.company?.id)).flatMap(({ keys }) => keys));
  found.missing = found.missing.filter(({ key }) => named.has(key));
}
