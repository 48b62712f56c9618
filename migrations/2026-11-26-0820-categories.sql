-- The company's own list of categories, in its order. Requests keep the word they were given: a category that ended, or
-- that is called otherwise since, stays with them.
create table categories (
  company_id uuid not null references companies (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  name_key text collate "C" not null,
  place integer not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (company_id, id),
  unique (company_id, name_key)
);
select protect_company_table('categories', 'select, insert, update, delete');
-- A supplier's people find the words on their requests.
create policy supplier_only on categories as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
