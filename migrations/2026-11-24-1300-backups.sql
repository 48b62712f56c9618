-- A backup reads every company in one snapshot, beside a server that runs. FORCE ROW LEVEL SECURITY binds the owner
-- too, and lifting it would lock every table; so the owner, and nobody else, may read past the companies' walls where
-- it says so in its transaction: set local app.whole_installation = 'on'. The sub-select is asked once a statement, not
-- once a row.
create function let_owner_read_whole(target regclass) returns void
  language plpgsql
  as $$
begin
  execute format(
    'create policy whole_installation on %s for select to %I using ((select current_setting(''app.whole_installation'', true)) = ''on'')',
    target, current_user);
end
$$;
revoke all on function let_owner_read_whole(regclass) from public;

create or replace function protect_company_table(target regclass, privileges text) returns void
  language plpgsql
  as $$
declare
  first_key_column name;
begin
  select a.attname into first_key_column
  from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
  where i.indrelid = target and i.indisprimary;
  if first_key_column is distinct from 'company_id' then
    raise exception '% needs a primary key that begins with company_id', target;
  end if;
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy company_isolation on %s using (company_id = nullif(current_setting(''app.company_id'', true), '''')::uuid)',
    target);
  perform let_owner_read_whole(target);
  execute format('grant %s on %s to %I', privileges, target, app_role());
end
$$;

-- The migrator has lifted FORCE while this runs, so the tables are known by row-level security itself.
do $$
declare
  company_table regclass;
begin
  for company_table in
    select c.oid from pg_class c where c.relnamespace = 'public'::regnamespace and c.relrowsecurity
  loop
    perform let_owner_read_whole(company_table);
  end loop;
end
$$;

-- What became of each backup of this installation; none of it is in a backup.
create table backup_runs (
  id uuid primary key,
  kind text not null check (kind in ('scheduled', 'command')),
  -- The moment a scheduled one was due.
  due_at timestamptz,
  state text not null check (state in ('running', 'done', 'failed')),
  started_at timestamptz not null,
  ended_at timestamptz,
  path text,
  -- The snapshot's moment: what was recorded later is not in it.
  made_at timestamptz,
  bytes bigint,
  row_count bigint,
  company_count integer,
  file_count integer,
  missing_count integer,
  -- 'restored': into a database of its own, with chains and files; 'read': decrypted and counted, no more.
  proof text check (proof in ('restored', 'read')),
  proven_at timestamptz,
  error_code text,
  error_message text,
  removed_at timestamptz,
  check ((kind = 'scheduled') = (due_at is not null))
);
create index backup_runs_started on backup_runs (started_at);

-- A restored copy tells nobody anything until somebody says that it takes the place of the one it was copied from:
-- jobs that reach outside wait as long as a hold is open, for all companies or for one.
create table outbox_holds (
  id uuid primary key,
  company_id uuid,
  held_at timestamptz not null,
  backup_id uuid not null,
  backup_made_at timestamptz not null,
  released_at timestamptz
);

-- The jobs that were unfinished in the backup; they go into the queue when the hold is released.
create table held_jobs (
  id uuid primary key,
  hold_id uuid not null references outbox_holds (id),
  name text not null,
  data jsonb not null,
  start_after timestamptz not null
);
create index held_jobs_hold on held_jobs (hold_id);

do $$ begin
  execute format('grant select, insert, update on backup_runs to %I', app_role());
  execute format('grant select, update on outbox_holds to %I', app_role());
  execute format('grant select, delete on held_jobs to %I', app_role());
end $$;
