import { sql, type Selectable } from "kysely";
import { nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { ImportMappings } from "../database.gen.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import type { SavedMapping } from "./contract-mappings.ts";
import type { AnyMapping, SubjectName } from "./contract.ts";
import { freeName, nameFromFile, withWords } from "./mappings-fit.ts";
import { foldWord } from "./parse-words.ts";
import { isElsewhere } from "./place.ts";
import { refuseOther, subjectOf } from "./subjects.ts";

/**
 * How a company's files are read, kept by name: each import leaves what was said of its columns and words, and the next
 * file with the same columns is read so without a question.
 */

/** As many as a company keeps; of more the one that was not used for longest is forgotten. */
const mostMappings = 200;

type Row = Selectable<ImportMappings>;

/** By name. */
export async function listMappings(ctx: Context): Promise<SavedMapping[]> {
  const rows = await ctx.db
    .selectFrom("import_mappings")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .orderBy("name_key")
    .execute();
  return rows.map(presentMapping);
}

/** @throws AppError not_found */
export async function getMapping(ctx: Context, id: string): Promise<SavedMapping> {
  const row = await ctx.db
    .selectFrom("import_mappings")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) throw notFound();
  return presentMapping(row);
}

/** @throws AppError mapping_not_found, with the names there are */
export async function getMappingByName(ctx: Context, name: string): Promise<SavedMapping> {
  const all = await listMappings(ctx);
  const found = all.find((one) => nameKey(one.name) === nameKey(name));
  if (found) return found;
  const names = all.slice(0, 20).map((one) => `"${one.name}"`);
  const there = names.length > 0 ? `There are ${names.join(", ")}.` : "None is kept yet.";
  throw new AppError(
    "mapping_not_found",
    `There is no file and no kept mapping named "${name}". ${there} Nothing was imported.`,
  );
}

export interface Arrived {
  /** undefined: whatever its rows are. */
  subject: SubjectName | undefined;
  header: readonly string[];
  fileName: string;
}
export interface Recognised {
  saved: SavedMapping;
  /** Columns that earlier files did not have. */
  more: string[];
}

/**
 * How a file was read before that has the same columns, in any order, or the same and some more. Of several it is one
 * with just these columns, then one whose last file was named alike, then the one that was used last.
 */
export async function recognise(ctx: Context, { subject, header, fileName }: Arrived): Promise<Recognised | undefined> {
  const here = new Map(header.map((name) => [foldWord(name), name]));
  const stem = nameKey(nameFromFile(fileName));
  const fitting = (await listMappings(ctx)).flatMap((saved) => {
    if (subject !== undefined && saved.subject !== subject) return [];
    const there = new Set(saved.header.map(foldWord));
    if (![...there].every((name) => here.has(name))) return [];
    const more = [...here].filter(([key]) => !there.has(key)).map(([, name]) => name);
    // Two columns are in many a file; with others beside them it is another kind of file.
    if (more.length > 0 && there.size < 3) return [];
    return [{ saved, more, named: nameKey(nameFromFile(saved.fileName)) === stem }];
  });
  return fitting.toSorted(
    (a, b) =>
      a.more.length - b.more.length || Number(b.named) - Number(a.named) || (a.saved.usedAt < b.saved.usedAt ? 1 : -1),
  )[0];
}

/** What an import was, for its way of being read to be kept. */
export interface ReadImport {
  subject: SubjectName;
  fileName: string;
  header: readonly string[];
  mapping: AnyMapping;
  /** The kept mapping it was read by; null: none yet. */
  mappingId: string | null;
}

/**
 * Keeps how a file was read that has come in: under the name it has, else under one made from the file's name. In the
 * transaction of the import, which has its turn: two imports make no two of one name.
 */
export async function keepMapping(ctx: Context, read: ReadImport): Promise<{ id: string; name: string }> {
  const all = await listMappings(ctx);
  const known = all.find(({ id }) => id === read.mappingId);
  if (known) {
    const [mapping, header] = [withWords(known.mapping, read.mapping), read.header].map((one) => JSON.stringify(one));
    const values = { mapping: mapping!, header: header!, file_name: read.fileName, used_at: ctx.now };
    await updateMapping(ctx, known.id, { ...values, changed_at: ctx.now });
    return { id: known.id, name: known.name };
  }
  const name = freeName(nameFromFile(read.fileName), new Set(all.map((one) => nameKey(one.name))));
  if (all.length >= mostMappings) await forget(ctx, all.toSorted((a, b) => (a.usedAt < b.usedAt ? -1 : 1))[0]!.id);
  return { id: await insertMapping(ctx, { ...read, name }), name };
}

export interface NewMapping {
  name: string;
  subject: SubjectName;
  /** The columns by which a file is recognised. */
  header: readonly string[];
  mapping: AnyMapping;
}

/**
 * Keeps how files with these columns are read, before the first of them comes.
 * @throws AppError mapping_exists: the name is taken · mapping_invalid · too_many_mappings
 */
