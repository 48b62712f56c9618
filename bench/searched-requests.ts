import type { Installation } from "./installation.ts";

/**
 * Words as people write them: of 20,000, few very often and most hardly ever, and among them three whose share is known. Each is made of syllables, so that it is stemmed like one that exists.
 */
export const known = { toner: 0.03, fuser: 0.003, zebra: 0.00002 } as const;

const word = (draw: string) =>
  `(array['ba','ke','lo','mi','nu','pra','ste','gro','fi','du','va','ze','cho','ta','re','sy','wo','ju','hi','me'])[1 + ${draw} % 20]
    || (array['n','r','l','st','ck','m','d','nt','p','g'])[1 + ${draw} / 20 % 10]
    || (array['o','e','i','a','u','er','an','ing','ol','ed','ar','il','en','om','ut','is','al','ek','on','ip'])[1 + ${draw} / 200 % 20]
    || (array['t','s','','ly','n'])[1 + ${draw} / 4000 % 5]`;

/**
 * A timeline of three entries for each request of a company: what was reported, what the supplier answered and what the
 * company noted, some 40 words altogether. Made in slices, so that no statement holds it all.
 */
export async function fillTexts({ asSuperuser }: Installation, companyId: string, requests: number): Promise<void> {
  await asSuperuser("set session_replication_role = replica");
  await asSuperuser("select setseed(0.4)");
  await asSuperuser("update requests set head_seq = 3 where company_id = $1 and head_seq <> 3", [companyId]);
  const slice = 50_000;
  for (let from = 0; from < requests; from += slice) await asSuperuser(textsSql, [companyId, from, from + slice]);
}

const textsSql = `
  with drawn as materialized (
    select r.company_id, r.id, r.reported_at, r.reporter_id, r.supplier_id, r.number, s.seq, coalesce(t.text, '') as text
    from requests r cross join generate_series(1, 3) s (seq) cross join lateral (
      select string_agg(${word("d.draw")}, ' ') || case when s.seq < 3 then '' else
        ${Object.entries(known)
          .map(
            ([name, share]) =>
              `case when ('x' || substr(md5('${name}' || r.number), 1, 7))::bit(28)::int % 100000 < ${share * 100_000} then ' ${name}' else '' end`,
          )
          .join(" || ")} end as text
      from (select floor(exp(random() * 9.903))::int - 1 as draw from generate_series(1, 11 + s.seq) where r.number > 0) d) t
    where r.company_id = $1 and r.number > $2::int and r.number <= $3::int),
  entry as (
    insert into entries (company_id, request_id, seq, kind, happened_at, recorded_at, actor, audience, supplier_id,
      content_digest, previous_hash, hash)
    select company_id, id, seq, (array['reported', 'message', 'note'])[seq], reported_at + make_interval(mins => seq * 20),
      reported_at + make_interval(mins => seq * 20 + 3), 'person:' || reporter_id,
      (array['everyone', 'everyone', 'company'])[seq], supplier_id, decode(repeat(md5('d' || seq), 2), 'hex'),
      case when seq > 1 then decode(repeat(md5('h' || seq - 1), 2), 'hex') end, decode(repeat(md5('h' || seq), 2), 'hex')
    from drawn)
  insert into entry_contents (company_id, request_id, seq, audience, supplier_id, salt, content)
  select company_id, id, seq, (array['everyone', 'everyone', 'company'])[seq], supplier_id,
    decode(repeat(md5('s' || seq), 2), 'hex'),
    case when seq = 1 then jsonb_build_object('subject', 'Call ' || number, 'description', text)
      else jsonb_build_object('text', text) end
  from drawn`;

/**
 * The words of each request for both sides, as gathering makes them, but in one statement and with the index built
 * behind them: gathering 1,000,000 requests takes a quarter of an hour.
 */
export async function fillWords({ asSuperuser }: Installation, companyId: string): Promise<void> {
  await asSuperuser("set maintenance_work_mem = '512MB'");
  const [index] = await asSuperuser<{ text: string }>("select pg_get_indexdef('search_terms_words'::regclass) as text");
  await asSuperuser("drop index search_terms_words");
  await asSuperuser(wordsSql, [companyId]);
  await asSuperuser(index!.text);
}

const wordsSql = `
  insert into search_terms (company_id, request_id, audience, part, head_seq, bytes, language, tsv)
  select r.company_id, r.id, a.audience, 0, 3, octet_length(a.words), 'english',
    array_to_tsvector(array['_' || replace(r.company_id::text || a.audience::text, '-', '')])
      || to_tsvector('english', concat_ws(' ', r.subject, r.category, replace(r.asset, '-', ' '), s.name, p.name, t.name,
        a.words))
  from requests r
  join suppliers s on s.company_id = r.company_id and s.id = r.supplier_id
  join people p on p.company_id = r.company_id and p.id = r.reporter_id
  join people t on t.company_id = r.company_id and t.id = r.technician_id
  cross join lateral (
    select v.audience, w.words from (values (r.company_id, 3), (r.supplier_id, 2)) v (audience, seen)
    cross join lateral (
      select string_agg(concat_ws(' ', c.content ->> 'subject', c.content ->> 'description', c.content ->> 'text'), ' '
        order by c.seq) as words
      from entry_contents c where c.company_id = r.company_id and c.request_id = r.id and c.seq <= v.seen) w) a
  where r.company_id = $1`;
