-- What a person has decided about names in spreadsheets that look alike: "B. Tanaka" is Bo Tanaka, or somebody else.
create table name_aliases (
  company_id uuid not null references companies (id),
  id uuid not null,
  kind text not null check (kind in ('person', 'supplier')),
  -- Whose people: '' the company's own, else the key of a supplier's name.
  side text not null default '',
  name text not null check (length(name) between 1 and 200),
  name_key text not null,
  -- The name it stands for; null: somebody of their own, whatever it looks like.
  stands_for text check (length(stands_for) between 1 and 200),
  -- Who that is, once known: they may be renamed.
  person_id uuid,
  supplier_id uuid,
  decided_by text not null,
  decided_at timestamptz not null,
  primary key (company_id, id),
  foreign key (company_id, person_id) references people (company_id, id),
  foreign key (company_id, supplier_id) references suppliers (company_id, id)
);
create unique index name_aliases_name on name_aliases (company_id, kind, side, name_key);
create index name_aliases_person on name_aliases (company_id, person_id);
create index name_aliases_supplier on name_aliases (company_id, supplier_id);
select protect_company_table('name_aliases', 'select, insert, update, delete');
