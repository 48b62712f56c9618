import { AttachedFiles } from "./attached-files.ts";
import { Chains } from "./chains.ts";
import { openExport, type ExportFormat } from "./open-export.ts";

/** What was proven of an export. */
export interface Verified {
  format: ExportFormat;
  company: { id: string; name: string };
  exportedAt: string;
  /** Whose part of the record it is; null: all of it. */
  supplier: string | null;
  requests: number;
  entries: number;
  /** Entries whose content is not in it: erased, or not for the supplier whose part it is. Their header is proven. */
  withoutContent: number;
  attachments: number;
  /** Attachments that are named, but whose bytes are not in this file: an export can be made without them. */
  withoutBytes: number;
}

/**
 * Proves an export without its installation: every header follows from the one before, every content is the one its
 * header was sealed over, every request ends where its row says. Memory grows by some 200 bytes for each request.
 * @throws AppError chain_broken with `request`, `seq` and `reason` as fields; what {@link openExport} refuses
 */
export async function verifyExport(path: string): Promise<Verified> {
  const opened = await openExport(path);
  try {
    const { format, manifest } = opened;
    const chains = new Chains(manifest.company.id);
    const attached = new AttachedFiles(opened);
    for await (const { table, rows } of opened.batches()) {
      if (table.name === "requests") for (const row of rows) chains.expect(row);
      if (table.name === "entries") for (const row of rows) chains.add(row);
      if (table.name !== "attachments") continue;
      chains.finishEntries();
      for (const row of rows) {
        chains.addFile(row);
        attached.expect(row);
      }
    }
    chains.finish();
    const withoutBytes = await attached.read(async (_row, bytes) => {
      for await (const _ of bytes);
    });
    const { company, exportedAt, supplier } = manifest;
    return { format, company, exportedAt, supplier, ...chains.counts, withoutBytes };
  } finally {
    opened.close();
  }
}
