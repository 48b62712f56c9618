-- What is asked for again and again, kept by its name in the company's order: what a new call is written down with. One
-- that ended is offered no more. What was written down with one keeps nothing of it.
create table request_templates (
  company_id uuid not null references companies (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  name_key text collate "C" not null,
  subject text not null,
  description text,
  kind text not null,
  category text,
  priority text not null,
  supplier_id uuid,
  asset_id uuid,
  tags jsonb check (jsonb_typeof(tags) = 'array'),
  place integer not null,
  version integer not null default 1,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (company_id, id),
  unique (company_id, name_key),
  foreign key (company_id, supplier_id) references suppliers (company_id, id),
  foreign key (company_id, asset_id) references assets (company_id, id)
);
create index request_templates_supplier on request_templates (company_id, supplier_id) where supplier_id is not null;
create index request_templates_asset on request_templates (company_id, asset_id) where asset_id is not null;
select protect_company_table('request_templates', 'select, insert, update, delete');
-- Calls are written down by the company's people.
create policy supplier_only on request_templates as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
