-- Ways of looking at the record, kept by their names: a page with its filters and its period. A period kept by its name
-- ("last month") moves with the date. A member's own, or shared with everybody who reads the record.
create table saved_views (
  company_id uuid not null references companies (id),
  id uuid not null,
  member_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  name_key text not null,
  page text not null check (page in ('overview', 'by', 'requests')),
  search jsonb not null check (jsonb_typeof(search) = 'object'),
  shared boolean not null,
  version integer not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- Removed, and still to be brought back for a day.
  removed_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, member_id) references members (company_id, id)
);
create unique index saved_views_name on saved_views (company_id, member_id, name_key) where removed_at is null;
select protect_company_table('saved_views', 'select, insert, update, delete');
