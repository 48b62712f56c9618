-- The company (the tenant), its people and suppliers, who may do what, and when it works.

create table companies (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  time_zone text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  locale text not null default 'en-GB',
  -- Counts changes of hours, holidays and targets, so that a process may keep them and still be right.
  settings_version integer not null default 1,
  created_at timestamptz not null
);

create table suppliers (
  company_id uuid not null references companies (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  name_key text not null,
  email text,
  phone text,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (company_id, id),
  unique (company_id, name_key)
);
select protect_company_table('suppliers', 'select, insert, update');

-- Anybody who appears in the record, with or without an account; supplier_id set: one of a supplier's people.
create table people (
  company_id uuid not null references companies (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  name_key text not null,
  email text,
  email_key text,
  phone text,
  department text,
  supplier_id uuid,
  created_at timestamptz not null,
  left_at timestamptz,
  primary key (company_id, id),
  unique (company_id, email_key),
  foreign key (company_id, supplier_id) references suppliers (company_id, id)
);
create index people_name on people (company_id, name_key);
create index people_supplier on people (company_id, supplier_id);
select protect_company_table('people', 'select, insert, update');

create table members (
  company_id uuid not null references companies (id),
  id uuid not null,
  person_id uuid not null,
  account_id uuid not null,
  role text not null check (role in ('owner', 'coordinator', 'staff', 'technician', 'account_manager', 'auditor')),
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (company_id, id),
  unique (company_id, account_id),
  unique (company_id, person_id),
  foreign key (company_id, person_id) references people (company_id, id)
);
create index members_account on members (account_id);
select protect_company_table('members', 'select, insert, update');
-- An account sees its own memberships everywhere: the list of its companies.
create policy own_memberships on members for select
  using (account_id = nullif(current_setting('app.account_id', true), '')::uuid);

alter table companies enable row level security;
alter table companies force row level security;
create policy company_isolation on companies
  using (id = nullif(current_setting('app.company_id', true), '')::uuid);
create policy own_companies on companies for select
  using (id in (
    select m.company_id from members m
    where m.account_id = nullif(current_setting('app.account_id', true), '')::uuid and m.ended_at is null));
do $$ begin execute format('grant select, insert, update on companies to %I', app_role()); end $$;

create table api_keys (
  company_id uuid not null references companies (id),
  id uuid not null,
  member_id uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  name text not null check (length(name) between 1 and 100),
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (company_id, id),
  unique (company_id, token_hash),
  foreign key (company_id, member_id) references members (company_id, id)
);
select protect_company_table('api_keys', 'select, insert, update');

-- Opening hours from a date on; supplier_id null: the company's own.
create table business_hours (
  company_id uuid not null references companies (id),
  id uuid not null,
  supplier_id uuid,
  valid_from date not null,
  week jsonb not null,
  created_at timestamptz not null,
  primary key (company_id, id),
  foreign key (company_id, supplier_id) references suppliers (company_id, id)
);
create unique index business_hours_one on business_hours
  (company_id, coalesce(supplier_id, '00000000-0000-0000-0000-000000000000'), valid_from);
select protect_company_table('business_hours', 'select, insert, update, delete');

create table holidays (
  company_id uuid not null references companies (id),
  id uuid not null,
  supplier_id uuid,
  date date not null,
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null,
  primary key (company_id, id),
  foreign key (company_id, supplier_id) references suppliers (company_id, id)
);
create unique index holidays_one on holidays
  (company_id, coalesce(supplier_id, '00000000-0000-0000-0000-000000000000'), date);
select protect_company_table('holidays', 'select, insert, update, delete');

-- Response and resolution targets per priority, in business minutes, from a date on.
create table targets (
  company_id uuid not null references companies (id),
  valid_from date not null,
  priority text not null check (priority in ('critical', 'high', 'normal', 'low')),
  response_minutes integer not null check (response_minutes > 0),
  resolution_minutes integer not null check (resolution_minutes > 0),
  primary key (company_id, valid_from, priority)
);
select protect_company_table('targets', 'select, insert, update');

-- Per-company running numbers (#1042).
create table company_counters (
  company_id uuid not null references companies (id),
  name text not null,
  value integer not null,
  primary key (company_id, name)
);
select protect_company_table('company_counters', 'select, insert, update');

-- What has happened, in the past tense, ids only; written in the transaction of the change.
create table events (
  company_id uuid not null references companies (id),
  id uuid not null,
  type text not null,
  subject_id uuid,
  recorded_at timestamptz not null,
  primary key (company_id, id)
);
select protect_company_table('events', 'select, insert, delete');

-- Replies to POSTs that carried an Idempotency-Key, kept for 24 hours.
create table idempotency_keys (
  company_id uuid not null references companies (id),
  actor text not null,
  route text not null,
  key text not null,
  body_digest bytea not null,
  status integer,
  reply text,
  created_at timestamptz not null,
  primary key (company_id, actor, route, key)
);
create index idempotency_keys_age on idempotency_keys (company_id, created_at);
select protect_company_table('idempotency_keys', 'select, insert, update, delete');
