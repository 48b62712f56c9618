import { sql } from "kysely";
import { seeBothSides, sideOf, type Context } from "../context.ts";
import { encode, unnest } from "../platform/columns.ts";
import { rawQuery } from "../platform/postgres.ts";
import type { Facts } from "./facts.ts";
import type { SealedEntry } from "./ledger.ts";
import { keyOf, languageOf, plainWords } from "./search-words.ts";

/**
 * The words of requests. What people add is there with the entry itself, in the same transaction; what comes by the
 * thousands (an import, a record brought back) is gathered by a job, which company by company looks for requests whose
 * words end before their last entry.
 */

/** Fields of an entry's content that people read. What a source said is not gone through: its fields are facts here. */
const readable = new Set([
  "text", "subject", "description", "reason", "reference", "category", "asset", "tags", "name", "fileName", "file",
]); // prettier-ignore
const within = new Set(["from", "to", "by", "attachments", "tags"]);

/** The readable texts of an entry, each as it was written. */
export function textsOf(content: unknown, key = ""): string[] {
  if (typeof content === "string") return readable.has(key) ? [content] : [];
  if (Array.isArray(content)) return content.flatMap((item) => textsOf(item, key));
  if (content === null || typeof content !== "object") return [];
  return Object.entries(content).flatMap(([name, value]) =>
    typeof value === "string" || within.has(name) ? textsOf(value, name) : [],
  );
}

/** The readable text of an entry, as it was written. */
export function entryText(content: object): string {
  return textsOf(content).join("\n");
}

type Named = Pick<Facts, "id" | "subject" | "reference" | "category" | "asset"> & {
  supplier_id: string | null;
  reporter_id: string | null;
  technician_id: string | null;
};
type Worded = Pick<SealedEntry, "request_id" | "seq" | "audience" | "supplier_id" | "kind"> & { content: object };

const rowTypes = {
  request_id: "uuid",
  audience: "uuid",
  key: "text",
  first_seq: "int4",
  head_seq: "int4",
  again: "bool",
  facts: "text",
  words: "text",
  named: "text",
  bytes: "int4",
} as const;

/**
 * A part takes words until it has so many bytes; one entry more may follow, far from the 1 MB of a tsvector. Each entry
 * writes its whole part anew, so that it is no longer than most timelines ever are.
 */
const partBytes = 20_000;

/** Suppliers and people of these ids, their names as {@link plainWords} makes them. */
const plainNames = `(
  select translate(normalize(regexp_replace(normalize(string_agg(name, ' '), NFKD),
    '([A-Za-z\\u00C0-\\u024F\\u0370-\\u03FF])[\\u0300-\\u036F]+', '\\1', 'g'), NFC), '-./''_@', '      ')
  from (select name from suppliers where company_id = $1 and id = any(n.named::uuid[])
    union all select name from people where company_id = $1 and id = any(n.named::uuid[])) named)`;

/**
 * Adds words to the last part of each row, or begins one with the facts. A request of which earlier words are missing
 * is left to the job.
 */
const adding = `
  with n as materialized (select * from ${unnest(rowTypes, 3)} as n (${Object.keys(rowTypes).join(", ")})),
  s as (
    select n.*, coalesce(o.part, 0) as part, o.part is null or o.bytes > ${partBytes} as begins,
      concat_ws(' ', n.facts, ${plainNames}) as facts_named
    from n
    left join lateral (select part, bytes from search_terms t
      where t.company_id = $1 and t.request_id = n.request_id and t.audience = n.audience
      order by part desc limit 1) o on true
    where n.first_seq = 1 or n.first_seq = 1 + (select max(head_seq) from search_terms t
      where t.company_id = $1 and t.request_id = n.request_id and t.audience = $1))
  insert into search_terms as t (company_id, request_id, audience, part, head_seq, bytes, language, tsv)
  select $1, request_id, audience, case when begins and bytes_before then part + 1 else part end, head_seq, bytes, $2::text,
    array_to_tsvector(array[key]) || to_tsvector($2::text::regconfig,
      case when begins or again then concat_ws(' ', facts_named, words) else words end)
  from (select s.*, exists (select from search_terms t where t.company_id = $1 and t.request_id = s.request_id
    and t.audience = s.audience) as bytes_before from s) s
  on conflict (company_id, request_id, audience, part) do update
    set tsv = t.tsv || excluded.tsv, bytes = t.bytes + excluded.bytes, head_seq = excluded.head_seq`;

/** What changes the facts by which a request is found. */
const changing = new Set(["changed", "corrected", "imported", "reported"]);

/** What leaves fewer words than there were: taken back, corrected, erased. */
const takingAway = new Set(["erased", "undone", "corrected"]);

