-- Exports that members asked for: who took what with them, and when; the files themselves are removed after some days.
create table exports (
  company_id uuid not null references companies (id),
  id uuid not null,
  -- Who asked: the work is done with their rights. Null: the operator.
  member_id uuid,
  created_by text not null,
  -- Whose part of the record the asker sees; null: all of it.
  supplier_id uuid,
  format text not null check (format in ('json', 'csv', 'xlsx')),
  -- Null: the whole record. Else a table of the requests of this filter, as in the address of the list.
  search jsonb check (jsonb_typeof(search) = 'object'),
  with_attachments boolean not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'removed')),
  done_rows integer not null default 0,
  total_rows integer,
  file_name text,
  file_size bigint,
  file_digest bytea,
  -- Not called file_key: a backup takes the record along, and not copies of it.
  stored_key text,
  missing_files integer not null default 0,
  error_code text,
  error_message text,
  created_at timestamptz not null,
  finished_at timestamptz,
  expires_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, member_id) references members (company_id, id),
  foreign key (company_id, supplier_id) references suppliers (company_id, id)
);
create index exports_unfinished on exports (company_id, state);
select protect_company_table('exports', 'select, insert, update');
