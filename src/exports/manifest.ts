import { z } from "zod";
import type { Context } from "../context.ts";
import { Id } from "../contract.ts";
import { AppError } from "../errors.ts";
import { notAnExport } from "./rows.ts";
import { tables } from "./tables.ts";

/** The version of the format; it grows when a reader of today could not read what is written then. */
export const formatVersion = 1;

/** What an export says of itself: the first line of JSON, `export.json` among CSV files, the first sheet of a workbook. */
export const Manifest = z.object({
  openbook: z.literal("export"),
  version: z.literal(formatVersion),
  company: z.object({ id: Id, name: z.string().max(200) }),
  timeZone: z.string().max(64),
  exportedAt: z.iso.datetime(),
  exportedBy: z.string().max(300),
  /** Whose part of the record it is; null: all of it. Of a supplier's part every header is there, and what it may see. */
  supplier: Id.nullable(),
  attachments: z.boolean(),
  tables: z.array(z.string().max(50)).max(50),
});
export type Manifest = z.infer<typeof Manifest>;

/** How an export ends: how many rows each table has, so that nobody takes half of it for the whole. */
export const Ending = z.object({
  end: z.literal(true),
  rows: z.record(z.string().max(50), z.int().min(0)),
  /** Of a JSON record: SHA-256 of everything before this line. */
  sha256: z.string().optional(),
});
export type Ending = z.infer<typeof Ending>;

export function manifestOf(ctx: Context, attachments: boolean): Manifest {
  const { actor, company } = ctx;
  return {
    openbook: "export",
    version: formatVersion,
    company: { id: company.id, name: company.name },
    timeZone: company.timeZone,
    exportedAt: ctx.now.toISOString(),
    exportedBy: actor.name.slice(0, 300),
    supplier: actor.kind === "member" ? actor.supplierId : null,
    attachments,
    tables: tables.map(({ name }) => name),
  };
}

/** @throws AppError not_an_export · export_version_unknown */
export function readManifest(value: unknown): Manifest {
  const said = value as { openbook?: unknown; version?: unknown } | null;
  if (typeof said !== "object" || said?.openbook !== "export") throw notAnExport("it does not say that it is one");
  if (said.version !== formatVersion) {
    throw new AppError(
      "export_version_unknown",
      `This export is in version ${JSON.stringify(said.version)?.slice(0, 20)} of the format; this program reads version ${formatVersion}. Use the program that made it, or a newer one.`,
    );
  }
  const parsed = Manifest.safeParse(value);
  if (parsed.success) return parsed.data;
  throw notAnExport(`what it says of itself cannot be read (${parsed.error.issues[0]!.path.join(".")})`);
}