/** The words of entries that were just written, in their transaction; by whoever may act, a supplier's person too. */
export async function followEntries(
  ctx: Context,
  touched: readonly Named[],
  sealed: readonly SealedEntry[],
): Promise<void> {
  // A supplier's people do not see all that is to be gathered: what they take back is found until it is gathered next.
  const taking = sideOf(ctx.actor) === null ? takingAway : new Set(["erased"]);
  const takes = ({ kind, actor }: SealedEntry) =>
    taking.has(kind) && (kind === "erased" || !actor.startsWith("import:"));
  const erased = new Set(sealed.filter(takes).map((entry) => entry.request_id));
  if (erased.size > 0) await gatherWords(ctx, [...erased]);
  const entries = sealed
    .filter((entry) => !erased.has(entry.request_id))
    .map((entry) => ({ ...entry, content: JSON.parse(entry.content) as object }));
  await addWords(ctx, touched, entries);
}

async function addWords(ctx: Context, requests: readonly Named[], entries: readonly Worded[]): Promise<void> {
  const byRequest = Map.groupBy(entries, (entry) => entry.request_id);
  const rows = requests.flatMap((facts) => rowsOf(ctx, facts, byRequest.get(facts.id) ?? []));
  if (rows.length === 0) return;
  await rawQuery(ctx.db, adding, [ctx.company.id, languageOf(ctx.company.locale), ...encode(rowTypes, rows)]);
}

/** One row for the company's view and one for each supplier that sees any of it. */
function rowsOf(ctx: Context, facts: Named, entries: readonly Worded[]) {
  if (entries.length === 0) return [];
  const suppliers = new Set([facts.supplier_id, ...entries.map((entry) => entry.supplier_id)]);
  const found = plainWords([facts.subject, facts.reference, facts.category, facts.asset].join(" "));
  return [ctx.company.id, ...suppliers].flatMap((audience) => {
    if (!audience) return [];
    const own = audience === ctx.company.id;
    const seen = entries.filter((entry) =>
      own ? true : entry.audience !== "company" && entry.supplier_id === audience,
    );
    if (seen.length === 0) return [];
    const words = plainWords(seen.filter((entry) => !own || entry.audience !== "supplier").map((entry) => entryText(entry.content)).join("\n")); // prettier-ignore
    return [
      {
        request_id: facts.id,
        audience,
        key: keyOf(ctx.company.id, audience),
        first_seq: entries[0]!.seq,
        head_seq: entries.at(-1)!.seq,
        again: entries.some(({ kind }) => changing.has(kind)),
        facts: found,
        words,
        named: `{${namedIn(facts, seen).join(",")}}`,
        bytes: Buffer.byteLength(words),
      },
    ];
  });
}

/** Who is called by name on its page: whose it is now, whose it was, and who said what somebody else wrote down. */
function namedIn(facts: Named, entries: readonly Worded[]): string[] {
  const told = entries.flatMap(({ content }) => {
    const { by, from, to } = content as { by?: { id?: string }; from?: Partial<Named>; to?: Partial<Named> };
    return [by?.id, ...[from, to].flatMap(idsOf)];
  });
  return [...new Set([...idsOf(facts), ...told])].filter((id) => typeof id === "string" && uuid.test(id)) as string[];
}
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const idsOf = (facts: Partial<Named> | undefined) => [facts?.supplier_id, facts?.reporter_id, facts?.technician_id];

/**
 * Gathers the words of these requests from the whole of their record; of those withdrawn there are none. Only where
 * the whole record is seen: not in a transaction of a supplier's person.
 */
export async function gatherWords(ctx: Context, ids: readonly string[]): Promise<void> {
  const company = ctx.company.id;
  await sql`delete from search_terms where company_id = ${company} and request_id = any(${ids}::uuid[])`.execute(
    ctx.db,
  );
  const { rows: facts } = await sql<Named>`
    select id, subject, reference, category, asset, supplier_id, reporter_id, technician_id
    from requests where company_id = ${company} and id = any(${ids}::uuid[]) and not withdrawn`.execute(ctx.db);
  const { rows: entries } = await seeBothSides(ctx, () =>
    sql<Worded & { actor: string }>`
    select e.request_id, e.seq, e.audience, e.supplier_id, e.kind, e.actor, coalesce(c.content - 'source', '{}') as content
    from entries e left join entry_contents c
      on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    where e.company_id = ${company} and e.request_id = any(${facts.map(({ id }) => id)}::uuid[])
    order by e.request_id, e.seq`.execute(ctx.db),
  );
  for (const pieces of inPieces(standingWords(entries))) await addWords(ctx, facts, pieces);
}

/**
 * What was taken back says nothing any more, and what people corrected says what is right. What a file said before
 * stays, as what was changed does (decision 0021).
 */
