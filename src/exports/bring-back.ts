import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import { z } from "zod";
import { moveMembers } from "../accounts/accounts.ts";
import { bringBackAssetChanges, bringBackAssets } from "../assets/assets.ts";
import { OpenHours } from "../companies/contract.ts";
import {
  bringBackCategories,
  bringBackPeople,
  bringBackSettings,
  bringBackSuppliers,
  refuseUnlessNew,
  removePeople,
  type ReturnedCategory,
  type ReturnedSettings,
} from "../companies/companies.ts";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files } from "../platform/files.ts";
import { isPerhapsCommitted } from "../platform/postgres.ts";
import { bringBackRequests, refuseUnlessWithoutRequests, type ReturnedRow } from "../requests/requests.ts";
import type { Table } from "./columns.ts";
import { examineExport, release, type Examined } from "./examine.ts";
import type { ReturnedChains } from "./returned-chains.ts";
import { damaged, type Batch, type Row } from "./rows.ts";
import { bringBackTemplates, type ReturnedTemplate } from "../templates/templates.ts";

/** What came back, by table. */
export interface BroughtBack {
  company: { id: string; name: string };
  rows: Record<string, number>;
  /** Attachments that entries name, but whose bytes are not in the export: it was made without them. */
  withoutBytes: number;
}

export interface BringBackTools {
  platform: Platform;
  files: Files;
}

export interface BringBackOptions {
  signal?: AbortSignal | undefined;
  /** Hears how many rows have been written; what it throws ends the work, and nothing of it stays. */
  onProgress?: ((done: number, total: number) => void | Promise<void>) | undefined;
}

/**
 * Brings an export back into a new company, from a file of this machine: all of it, or nothing. Two readings: the first
 * proves and checks, outside any transaction; the second writes.
 * @throws AppError company_not_empty · chain_broken · what {@link examineExport} refuses
 */
export async function bringBackFile(
  { platform, files }: BringBackTools,
  companyId: string,
  path: string,
  options: BringBackOptions = {},
): Promise<BroughtBack> {
  const within = <T>(work: (ctx: Context) => Promise<T>, mode?: "read") =>
    inCompany(platform, companyId, asOperator("command"), work, mode);
  await within(refuseUnlessEmpty, "read");
  const examined = await examineExport(path, { companyId, files, signal: options.signal });
  let used = false;
  try {
    const back = await within((ctx) => bringBack(ctx, examined, options));
    used = true;
    return back;
  } catch (error) {
    // The rows that name them may be there: files too many are better than one too few.
    used = isPerhapsCommitted(error);
    throw error;
  } finally {
    await release(examined, files, used);
  }
}

/** @throws AppError company_not_empty */
export async function refuseUnlessEmpty(ctx: Context): Promise<void> {
  await refuseUnlessWithoutRequests(ctx);
  await refuseUnlessNew(ctx);
}

/** Writes an export that was examined for this company, in the caller's transaction. */
export async function bringBack(
  ctx: Context,
  { opened, chains, counts, kept }: Examined,
  { signal, onProgress }: BringBackOptions = {},
): Promise<BroughtBack> {
  // The same lock as that of imports: whoever brings something in at the same time waits.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`imports ${ctx.company.id}`}, 0))`.execute(ctx.db);
  await refuseUnlessEmpty(ctx);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const returning = new Returning(ctx, chains, kept);
  let done = 0;
  let batches = 0;
  for await (const batch of opened.batches()) {
    signal?.throwIfAborted();
    if (isPowerOfTwo(batches++)) await sql`discard plans`.execute(ctx.db);
    await returning.take(batch).catch((error: unknown) => {
      throw readable(error, batch.table);
    });
    done += batch.rows.length;
    await onProgress?.(done, total);
    await setImmediate();
  }
  await returning.finish();
  const withoutBytes = (counts["attachments"] ?? 0) - kept.size;
  return { company: opened.manifest.company, rows: counts, withoutBytes };
}

/** A connection keeps the plans it made for small tables; see the import of spreadsheets. */
function isPowerOfTwo(batches: number): boolean {
  return (batches & (batches - 1)) === 0;
}

/** Writes batch after batch, in the order of the tables. */
class Returning {
  private readonly ctx: Context;
  private readonly chains: ReturnedChains;
  private readonly settings = new Map<string, Row[]>();
  private readonly kept: ReadonlyMap<string, string>;
  private settled = false;

