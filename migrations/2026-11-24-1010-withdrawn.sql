-- A whole import can be undone while nothing was built on it. Nothing is deleted: each request it brought gets a
-- `withdrawn` entry and is hidden from then on, in the record as it stands; as of an earlier moment it is seen.
alter table requests add withdrawn boolean not null default false;

-- The columns of request_versions are those of requests and then facts_to: versions are copied by position.
alter table request_versions rename facts_to to ended;
alter table request_versions add withdrawn boolean not null default false, add facts_to timestamptz;
update request_versions set facts_to = ended;
alter table request_versions alter facts_to set not null, drop ended;

-- What is withdrawn is in no list and in no figure, so it need not be in their index; its condition is the index's
-- own, and the figures are read from the index alone as before.
drop index requests_reported;
create index requests_reported on requests (company_id, reported_at, id) include (
  supplier_id, state, outcome, promise_party, promise_due_at, reopen_count,
  response_minutes, response_elapsed_minutes, response_target_minutes,
  resolution_minutes, resolution_gross_minutes, resolution_elapsed_minutes, resolution_target_minutes)
  where not withdrawn;

-- Which import brought a request first, and what it said before each later import that changed it: the last is what
-- it says again when that import is undone.
alter table request_sources add import_id uuid, add earlier_fingerprints bytea[] not null default '{}';
update request_sources s set import_id = substr(e.actor, 8)::uuid from entries e
  where e.company_id = s.company_id and e.request_id = s.request_id and e.seq = 1;
alter table request_sources alter import_id set not null;
do $$ begin execute format('grant delete on request_sources to %I', app_role()); end $$;

-- done -> undoing -> undone; who undid it, when, and what came of it.
alter table imports add undone jsonb;
alter table imports drop constraint imports_state_check;
alter table imports add constraint imports_state_check check (state in
  ('uploaded', 'reading', 'checking', 'ready', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone'));
