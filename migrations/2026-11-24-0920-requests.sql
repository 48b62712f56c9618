-- The ledger. `entries` (headers) and `entry_contents` are the record; `requests` is what they add up to, folded in
-- the same transaction; `request_versions` keeps each earlier fold, so that every figure can be asked as of a moment.

create table requests (
  company_id uuid not null references companies (id),
  id uuid not null,
  number integer not null,
  kind text not null check (kind in ('incident', 'service_request')),
  subject text not null check (length(subject) <= 2000),
  -- The number it has elsewhere: in an imported record, in a supplier's ticket system.
  reference text check (length(reference) <= 200),
  state text not null check (state in ('open', 'resolved', 'closed')),
  outcome text check (outcome in ('confirmed', 'unconfirmed', 'cancelled', 'duplicate', 'unknown')),
  imported_state text,
  priority text not null check (priority in ('critical', 'high', 'normal', 'low')),
  category text,
  channel text not null check (channel in ('phone', 'email', 'walk_up', 'web', 'chat', 'monitoring', 'other')),
  asset text,
  supplier_id uuid,
  reporter_id uuid,
  technician_id uuid,
  reported_at timestamptz not null,
  recorded_at timestamptz not null,
  first_response_at timestamptz,
  resolved_at timestamptz,
  closed_at timestamptz,
  reopened_at timestamptz,
  reopen_count integer not null default 0,
  -- Waiting is a property of an open request: on whom, since when, why; and what earlier waits added up to.
  waiting_on text check (waiting_on in ('company', 'third_party')),
  waiting_since timestamptz,
  waiting_reason text,
  waited_minutes integer not null default 0,
  -- The promise: who owes the next step, by when. An open request always has one.
  promise_kind text check (promise_kind in ('response', 'resolution', 'given', 'confirmation')),
  promise_party text check (promise_party in ('supplier', 'company', 'third_party')),
  promise_text text,
  promise_due_at timestamptz,
  -- Targets as they stood when the request was reported, in business minutes, and the instants they fall on.
  response_target_minutes integer,
  resolution_target_minutes integer,
  response_due_at timestamptz,
  resolution_due_at timestamptz,
  -- Measures of this one request. Business minutes; "elapsed" by the wall clock; resolution is net of waiting.
  response_minutes integer,
  response_elapsed_minutes integer,
  resolution_minutes integer,
  resolution_gross_minutes integer,
  resolution_elapsed_minutes integer,
  closing_announced_at timestamptz,
  head_seq integer not null,
  head_hash bytea not null,
  -- Since when (recorded) the row says what it says.
  facts_from timestamptz not null,
  primary key (company_id, id),
  unique (company_id, number),
  foreign key (company_id, supplier_id) references suppliers (company_id, id),
  foreign key (company_id, reporter_id) references people (company_id, id),
  foreign key (company_id, technician_id) references people (company_id, id),
  check ((state = 'closed') = (outcome is not null)),
  check (waiting_on is null or state = 'open')
);
create index requests_reported on requests (company_id, reported_at, id);
create index requests_open on requests (company_id, promise_due_at, id) where state <> 'closed';
create index requests_reporter on requests (company_id, reporter_id);
create index requests_supplier on requests (company_id, supplier_id);
create index requests_technician on requests (company_id, technician_id);
select protect_company_table('requests', 'select, insert, update');

create table request_versions (
  like requests including defaults,
  facts_to timestamptz not null,
  primary key (company_id, id, head_seq, facts_from),
  foreign key (company_id, id) references requests (company_id, id)
);
create index request_versions_reported on request_versions (company_id, reported_at, id);
select protect_company_table('request_versions', 'select, insert, update');

create table entries (
  company_id uuid not null,
  request_id uuid not null,
  seq integer not null,
  kind text not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  actor text not null,
  audience text not null check (audience in ('everyone', 'company', 'supplier')),
  supplier_id uuid,
  content_digest bytea not null check (length(content_digest) = 32),
  previous_hash bytea,
  hash bytea not null check (length(hash) = 32),
  -- Of an entry that an import made: SHA-256 over what its source said. Not part of the chain.
  source_digest bytea check (length(source_digest) = 32),
  primary key (company_id, request_id, seq),
  check ((seq = 1) = (previous_hash is null))
);
select protect_company_table('entries', 'select, insert');

-- The words and their random bytes, apart from the chain: the law may demand that they go (an `erased` entry).
create table entry_contents (
  company_id uuid not null,
  request_id uuid not null,
  seq integer not null,
  salt bytea not null check (length(salt) = 32),
  content jsonb not null,
  primary key (company_id, request_id, seq)
);
select protect_company_table('entry_contents', 'select, insert, delete');

-- Third belt for a supplier's people: what is assigned to their supplier, and never the company's own notes.
-- No sub-selects around the settings: the planner would take `is null` for rare, expect a few hundred rows of a large
-- company and never plan in parallel (measured on 100,000 requests: figures of a year 106 to 140 ms against 83).
create policy supplier_only on requests as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid);
create policy supplier_only on request_versions as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid);
create policy supplier_only on entries as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or (audience <> 'company' and supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid));
create policy supplier_only on entry_contents as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or exists (select from entries e where e.company_id = entry_contents.company_id
               and e.request_id = entry_contents.request_id and e.seq = entry_contents.seq));

-- Where an imported request came from: the source's own key. With entries.source_digest the same file again changes
-- nothing and a grown file adds what is new.
create table request_sources (
  company_id uuid not null,
  key text not null,
  request_id uuid not null,
  fingerprint bytea not null,
  primary key (company_id, key),
  foreign key (company_id, request_id) references requests (company_id, id)
);
create index request_sources_request on request_sources (company_id, request_id);
select protect_company_table('request_sources', 'select, insert, update');