  constructor(ctx: Context, chains: ReturnedChains, kept: ReadonlyMap<string, string>) {
    this.kept = kept;
    this.ctx = ctx;
    this.chains = chains;
  }

  async take({ table, rows }: Batch): Promise<void> {
    const { ctx } = this;
    switch (table.name) {
      case "company":
      case "hours":
      case "holidays":
      case "targets":
      case "supplierTargets":
      case "categories":
      case "templates":
        this.settings.set(table.name, [...(this.settings.get(table.name) ?? []), ...rows]);
        return;
      case "suppliers":
        return bringBackSuppliers(ctx, rows as never);
      case "people": {
        const same = await bringBackPeople(ctx, rows as never);
        await moveMembers(ctx, same);
        return removePeople(
          ctx,
          same.map(({ from }) => from),
        );
      }
      case "assets":
        return bringBackAssets(ctx, rows as never);
      case "assetChanges":
        return bringBackAssetChanges(ctx, rows as never);
      default:
        await this.settle();
        return bringBackRequests(ctx, this.partOf(table, rows));
    }
  }

  async finish(): Promise<void> {
    await this.settle();
  }

  /** Hours name suppliers, requests are measured by hours: in between, once. */
  private async settle(): Promise<void> {
    if (this.settled) return;
    this.settled = true;
    const of = (table: string) => this.settings.get(table) ?? [];
    const [company] = of("company");
    if (!company) throw damaged("It does not say which company it is of");
    if (of("hours").some(({ week }) => !z.array(OpenHours).safeParse(week).success)) {
      throw damaged("Hours of it are none that anybody keeps");
    }
    const settings = {
      company,
      hours: of("hours"),
      holidays: of("holidays"),
      targets: of("targets"),
      supplierTargets: of("supplierTargets"),
    };
    await bringBackSettings(this.ctx, settings as unknown as ReturnedSettings);
    await bringBackCategories(this.ctx, of("categories") as unknown as ReturnedCategory[]);
    await bringBackTemplates(this.ctx, of("templates") as unknown as ReturnedTemplate[]);
  }

  private partOf(table: Table, rows: Row[]): Parameters<typeof bringBackRequests>[1] {
    const { chains } = this;
    const stored = rows.map((row) => storedRow(table, row));
    switch (table.name) {
      case "requests":
      case "versions": {
        for (const row of stored)
          row["head_hash"] = bytes(chains.hashOf(row["id"] as string, row["head_seq"] as number));
        return { [table.name]: stored };
      }
      case "entries":
        return entriesAndContents(stored, chains);
      case "attachments":
        // One without bytes is known all the same, as a file that is missing: its entry goes on naming it.
        return { attachments: stored.map((row) => ({ ...row, file_key: this.kept.get(row["id"] as string) ?? "" })) };
      default:
        return { sources: stored };
    }
  }
}

function entriesAndContents(stored: ReturnedRow[], chains: ReturnedChains) {
  const contents: ReturnedRow[] = [];
  for (const row of stored) {
    const [requestId, seq] = [row["request_id"] as string, row["seq"] as number];
    row["hash"] = bytes(chains.hashOf(requestId, seq));
    row["previous_hash"] = seq === 1 ? null : bytes(chains.hashOf(requestId, seq - 1));
    const { salt, content, audience, supplier_id } = row;
    if (content) contents.push({ request_id: requestId, seq, salt, content, audience, supplier_id });
    delete row["salt"];
    delete row["content"];
  }
  return { entries: stored, contents };
}

/** The row under the names of its columns, bytes as PostgreSQL reads them. */
function storedRow(table: Table, row: Row): ReturnedRow {
  const stored: ReturnedRow = {};
  for (const { name, type } of table.columns) {
    const value = row[name];
    const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    stored[snake] = type === "bytes" && typeof value === "string" ? bytes(value) : (value ?? null);
  }
  return stored;
}

function bytes(hex: string): string {
  return `\\x${hex}`;
}

/** What PostgreSQL refuses (a number twice, a word that must not be) is a fault of the file. */
function readable(error: unknown, table: Table): unknown {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (error instanceof AppError || !code || !/^2[23]/.test(code)) return error;
  return damaged(`Rows of ${table.name} do not fit each other (${constraint ?? code})`);
}