export async function saveMapping(ctx: Context, input: NewMapping): Promise<SavedMapping> {
  const { mapping, header } = input;
  refuseOther(subjectOf(input.subject), mapping);
  const missing = Object.values(mapping.columns).find((name) => !isElsewhere(mapping) && !header.includes(name));
  if (missing !== undefined) {
    const message = `The mapping names a column "${missing.slice(0, 80)}" that is none of the header. Nothing was kept.`;
    throw new AppError("mapping_invalid", message);
  }
  await refuseTaken(ctx, input.name, null);
  if ((await listMappings(ctx)).length >= mostMappings) {
    const message = `${mostMappings} are kept already. Forget one; nothing was changed.`;
    throw new AppError("too_many_mappings", message);
  }
  return getMapping(ctx, await insertMapping(ctx, { ...input, fileName: "" }));
}

async function insertMapping(ctx: Context, input: NewMapping & { fileName: string }): Promise<string> {
  const id = newId(ctx.now);
  await ctx.db
    .insertInto("import_mappings")
    .values({
      company_id: ctx.company.id,
      id,
      subject: input.subject,
      name: input.name,
      name_key: nameKey(input.name),
      header: JSON.stringify(input.header),
      mapping: JSON.stringify(input.mapping),
      file_name: input.fileName,
      used_at: ctx.now,
      created_by: ctx.actor.name,
      created_at: ctx.now,
      changed_at: ctx.now,
    })
    .execute();
  await recordEvents(ctx, [{ type: "import_mapping.kept", subjectId: id }]);
  return id;
}

export interface MappingRef {
  id: string;
  /** Version the actor saw. @throws precondition_failed when it has changed since */
  ifMatch?: number | undefined;
}

/**
 * Renames how files are read, or changes what it says.
 * @throws AppError not_found · precondition_failed · mapping_exists: the name is taken · mapping_invalid
 */
export async function changeMapping(
  ctx: Context,
  { id, ifMatch, name, mapping }: MappingRef & { name?: string | undefined; mapping?: AnyMapping | undefined },
): Promise<SavedMapping> {
  const saved = await lockMapping(ctx, { id, ifMatch });
  if (mapping) {
    const subject = subjectOf(saved.subject);
    refuseOther(subject, mapping);
    if (!isElsewhere(mapping)) subject.check(mapping, saved.header);
  }
  if (name !== undefined) await refuseTaken(ctx, name, id);
  await updateMapping(ctx, id, {
    ...(name !== undefined && { name, name_key: nameKey(name) }),
    ...(mapping && { mapping: JSON.stringify(mapping) }),
    changed_at: ctx.now,
  });
  if (name !== undefined) {
    await sql`update imports set read_as = jsonb_set(read_as, '{name}', to_jsonb(${name}::text))
      where company_id = ${ctx.company.id} and mapping_id = ${id} and read_as is not null`.execute(ctx.db);
  }
  await recordEvents(ctx, [{ type: "import_mapping.changed", subjectId: id }]);
  return getMapping(ctx, id);
}

/** Forgets how files are read; what came in by it stays. @throws AppError not_found · precondition_failed */
export async function removeMapping(ctx: Context, ref: MappingRef): Promise<void> {
  await lockMapping(ctx, ref);
  await forget(ctx, ref.id);
  await recordEvents(ctx, [{ type: "import_mapping.removed", subjectId: ref.id }]);
}

async function forget(ctx: Context, id: string): Promise<void> {
  await sql`update imports set mapping_id = null
    where company_id = ${ctx.company.id} and mapping_id = ${id}`.execute(ctx.db);
  await ctx.db.deleteFrom("import_mappings").where("company_id", "=", ctx.company.id).where("id", "=", id).execute();
}

async function lockMapping(ctx: Context, { id, ifMatch }: MappingRef): Promise<SavedMapping> {
  const row = await ctx.db
    .selectFrom("import_mappings")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound();
  if (ifMatch === undefined || ifMatch === row.version) return presentMapping(row);
  throw new AppError(
    "precondition_failed",
    `How "${row.name}" is read was changed by somebody else in the meantime. Nothing was changed: look again.`,
  );
}

async function refuseTaken(ctx: Context, name: string, except: string | null): Promise<void> {
  const query = ctx.db
    .selectFrom("import_mappings")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("name_key", "=", nameKey(name));
  const taken = await (except === null ? query : query.where("id", "<>", except)).executeTakeFirst();
  if (!taken) return;
  throw new AppError("mapping_exists", `There is already a mapping named "${name}". Nothing was changed.`, {
    name: "This name is taken.",
  });
}

type Change = Partial<Pick<Row, "name" | "name_key" | "file_name" | "used_at" | "changed_at">> & {
  mapping?: string;
  header?: string;
};

async function updateMapping(ctx: Context, id: string, change: Change): Promise<void> {
  await ctx.db
    .updateTable("import_mappings")
    .set((eb) => ({ ...change, version: eb("version", "+", 1) }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .execute();
}

function presentMapping(row: Row): SavedMapping {
  return {
    id: row.id,
    name: row.name,
    subject: row.subject as SubjectName,
    header: row.header as string[],
    mapping: row.mapping as AnyMapping,
    fileName: row.file_name,
    usedAt: row.used_at.toISOString(),
    version: row.version,
  };
}
