-- Exports that members bring back into a new company: who asked, how far it is, what became of it. The file itself is
-- kept until it is over.
create table returned_exports (
  company_id uuid not null references companies (id),
  id uuid not null,
  -- Who asked: the work is done with their rights. Null: the operator.
  member_id uuid,
  created_by text not null,
  file_name text not null check (length(file_name) <= 255),
  file_key text,
  -- Whose record it is, and of when, as the file says.
  of_company text not null,
  exported_at timestamptz not null,
  state text not null check (state in ('waiting', 'proving', 'writing', 'done', 'failed', 'cancelled')),
  done_rows integer not null default 0,
  total_rows integer,
  -- How many came back, by table.
  back jsonb check (jsonb_typeof(back) = 'object'),
  without_bytes integer not null default 0,
  error_code text,
  error_message text,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, member_id) references members (company_id, id)
);
-- One at a time: a company takes one record.
create unique index returned_exports_unfinished on returned_exports (company_id)
  where state in ('waiting', 'proving', 'writing');
select protect_company_table('returned_exports', 'select, insert, update');
