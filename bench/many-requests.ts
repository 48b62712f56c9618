import { createCompanyWithOwner } from "../src/accounts/accounts.ts";
import { addPerson, addSupplier } from "../src/companies/companies.ts";
import { asOperator, inCompany, type Platform } from "../src/context.ts";
import { silentLog } from "../src/platform/log.ts";
import { openDatabase } from "../src/platform/postgres.ts";
import type { Installation } from "./installation.ts";

/** The year all made requests are reported in. */
export const year = { from: "2025-01-01", to: "2025-12-31" } as const;

export interface MadeCompany {
  id: string;
  personId: string;
}

/** Companies of the owner who is signed in, made as the operator makes them: empty, a supplier, a few people. */
export async function makeCompanies(installation: Installation, names: string[]): Promise<MadeCompany[]> {
  const database = openDatabase({ url: installation.embedded.appUrl, size: 2, log: silentLog });
  const platform: Platform = { database, clock: () => new Date(), log: silentLog };
  const made: MadeCompany[] = [];
  for (const name of names) {
    const { ownerEmail } = installation;
    const { companyId } = await createCompanyWithOwner(platform, { name, timeZone: "Europe/Berlin", ownerEmail });
    const personId = await inCompany(platform, companyId, asOperator(), async (ctx) => {
      await addSupplier(ctx, { name: "Supplier" });
      const people = [];
      for (let i = 0; i < 12; i++) people.push(await addPerson(ctx, { name: `Person ${i}` }));
      return people[0]!.id;
    });
    made.push({ id: companyId, personId });
  }
  await database.close();
  return made;
}

/** Companies nobody asks about, as many as a hosted installation has: the rows alone, by one statement each. */
export async function makeNeighbours({ asSuperuser }: Installation, count: number): Promise<string[]> {
  const rows = await asSuperuser<{ id: string }>(
    `insert into companies (id, name, time_zone, currency, created_at)
     select gen_random_uuid(), 'Neighbour ' || n, 'Europe/Berlin', 'EUR', now() from generate_series(1, $1) n
     returning id`,
    [count],
  );
  const ids = rows.map(({ id }) => id);
  await asSuperuser(
    `insert into suppliers (company_id, id, name, name_key, created_at)
     select c, gen_random_uuid(), 'Supplier', 'supplier', now() from unnest($1::uuid[]) c`,
    [ids],
  );
  await asSuperuser(
    `insert into people (company_id, id, name, name_key, created_at)
     select c, gen_random_uuid(), 'Person ' || n, 'person ' || n, now()
     from unnest($1::uuid[]) c cross join generate_series(1, 12) n`,
    [ids],
  );
  return ids;
}

/**
 * Fills companies with requests as a year leaves them: most closed and confirmed, some by silence, a few open or
 * waiting; minutes with a long tail; subjects of differing length. The same numbers give the same facts. Rows of
 * different companies are mixed as they would have come in, so that a company's rows are not neighbours on disk.
 */
export async function fillWithRequests({ asSuperuser }: Installation, ids: string[], each: number): Promise<void> {
  // Four foreign keys a row would be looked up; what is made here refers to what was made before.
  await asSuperuser("set session_replication_role = replica");
  await asSuperuser(requestsSql, [ids, each]);
  await asSuperuser(
    `insert into company_counters (company_id, name, value) select c, 'request', $2::int from unnest($1::uuid[]) c
     on conflict (company_id, name) do update set value = excluded.value`,
    [ids, each],
  );
}

