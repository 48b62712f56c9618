-- One dropped spreadsheet and what became of it.
create table imports (
  company_id uuid not null references companies (id),
  id uuid not null,
  file_name text not null check (length(file_name) <= 255),
  file_size bigint not null,
  file_digest bytea not null,
  file_key text not null,
  state text not null check (state in ('uploaded', 'checking', 'ready', 'running', 'done', 'failed', 'cancelled')),
  format text,
  row_count integer,
  mapping jsonb,
  preview jsonb,
  progress jsonb,
  report jsonb,
  error_code text,
  error_message text,
  created_by text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (company_id, id)
);
create index imports_created on imports (company_id, created_at);
select protect_company_table('imports', 'select, insert, update, delete');
