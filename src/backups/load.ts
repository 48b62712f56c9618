import { quoted, readCatalogue } from "../platform/catalogue.ts";
import type { FilePlacing } from "../platform/files-placing.ts";
import type { OwnerSession } from "../platform/owner-session.ts";
import { unreadable } from "./archive.ts";
import type { FrameReader } from "./frame-reader.ts";
import { Job, type EndNote } from "./notes.ts";
import { sha256Of } from "./stored-files.ts";

/** What the parts after the tables hold. */
export interface Rest {
  jobs: Job[];
  /** Key → SHA-256 of what was put under it, lower-case hex. */
  files: Map<string, string>;
  end: EndNote;
}

/**
 * All rows of all tables, each table as it follows in the backup.
 * @param into the statement that takes a table's rows
 * @returns how many rows there were
 */
export async function loadTables(
  session: OwnerSession,
  reader: FrameReader,
  into: (table: { name: string; list: string }) => string,
  signal?: AbortSignal,
): Promise<number> {
  let all = 0;
  for (const { name, columns } of reader.manifest.tables) {
    signal?.throwIfAborted();
    if ((await reader.note("table")).name !== name) throw unreadable();
    const list = columns.map((column) => quoted(column.name)).join(", ");
    const rows = await session.copyIn(into({ name, list }), reader.data());
    const said = await reader.note("rows");
    if (said.name !== name || said.rows !== rows) throw unreadable();
    all += rows;
  }
  return all;
}

/** Tables made in this transaction take their rows frozen: nothing has to be written a second time by vacuum. */
export async function frozenInto(session: OwnerSession): Promise<(table: { name: string; list: string }) => string> {
  const partitioned = new Set((await readCatalogue(session)).filter((t) => t.partitioned).map((t) => t.name));
  return ({ name, list }) =>
    `copy ${quoted(name)} (${list}) from stdin${partitioned.has(name) ? "" : " with (freeze)"}`;
}

/**
 * What follows the tables, to the very end of the backup: only then it is sure that all was there.
 * @param placing undefined: the files are read and counted, and not kept
 */
export async function readRest(
  reader: FrameReader,
  rows: number,
  placing: FilePlacing | undefined,
  signal?: AbortSignal,
): Promise<Rest> {
  const jobs = await readJobs(reader);
  const files = new Map<string, string>();
  for (;;) {
    signal?.throwIfAborted();
    const note = await reader.anyNote();
    if (note?.note === "file") {
      const sha256 = await readFile(reader, note, placing);
      for (const key of note.keys) files.set(key, sha256);
    } else if (note?.note === "end") {
      const complete = note.rows === rows && note.jobs === jobs.length && note.files === files.size;
      if (!complete || (await reader.anyNote())) throw unreadable();
      return { jobs, files, end: note };
    } else throw unreadable();
  }
}

async function readFile(
  reader: FrameReader,
  { keys, size }: { keys: string[]; size: number },
  placing: FilePlacing | undefined,
): Promise<string> {
  let read = 0;
  async function* counted() {
    for await (const part of reader.data()) {
      read += part.length;
      yield part;
    }
  }
  const sha256 = placing ? await placing.place(keys, counted()) : await sha256Of(counted());
  if (read !== size || (await reader.note("file-end")).sha256 !== sha256) throw unreadable();
  return sha256;
}

async function readJobs(reader: FrameReader): Promise<Job[]> {
  const { jobs } = await reader.note("jobs");
  const parts: Buffer[] = [];
  for await (const part of reader.data()) parts.push(Buffer.from(part));
  const lines = Buffer.concat(parts).toString("utf8").split("\n").slice(0, -1);
  if (lines.length !== jobs) throw unreadable();
  return lines.map((line) => {
    const parsed = Job.safeParse(JSON.parse(line));
    if (!parsed.success) throw unreadable();
    return parsed.data;
  });
}