function standingWords(entries: readonly (Worded & { actor: string })[]): Worded[] {
  const said = (entry: Worded) => entry.content as { undoes?: number; corrects?: number; to?: object };
  const undone = new Set(
    entries.flatMap((entry) => (entry.kind === "undone" ? [`${entry.request_id} ${said(entry).undoes}`] : [])),
  );
  const stands = entries.map((entry) => !undone.has(`${entry.request_id} ${entry.seq}`));
  const right = new Map<string, object>();
  entries.forEach((entry, index) => {
    if (entry.kind !== "corrected" || !stands[index] || entry.actor.startsWith("import:")) return;
    const at = `${entry.request_id} ${said(entry).corrects}`;
    right.set(at, { ...right.get(at), ...said(entry).to });
  });
  return entries.map((entry, index) => {
    if (!stands[index]) return { ...entry, content: {} };
    const amended = { ...entry.content, ...right.get(`${entry.request_id} ${entry.seq}`) };
    const isRight = entry.kind === "corrected" && !entry.actor.startsWith("import:");
    return { ...entry, content: isRight ? { ...amended, from: {} } : amended };
  });
}

/** The first piece of every request, the second of every long one, and so on; each small enough for a part. */
function inPieces(entries: readonly Worded[]): Worded[][] {
  const pieces: Worded[][] = [];
  let at = 0;
  let bytes = 0;
  let request = "";
  for (const entry of entries) {
    if (entry.request_id !== request) [at, bytes, request] = [0, 0, entry.request_id];
    const size = Buffer.byteLength(entryText(entry.content));
    if (bytes > 0 && bytes + size > partBytes) [at, bytes] = [at + 1, 0];
    bytes += size;
    (pieces[at] ??= []).push(entry);
  }
  return pieces;
}

/** Says that words are still to be gathered; the job comes by itself. */
export async function wantWords(ctx: Context): Promise<void> {
  await sql`insert into search_fills (company_id) values (${ctx.company.id}) on conflict do nothing`.execute(ctx.db);
}

/** Words of another language than the company has now are wanted anew. */
export async function wantLanguage(ctx: Context): Promise<boolean> {
  const { rows } = await sql<{ locale: string; language: string }>`
    select c.locale, s.language from companies c cross join lateral (
      select language from search_terms where company_id = c.id order by request_id desc limit 1) s
    where c.id = ${ctx.company.id}`.execute(ctx.db);
  const other = rows.some(({ locale, language }) => languageOf(locale) !== language);
  if (other) await wantWords(ctx);
  return other;
}

/** Whether the search may still miss something. */
export async function isGathering(ctx: Context): Promise<boolean> {
  const { rows } = await sql`select from search_fills where company_id = ${ctx.company.id}`.execute(ctx.db);
  return rows.length > 0;
}

const atOnce = 500;

/**
 * Gathers what is missing among the next requests by id.
 * @returns behind which to go on; undefined: that was the last
 */
export async function gatherNext(ctx: Context, after: string | undefined): Promise<string | undefined> {
  const from = after ? sql`and r.id > ${after}::uuid` : sql``;
  const { rows } = await sql<{ id: string; missing: boolean }>`
    select r.id, not r.withdrawn and coalesce((
      select max(s.head_seq) < r.head_seq or bool_or(s.language <> ${languageOf(ctx.company.locale)}) from search_terms s
      where s.company_id = r.company_id and s.request_id = r.id and s.audience = r.company_id), true) as missing
    from (select * from requests r where r.company_id = ${ctx.company.id} ${from} order by r.id limit ${atOnce}
      ) r`.execute(ctx.db);
  const missing = rows.filter((row) => row.missing).map(({ id }) => id);
  if (missing.length > 0) {
    // Whoever acts on one of them meanwhile waits, else words could be added twice or be lost.
    await sql`select from requests where company_id = ${ctx.company.id} and id = any(${missing}::uuid[])
      order by id for update`.execute(ctx.db);
    await gatherWords(ctx, missing);
  }
  return rows.length < atOnce ? undefined : rows.at(-1)!.id;
}

/**
 * Gathers the next requests of people and suppliers who are called otherwise now.
 * @returns behind which to go on; undefined: that was the last
 */
export async function gatherNamed(ctx: Context, ids: readonly string[], after: string | undefined) {
  const from = after ? sql`and id > ${after}::uuid` : sql``;
  const { rows } = await sql<{ id: string }>`
    select id from requests where company_id = ${ctx.company.id} and not withdrawn ${from}
      and (reporter_id = any(${ids}::uuid[]) or technician_id = any(${ids}::uuid[]) or supplier_id = any(${ids}::uuid[]))
    order by id limit ${atOnce} for update`.execute(ctx.db);
  await gatherWords(
    ctx,
    rows.map(({ id }) => id),
  );
  return rows.length < atOnce ? undefined : rows.at(-1)!.id;
}

/** Everything was gathered. What is still being brought in sends a job of its own behind this one. */
export async function endGathering(ctx: Context): Promise<void> {
  await sql`delete from search_fills where company_id = ${ctx.company.id}`.execute(ctx.db);
}

/** That of these requests nothing is to be found any more: they were withdrawn. */
export async function dropWords(ctx: Context, ids: readonly string[]): Promise<void> {
  await sql`delete from search_terms where company_id = ${ctx.company.id} and request_id = any(${ids}::uuid[])`.execute(
    ctx.db,
  );
}
