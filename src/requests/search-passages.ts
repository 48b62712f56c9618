import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { Found } from "./contract.ts";
import type { NamedFacts } from "./present.ts";
import { textsOf } from "./search-index.ts";
import { languageOf, plainWords, wanted } from "./search-words.ts";

/**
 * Where the words of a search are in what was found: the subject with its hits, and the passage that has most of them.
 * Only what the reader may read is looked at, and the words are compared as the index compares them, without accents
 * and stemmed by PostgreSQL; its own ts_headline would miss "Ångström" and the words of a file's name.
 */

/** Of a long timeline the newest entries and the first, and no more than so much of them. */
const newest = 40;
const mostBytes = 50_000;
/** Characters of a passage. */
const passageLength = 180;

export interface Token {
  plain: string;
  /** The last word may be the beginning of one. */
  prefix: boolean;
  stems: string[];
}
interface Word {
  from: number;
  to: number;
  plain: string;
}
type Place = NonNullable<Found["passage"]>;
type Piece = Omit<Place, "text"> & { text: string };

/** By the ids of the requests; none for a search by number alone. */
export async function passagesOf(ctx: Context, rows: readonly NamedFacts[], q: string): Promise<Map<string, Found>> {
  const tokens = tokensOf(q);
  if (tokens.length === 0 || rows.length === 0) return new Map();
  const pieces = await piecesOf(ctx, rows);
  const worded = new Map<string, Word[]>();
  const wordsIn = (text: string) => worded.get(text) ?? worded.set(text, wordsOf(text)).get(text)!;
  const likely = new Set<string>();
  const starts = new Set(tokens.map(({ plain }) => plain.slice(0, 2)));
  for (const row of rows) {
    for (const text of [row.subject, ...pieces.get(row.id)!.map((piece) => piece.text)]) {
      for (const { plain } of wordsIn(text)) if (starts.has(plain.slice(0, 2))) likely.add(plain);
    }
  }
  const stems = await stemsOf(ctx, [...likely, ...tokens.map(({ plain }) => plain)]);
  for (const token of tokens) token.stems = stems.get(token.plain) ?? [];
  const hits = new Map([...likely].map((word) => [word, hitBy(tokens, word, stems.get(word) ?? [])]));
  const marked = (text: string) =>
    wordsIn(text).flatMap((word) => {
      const by = hits.get(word.plain) ?? [];
      return by.length > 0 ? [{ ...word, by }] : [];
    });
  return new Map(rows.map((row) => [row.id, foundIn(row.subject, pieces.get(row.id)!, marked)]));
}

/** What was asked for, a word each, still without stems. */
export function tokensOf(q: string): Token[] {
  return wanted(q).flatMap(({ tokens, prefix }) =>
    tokens.map((token, n) => ({
      plain: token.toLowerCase(),
      prefix: prefix && n === tokens.length - 1,
      stems: [],
    })),
  );
}

/** Which of what was asked for a word is, by their places. */
export function hitBy(tokens: readonly Token[], word: string, stems: readonly string[]): number[] {
  return tokens.flatMap((token, n) => {
    const same = token.stems.some((stem) => stems.includes(stem));
    const begins =
      token.prefix &&
      (word.startsWith(token.plain) || token.stems.some((stem) => stems.some((own) => own.startsWith(stem))));
    return same || begins ? [n] : [];
  });
}

type Marked = Word & { by: number[] };

function foundIn(subject: string, pieces: readonly Piece[], marked: (text: string) => Marked[]): Found {
  const inSubject = marked(subject);
  const asked = (hits: readonly Marked[]) => new Set(hits.flatMap(({ by }) => by));
  const covered = asked(inSubject);
  let best: { piece: Piece; hits: Marked[]; more: number; all: number } | undefined;
  for (const piece of pieces) {
    if (piece.text === subject) continue;
    const hits = marked(piece.text);
    const has = asked(hits);
    const more = has.difference(covered).size;
    if (more > 0 && (!best || more > best.more || (more === best.more && has.size > best.all))) {
      best = { piece, hits, more, all: has.size };
    }
  }
  return {
    subject: fragments(subject, inSubject),
    passage: best ? { ...best.piece, text: passage(best.piece.text, best.hits) } : null,
  };
}

