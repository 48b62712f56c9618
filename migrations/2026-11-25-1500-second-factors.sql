-- Second factors of accounts, sessions that can be listed and ended, and invitations.

-- One secret an account; it counts from `confirmed_at` on. Codes of a step that was used are not taken again.
create table totp_factors (
  account_id uuid primary key references accounts (id) on delete cascade,
  secret text not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0
);

create table recovery_codes (
  account_id uuid not null references accounts (id) on delete cascade,
  code_hash bytea not null check (length(code_hash) = 32),
  created_at timestamptz not null,
  primary key (account_id, code_hash)
);

-- WebAuthn credentials. `user_handle` of an account is its id.
create table passkeys (
  credential_id text primary key check (length(credential_id) between 1 and 1400),
  id uuid not null unique,
  account_id uuid not null references accounts (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_account on passkeys (account_id);

alter table sessions
  add column id uuid not null default gen_random_uuid() unique,
  add column network text,
  add column last_seen_at timestamptz,
  -- When the password, a code or a passkey was last given: what is dangerous asks for it again after a while.
  add column confirmed_at timestamptz,
  add column second_factor_at timestamptz;

do $$ begin
  execute format('grant select, insert, update, delete on totp_factors, passkeys to %I', app_role());
  execute format('grant select, insert, delete on recovery_codes to %I', app_role());
  execute format('grant update on sessions to %I', app_role());
end $$;

-- Somebody is asked to join; nothing of theirs exists before they accept. The link's hash stands in `tokens`.
create table invitations (
  company_id uuid not null references companies (id),
  id uuid not null,
  email text not null check (length(email) between 3 and 254),
  email_key text not null,
  name text not null check (length(name) between 1 and 200),
  role text not null check (role in ('owner', 'coordinator', 'staff', 'technician', 'account_manager', 'auditor')),
  supplier_id uuid,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, supplier_id) references suppliers (company_id, id),
  check ((supplier_id is not null) = (role in ('technician', 'account_manager')))
);
-- One that waits for each address.
create unique index invitations_waiting on invitations (company_id, email_key)
  where accepted_at is null and revoked_at is null;
select protect_company_table('invitations', 'select, insert, update');
