import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { quoted } from "../platform/catalogue.ts";
import type { Files } from "../platform/files.ts";
import type { OwnerSession } from "../platform/owner-session.ts";
import { dataFrame, noteFrame } from "./archive.ts";
import { companyColumn, fileColumns, type FileColumn } from "./tables.ts";
import type { TableShape } from "./notes.ts";

/** Files with the same content, under the key that each row names. */
interface KeptFile {
  table: string;
  keys: string[];
  /** What the rows say it is; lower-case hex. */
  sha256: string | null;
}

export interface FileFault {
  key: string;
  table: string;
}

/** Every file that rows of these tables name and a backup keeps; those that are known to be the same are one. */
export async function listFiles(
  session: OwnerSession,
  tables: readonly TableShape[],
  companyId: string | undefined,
): Promise<KeptFile[]> {
  const found: KeptFile[] = [];
  for (const column of fileColumns(tables).filter(({ kept }) => kept)) {
    found.push(...(await session.query<KeptFile & Record<string, unknown>>(filesSql(column, tables, companyId))));
  }
  return found;
}

function filesSql({ table, key, digest }: FileColumn, tables: readonly TableShape[], companyId: string | undefined) {
  const owner = companyColumn(tables.find(({ name }) => name === table)!);
  const own = companyId === undefined || !owner ? "" : `and ${owner} = '${companyId}'`;
  const sha256 = digest ? `encode(${quoted(digest)}, 'hex')` : "null";
  return `
    select '${table}' as "table", array_agg(distinct key order by key) as keys, sha256 from (
      select ${key} as key, ${sha256} as sha256 from ${quoted(table)} where true ${own}) k
    where key <> '' group by sha256, case when sha256 is null then key end order by 2`;
}

export interface FilesWritten {
  files: number;
  /** Named by rows, not on the disk. */
  missing: FileFault[];
  /** On the disk, and not what it was when it came. */
  damaged: FileFault[];
}

/** The files as frames, and in the end what was found. */
export async function* fileFrames(
  files: Files,
  kept: readonly KeptFile[],
  found: FilesWritten,
): AsyncGenerator<Buffer> {
  for (const file of kept) {
    const { source, missing } = await bestSource(files, file);
    found.missing.push(...missing.map((key) => ({ key, table: file.table })));
    if (!source) continue;
    const keys = file.keys.filter((key) => !missing.includes(key));
    const { size, stream } = await files.openFile(source);
    yield noteFrame({ note: "file", keys, size });
    const digest = createHash("sha256");
    for await (const part of stream as AsyncIterable<Buffer>) {
      digest.update(part);
      yield dataFrame(part);
    }
    const sha256 = digest.digest("hex");
    yield noteFrame({ note: "file-end", sha256 });
    found.files += keys.length;
    if (file.sha256 && sha256 !== file.sha256) found.damaged.push(...keys.map((key) => ({ key, table: file.table })));
  }
}

/** Of several with the same content one that is whole, so that the backup holds it for all. */
async function bestSource(files: Files, { keys, sha256 }: KeptFile): Promise<{ source?: string; missing: string[] }> {
  const there: string[] = [];
  const missing: string[] = [];
  for (const key of keys) {
    const file = await files.openFile(key).catch(() => undefined);
    file?.stream.destroy();
    (file ? there : missing).push(key);
  }
  if (there.length < 2) return { ...(there[0] ? { source: there[0] } : {}), missing };
  for (const key of there) {
    const { stream } = await files.openFile(key);
    if ((await sha256Of(stream)) === sha256) return { source: key, missing };
  }
  return { source: there[0]!, missing };
}

export async function sha256Of(stream: Readable | AsyncIterable<Buffer>): Promise<string> {
  const digest = createHash("sha256");
  for await (const part of stream as AsyncIterable<Buffer>) digest.update(part);
  return digest.digest("hex");
}