/** The part of a text that has most of what was asked for. */
function passage(text: string, hits: readonly Marked[]): Found["subject"] {
  if (text.length <= passageLength) return fragments(text, hits);
  let best = { from: hits[0]!.from, has: 0 };
  for (const { from } of hits) {
    const within = hits.filter((hit) => hit.from >= from && hit.to <= from + passageLength - 50);
    const has = new Set(within.flatMap(({ by }) => by)).size;
    if (has > best.has) best = { from, has };
  }
  const words = wordsOf(text);
  const from = words.find((word) => word.from >= best.from - 40)!.from;
  const to = words.findLast((word) => word.to <= from + passageLength)?.to ?? best.from;
  const end = Math.max(to, hits.find((hit) => hit.from === best.from)!.to);
  const inside = hits.filter((hit) => hit.from >= from && hit.to <= end);
  const cut = inside.map((hit) => ({ ...hit, from: hit.from - from, to: hit.to - from }));
  const pieces = fragments(text.slice(from, end), cut);
  if (from > 0) pieces.unshift({ text: "… ", hit: false });
  if (end < text.length) pieces.push({ text: " …", hit: false });
  return pieces;
}

function fragments(text: string, hits: readonly Word[]): Found["subject"] {
  const pieces: Found["subject"] = [];
  const add = (piece: string, hit: boolean) => {
    if (piece) pieces.push({ text: piece.replaceAll(/\s+/g, " "), hit });
  };
  let at = 0;
  for (const { from, to } of hits) {
    add(text.slice(at, from), false);
    add(text.slice(from, to), true);
    at = to;
  }
  add(text.slice(at), false);
  return pieces;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    plain: plainWords(match[0]).toLowerCase(),
  }));
}

/** As PostgreSQL keeps them, in the language of the company; none for a word that is passed over. */
export async function stemsOf(ctx: Context, words: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ word: string; stems: string[] }>`
    select word, tsvector_to_array(to_tsvector(${languageOf(ctx.company.locale)}::regconfig, word)) as stems
    from unnest(${[...new Set(words)]}::text[]) as w (word)`.execute(ctx.db);
  return new Map(rows.map(({ word, stems }) => [word, stems]));
}

/** The texts of each request, the newest entry first; behind them what the request is called by. */
async function piecesOf(ctx: Context, rows: readonly NamedFacts[]): Promise<Map<string, Piece[]>> {
  const { rows: contents } = await sql<{
    id: string;
    seq: number;
    kind: Place["kind"];
    content: { attachments?: unknown };
  }>`
    select r.id, e.seq, e.kind, e.content
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map((row) => row.head_seq)}::int4[]) as r (id, head)
    cross join lateral (
      select e.seq, e.kind, c.content - 'source' as content,
        sum(pg_column_size(c.content)) over (order by e.seq desc) as bytes
      from entries e
      join entry_contents c on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
      where e.company_id = ${ctx.company.id} and e.request_id = r.id
        and e.seq = any(array(select 1 union select generate_series(greatest(1, r.head - ${newest}), r.head)))
      order by e.seq desc) e
    where e.bytes <= ${mostBytes} or e.seq = 1`.execute(ctx.db);
  const byRequest = Map.groupBy(contents, ({ id }) => id);
  return new Map(
    rows.map((row) => [
      row.id,
      [
        ...(byRequest.get(row.id) ?? []).flatMap(({ seq, kind, content: { attachments, ...content } }) => [
          ...textsOf(content).map((text): Piece => ({ of: "entry", seq, kind, text })),
          ...textsOf({ attachments }).map((text): Piece => ({ of: "file", seq, kind, text })),
        ]),
        ...called(row),
      ],
    ]),
  );
}

function called(row: NamedFacts): Piece[] {
  const facts = {
    reporter: row.reporter_name,
    technician: row.technician_name,
    supplier: row.supplier_name,
    category: row.category,
    asset: row.asset,
    reference: row.reference,
  };
  return Object.entries(facts).flatMap(([of, text]) =>
    text ? [{ of: of as Place["of"], seq: null, kind: null, text }] : [],
  );
}