const requestsSql = `
  with parties as materialized (
    select c.id, (select s.id from suppliers s where s.company_id = c.id order by s.id limit 1) as supplier,
      array(select p.id from people p where p.company_id = c.id order by p.id) as people
    from unnest($1::uuid[]) c (id)),
  numbers as materialized (
    select n, md5('request ' || n) as hash, ('x' || substr(md5('a' || n), 1, 7))::bit(28)::int as a,
      ('x' || substr(md5('b' || n), 1, 7))::bit(28)::int as b
    from generate_series(1, $2::int) n),
  drawn as materialized (
    select n, hash, a % 100 as fate, b % 100 as kind,
      timestamptz '2025-01-01 07:00+01' + make_interval(secs => (n - 1) * (363.5 * 86400 / $2::int) + b % 7200) as at,
      (8 * exp(2.2 * (a % 1000) / 1000.0))::int as response, (40 * exp(3.4 * (b % 1000) / 1000.0))::int as work
    from numbers)
  insert into requests (company_id, id, number, kind, subject, state, outcome, priority, category, channel, asset,
    supplier_id, reporter_id, technician_id, reported_at, recorded_at, first_response_at, resolved_at, closed_at,
    reopened_at, reopen_count, waited_minutes, promise_kind, promise_party, promise_due_at,
    response_target_minutes, resolution_target_minutes, response_due_at, resolution_due_at,
    response_minutes, response_elapsed_minutes, resolution_minutes, resolution_gross_minutes,
    resolution_elapsed_minutes, head_seq, head_hash, facts_from)
  select p.id,
    (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8'
      || substr(md5(p.id::text || n), 1, 15))::uuid,
    n, case when kind < 20 then 'service_request' else 'incident' end,
    'Printer, screen or mail ' || substr(hash, 1, 4 + kind % 28),
    case when fate < 2 then 'open' when fate < 4 then 'resolved' else 'closed' end,
    case when fate < 4 then null when fate < 80 then 'confirmed' when fate < 96 then 'unconfirmed' else 'cancelled' end,
    (array['critical', 'high', 'high', 'normal', 'normal', 'normal', 'normal', 'low'])[1 + kind % 8],
    (array['Printing', 'Mail', 'Network', 'Accounts', 'Laptops', 'Telephone'])[1 + fate % 6],
    (array['phone', 'email', 'walk_up', 'web'])[1 + kind % 4], case when kind % 3 = 0 then 'NB-' || kind end,
    p.supplier, p.people[1 + kind % 6], p.people[7 + fate % 6], at, at + interval '3 minutes',
    case when fate >= 2 then at + make_interval(mins => response) end,
    case when fate >= 2 and fate < 96 then at + make_interval(mins => response + work) end,
    case when fate >= 4 then at + make_interval(mins => response + work + 200) end,
    case when fate % 20 = 7 then at + make_interval(mins => response + work) end, case when fate % 20 = 7 then 1 else 0 end,
    case when fate % 9 = 3 then 60 else 0 end,
    case when fate < 2 then 'response' when fate < 4 then 'confirmation' end,
    case when fate < 2 then 'supplier' when fate < 4 then 'company' end, case when fate < 4 then at + interval '2 days' end,
    240, 1440, at + interval '4 hours', at + interval '3 days',
    case when fate >= 2 then response end, case when fate >= 2 then response * 3 end,
    case when fate >= 2 and fate < 96 then response + work end, case when fate >= 2 and fate < 96 then response + work end,
    case when fate >= 2 and fate < 96 then (response + work) * 3 end,
    6, decode(hash || hash, 'hex'), at + make_interval(mins => response + work + 200)
  from drawn cross join parties p`;

/** A timeline of six entries for each request of a company: reported, answered, promised, news, resolved, confirmed. */
export async function fillTimelines({ asSuperuser }: Installation, companyId: string): Promise<void> {
  await asSuperuser(
    `insert into entries (company_id, request_id, seq, kind, happened_at, recorded_at, actor, audience, supplier_id,
       content_digest, previous_hash, hash)
     select r.company_id, r.id, s, (array['reported', 'message', 'promised', 'message', 'resolved', 'confirmed'])[s],
       r.reported_at + make_interval(mins => s * 20), r.reported_at + make_interval(mins => s * 20 + 3),
       'person:' || r.reporter_id, 'everyone', r.supplier_id, decode(repeat(md5('d' || s), 2), 'hex'),
       case when s > 1 then decode(repeat(md5('h' || s - 1), 2), 'hex') end, decode(repeat(md5('h' || s), 2), 'hex')
     from requests r cross join generate_series(1, 6) s where r.company_id = $1`,
    [companyId],
  );
  await asSuperuser(
    `insert into entry_contents (company_id, request_id, seq, audience, supplier_id, salt, content)
     select e.company_id, e.request_id, e.seq, e.audience, e.supplier_id, e.content_digest, jsonb_build_object(
       'text', repeat('What the technician found, did and wrote about it. ', 1 + e.seq % 4),
       'by', jsonb_build_object('party', 'supplier', 'id', r.technician_id))
     from entries e join requests r on r.company_id = e.company_id and r.id = e.request_id where e.company_id = $1`,
    [companyId],
  );
}

/** As autovacuum leaves tables that have rested: statistics, and what index-only scans need. */
export async function settle({ asSuperuser }: Installation): Promise<void> {
  await asSuperuser("vacuum (analyze)");
  await asSuperuser("checkpoint");
}
