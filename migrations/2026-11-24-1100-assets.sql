-- Assets: the things that requests are about. Nothing is deleted: what is no longer used has ended.
create table assets (
  company_id uuid not null references companies (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  -- By code point, so that `^@` reaches the index under whatever language the server sorts by.
  name_key text collate "C" not null,
  kind text not null check (
    kind in ('computer', 'server', 'printer', 'phone', 'network', 'line', 'application', 'other')),
  serial_number text check (length(serial_number) between 1 and 100),
  serial_key text collate "C",
  place text check (length(place) between 1 and 200),
  owner_id uuid,
  supplier_id uuid,
  warranty_ends date,
  note text check (length(note) between 1 and 2000),
  version integer not null default 1,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (company_id, id),
  unique (company_id, serial_key),
  foreign key (company_id, owner_id) references people (company_id, id),
  foreign key (company_id, supplier_id) references suppliers (company_id, id),
  check ((serial_number is null) = (serial_key is null))
);
create index assets_name on assets (company_id, name_key, id);
create index assets_owner on assets (company_id, owner_id);
create index assets_supplier on assets (company_id, supplier_id);
select protect_company_table('assets', 'select, insert, update');
