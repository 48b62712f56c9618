-- What every later migration stands on: the helper that makes a table a company's own, accounts and sessions.
-- `openbook.app_role` is set by the migrator: the role the server runs as, which owns nothing.

create function app_role() returns name
  language sql stable
  as $$ select current_setting('openbook.app_role')::name $$;

-- The company this transaction works for; null (so: no row at all) when none is set.
-- Kept as an expression in the policy itself: a function here would hide it from the planner.
create function protect_company_table(target regclass, privileges text) returns void
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
  execute format('grant %s on %s to %I', privileges, target, app_role());
end
$$;

revoke all on function protect_company_table(regclass, text) from public;

do $$ begin execute format('grant usage on schema public to %I', app_role()); end $$;

-- Global logins. A company never refers to an account by foreign key (members.account_id is checked in code).
create table accounts (
  id uuid primary key,
  email text not null check (length(email) between 3 and 254),
  email_key text not null unique,
  name text not null check (length(name) between 1 and 200),
  password_hash text,
  created_at timestamptz not null,
  password_changed_at timestamptz
);

create table sessions (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references accounts (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  user_agent text
);
create index sessions_account on sessions (account_id);
create index sessions_expiry on sessions (expires_at);

-- Every purpose-bound link: set-up, setting a password, later invitations, confirmations, feeds.
create table tokens (
  token_hash bytea primary key check (length(token_hash) = 32),
  kind text not null,
  company_id uuid,
  subject text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index tokens_expiry on tokens (expires_at);

-- Fixed-window counters that survive a restart: sign-in attempts per account and per network.
create table throttles (
  key text not null,
  window_start timestamptz not null,
  count integer not null,
  primary key (key, window_start)
);

do $$ begin
  execute format('grant select, insert, update on accounts to %I', app_role());
  execute format('grant select, insert, delete on sessions to %I', app_role());
  execute format('grant select, insert, delete on tokens to %I', app_role());
  execute format('grant select, insert, update, delete on throttles to %I', app_role());
end $$;
