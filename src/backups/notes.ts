import { z } from "zod";

/** What a backup says of itself, in the order of its frames: manifest, tables, jobs, files, end. */

const Name = z.string().min(1).max(200);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.number().int().nonnegative();

export const TableShape = z.strictObject({
  name: Name,
  /** In the order of the data. */
  columns: z.array(z.strictObject({ name: Name, type: Name })).min(1),
});
export type TableShape = z.infer<typeof TableShape>;

export const Manifest = z.strictObject({
  note: z.literal("manifest"),
  /** Of what lies under the seal; a greater one is refused. */
  format: z.literal(1),
  id: z.uuid(),
  madeAt: z.iso.datetime(),
  openbook: z.string().max(100),
  /** PostgreSQL's version it was read from: to be told, not to be relied on. */
  postgres: z.string().max(100),
  /** null: the whole installation. */
  company: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  companies: Count,
  /** The schema that the data fit: applied one after another, each exactly as it was. */
  migrations: z.array(z.strictObject({ name: Name, digest: Sha256 })),
  tables: z.array(TableShape),
  /** Tables whose rows are not in it, on purpose. */
  leftOut: z.array(Name),
});
export type Manifest = z.infer<typeof Manifest>;

/** Rows in PostgreSQL's text format of COPY follow as data, in parts that may end anywhere. */
const TableNote = z.strictObject({ note: z.literal("table"), name: Name });
const RowsNote = z.strictObject({ note: z.literal("rows"), name: Name, rows: Count });
/** Unfinished jobs: one JSON object a line. */
const JobsNote = z.strictObject({ note: z.literal("jobs"), jobs: Count });
/** Bytes of a file follow; several rows may name the same bytes under keys of their own. */
const FileNote = z.strictObject({ note: z.literal("file"), keys: z.array(z.string()).min(1), size: Count });
const FileEndNote = z.strictObject({ note: z.literal("file-end"), sha256: Sha256 });
export const EndNote = z.strictObject({
  note: z.literal("end"),
  rows: Count,
  jobs: Count,
  files: Count,
  /** Files that rows name and the disk did not have. */
  missing: z.array(z.strictObject({ key: z.string(), table: Name })),
});
export type EndNote = z.infer<typeof EndNote>;

const Note = z.discriminatedUnion("note", [Manifest, TableNote, RowsNote, JobsNote, FileNote, FileEndNote, EndNote]);
export type Note = z.infer<typeof Note>;
export const parseNote = (json: unknown): Note => Note.parse(json);

export const Job = z.strictObject({ id: z.uuid(), name: Name, data: z.unknown(), startAfter: z.iso.datetime() });
export type Job = z.infer<typeof Job>;
