import { AppError } from "../errors.ts";
import type { Files } from "../platform/files.ts";
import { AttachedFiles, keepAttachment } from "./attached-files.ts";
import { Chains } from "./chains.ts";
import { openExport, type OpenExport } from "./open-export.ts";
import { ReturnedChains } from "./returned-chains.ts";
import { damaged, type Batch, type Row } from "./rows.ts";

/** An export that was read once, whole, and found good: what is kept of it in memory until it is brought back. */
export interface Examined {
  opened: OpenExport;
  chains: ReturnedChains;
  counts: Record<string, number>;
  /** Keys of the attachments that were kept here, by their ids; those whose bytes are not in the export are left out. */
  kept: Map<string, string>;
  close(): void;
}

export interface ExamineOptions {
  companyId: string;
  files: Files;
  signal?: AbortSignal | undefined;
  /** Bytes that its attachments may weigh together; no end unless said. */
  room?: number | undefined;
  /** Hears how many rows have been read. */
  onProgress?: ((rows: number) => void) | undefined;
}

/**
 * Reads an export before anything is written: proves its chains, seals them for the company that takes it, checks that
 * whatever a row names is there, and keeps its attachments here.
 * @throws AppError chain_broken · company_storage_full; what {@link openExport} refuses; the signal's reason
 */
export async function examineExport(
  path: string,
  { companyId, files, signal, room = Number.POSITIVE_INFINITY, onProgress }: ExamineOptions,
): Promise<Examined> {
  const opened = await openExport(path, signal);
  let left = room;
  const kept = new Map<string, string>();
  try {
    const chains = new ReturnedChains(companyId);
    const proof = new Chains(opened.manifest.company.id, (id, links) => chains.add(id, links));
    const names = new Names();
    const attached = new AttachedFiles(opened);
    let read = 0;
    const counts: Record<string, number> = {};
    for await (const batch of opened.batches()) {
      signal?.throwIfAborted();
      onProgress?.((read += batch.rows.length));
      counts[batch.table.name] = (counts[batch.table.name] ?? 0) + batch.rows.length;
      if (batch.table.name === "requests") for (const row of batch.rows) proof.expect(row);
      if (batch.table.name === "entries") for (const row of batch.rows) proof.add(row);
      names.check(batch);
      if (batch.table.name !== "attachments") continue;
      proof.finishEntries();
      for (const row of batch.rows) {
        proof.addFile(row);
        attached.expect(row);
        left -= row["size"] as number;
        if (left < 0) throw noRoom();
      }
    }
    proof.finish();
    await attached.read(async (row, bytes) => {
      signal?.throwIfAborted();
      kept.set(row["id"] as string, await keepAttachment(row, bytes, files));
    });
    return { opened, chains, counts, kept, close: () => opened.close() };
  } catch (error) {
    opened.close();
    await forgetKept(kept, files);
    throw error;
  }
}

function noRoom(): AppError {
  const message =
    "The attachments of this export weigh more than a company may keep on this installation. Nothing was kept; ask whoever runs it for more room, or to bring it back by command.";
  return new AppError("company_storage_full", message);
}

/** Gives up what was examined: closes it, and forgets what it kept here unless that was used. */
export async function release(examined: Examined, files: Files, used: boolean): Promise<void> {
  examined.close();
  if (!used) await forgetKept(examined.kept, files);
}

/** What was kept of an export that was not brought back after all. */
async function forgetKept(kept: ReadonlyMap<string, string>, files: Files): Promise<void> {
  for (const key of kept.values()) await files.deleteFile(key);
}

/** Which columns of a table name a row of another; in an export those come before. */
const references: Record<string, Record<string, "suppliers" | "people" | "assets" | "requests">> = {
  people: { supplierId: "suppliers" },
  assets: { supplierId: "suppliers", ownerId: "people" },
  assetChanges: { assetId: "assets" },
  hours: { supplierId: "suppliers" },
  holidays: { supplierId: "suppliers" },
  supplierTargets: { supplierId: "suppliers" },
  requests: { supplierId: "suppliers", reporterId: "people", technicianId: "people", assetId: "assets" },
  versions: {
    supplierId: "suppliers",
    reporterId: "people",
    technicianId: "people",
    assetId: "assets",
    id: "requests",
  },
  sources: { requestId: "requests" },
  attachments: { requestId: "requests", supplierId: "suppliers" },
};

/** What the rows of an export name each other by. */
class Names {
  private readonly known = {
    suppliers: new Set<unknown>(),
    people: new Set<unknown>(),
    assets: new Set<unknown>(),
    requests: new Map<unknown, number>(),
  };
  private readonly numbers = new Set<unknown>();

  check({ table, rows }: Batch): void {
    const named = Object.entries(references[table.name] ?? {});
    for (const row of rows) {
      for (const [column, target] of named) {
        const id = row[column];
        if (id === null || id === undefined || this.known[target].has(id)) continue;
        throw damaged(`A row of ${table.name} names ${String(id)} as its ${column}, which is not among its ${target}`);
      }
      this.learn(table.name, row);
    }
  }

  private learn(table: string, row: Row): void {
    if (table === "suppliers" || table === "people" || table === "assets")
      this.once(this.known[table], row["id"], table);
    if (table === "requests") {
      this.once(this.numbers, row["number"], "numbers of requests");
      this.known.requests.set(row["id"], row["headSeq"] as number);
    }
    const last = this.known.requests.get(row["id"]);
    if (table === "versions" && (row["headSeq"] as number) > last!) {
      throw damaged("An earlier version of a request names an entry that is not there");
    }
  }

  private once(set: Set<unknown>, value: unknown, what: string): void {
    if (set.has(value)) throw damaged(`Among its ${what}, ${String(value)} comes twice`);
    set.add(value);
  }
}
