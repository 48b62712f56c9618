import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { SavedMapping } from "./contract-mappings.ts";
import type { AnyMapping, ImportReport, PlaceSaid, SubjectName } from "./contract.ts";
import { fitMapping } from "./mappings-fit.ts";
import { getMappingByName, keepMapping, recognise } from "./mappings.ts";
import { isElsewhere, placeSaid } from "./place.ts";
import { bringIn, holding, readTable, refuseUnanswered, type ReadFile, type SourceFile } from "./run.ts";
import { guessOf, guessWhereUnsaid } from "./run-sample.ts";
import { cleanName } from "./starting.ts";
import { insertImport, noPreview, updateImport } from "./store.ts";
import type { ImportSubject } from "./subject.ts";
import { refuseOther, subjectOf } from "./subjects.ts";

/** A file of this machine at once: the command's way, through the same functions. */

export interface FileImported extends ImportReport {
  /** By which the import can be undone; null: a dry run. */
  importId: string | null;
  /** The name under which how it was read is kept, and since when; undefined: a dry run of a file of a new kind. */
  readAs?: { name: string; usedAt: string | null } | undefined;
}

export interface ImportFileOptions {
  /** What its rows are; default requests. */
  subject?: SubjectName | undefined;
  /** Default: how a file with these columns was read before, else what is guessed. */
  mapping?: AnyMapping | undefined;
  /** The name of a kept mapping. */
  readAs?: string | undefined;
  /** Changes nothing. */
  dryRun?: boolean | undefined;
  /** Sheets that are read as one table; default: what the mapping says, or those that have the same columns. */
  sheets?: "all" | string[] | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Imports a file of this machine, all of it or nothing. The file itself is not kept.
 * @throws AppError file_not_found; what the file or its mapping is refused for; mapping_not_found; identity_not_unique
 */
export async function importFile(
  platform: Platform,
  companyId: string,
  path: string,
  options: ImportFileOptions = {},
): Promise<FileImported> {
  const { size, digest } = await identify(path);
  const file = { path, name: cleanName(basename(path)) };
  const within: Within = (work, mode) => inCompany(platform, companyId, asOperator("command"), work, mode);
  const { timeZone } = await within(async (ctx) => ctx.company, "read");
  const { signal } = options;
  const subject = subjectOf(options.subject ?? "requests");
  const { table, read, mapping, saved } = await readByMapping(within, file, subject, options);
  const parsed = await subject.understand(table, mapping, {
    timeZone,
    now: platform.clock(),
    mappingId: saved?.id ?? null,
  });
  const onProgress = () => signal?.throwIfAborted();
  const readAs = saved && { name: saved.name, usedAt: saved.usedAt };
  if (options.dryRun) {
    return { ...(await within((ctx) => parsed.compare(ctx, onProgress), "read")), importId: null, readAs };
  }
  refuseUnanswered(parsed);
  const { format, rowCount, warnings, header, sheets } = read;
  const about = {
    subject: subject.name,
    fileName: file.name,
    fileSize: size,
    fileDigest: digest,
    fileKey: "",
    format,
    rowCount,
    preview: { ...noPreview, header, sheets, warnings: warnings.map(({ message }) => message) },
    mapping,
  };
  return holding(within, parsed, async (ctx) => {
    const row = await insertImport(ctx, { ...about, mappingId: saved?.id, state: "running" });
    const report = await bringIn(ctx, row.id, parsed, onProgress);
    const ofFile = { subject: subject.name, fileName: file.name, header: saved?.header ?? header, mapping };
    const kept = await keepMapping(ctx, { ...ofFile, mappingId: saved?.id ?? null });
    const now = { name: kept.name, usedAt: saved?.usedAt ?? null };
    await updateImport(ctx, row.id, { state: "done", report, mappingId: kept.id, readAs: { ...now, more: [] } });
    return { ...report, importId: row.id, readAs: now };
  });
}

type Within = <T>(work: (ctx: Context) => Promise<T>, mode?: "read") => Promise<T>;

interface ReadByMapping extends ReadFile {
  mapping: AnyMapping;
  /** Under which name it is kept how the file is read; undefined: it is a new kind of file. */
  saved: SavedMapping | undefined;
}

/** Reads the file by what is said of it, else as one with its columns was read before, else by what is guessed. */
async function readByMapping(
  within: Within,
  file: SourceFile,
  subject: ImportSubject,
  { mapping, readAs, sheets, signal }: ImportFileOptions,
): Promise<ReadByMapping> {
  const named = readAs === undefined ? undefined : await within((ctx) => getMappingByName(ctx, readAs), "read");
  const given = mapping && sheets ? { ...mapping, sheets } : mapping;
  const said = given ?? named?.mapping;
  if (said) refuseOther(subject, said);
  const open = (place: PlaceSaid = {}) => readTable(file, { ...placeSaid(place), ...(signal && { signal }) });
  const found = await open(sheets ? { headerRow: said?.headerRow, sheets } : said);
  const arrived = { subject: subject.name, header: found.read.header, fileName: file.name };
  const saved = named ?? (await within((ctx) => recognise(ctx, arrived), "read"))?.saved;
  const chosen = sheets && { sheets };
  if (given) return { ...found, mapping: guessWhereUnsaid(subject, found.table, given), saved };
  if (!saved) return { ...found, mapping: { ...guessOf(subject, found.table), ...chosen }, saved };
  const fitted = { ...fitMapping(saved, found.read, guessOf(subject, found.table)), ...chosen };
  return { ...(!named && !sheets && isElsewhere(fitted) ? await open(fitted) : found), mapping: fitted, saved };
}

async function identify(path: string): Promise<{ size: number; digest: Buffer }> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new AppError("file_not_found", `There is no file ${path}. Nothing was imported.`);
  const digest = createHash("sha256");
  await pipeline(createReadStream(path), digest);
  return { size: found.size, digest: digest.digest() };
}
