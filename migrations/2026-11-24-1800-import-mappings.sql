-- How a company's files are read, kept by name: what was said of the columns of one file holds for the next with the
-- same columns.
create table import_mappings (
  company_id uuid not null references companies (id),
  id uuid not null,
  subject text not null,
  name text not null check (length(name) between 1 and 100),
  name_key text not null,
  -- The names of the columns by which a file is recognised: of the part that is looked at when it arrives.
  header jsonb not null check (jsonb_typeof(header) = 'array'),
  mapping jsonb not null,
  -- Of the file that was read so last.
  file_name text not null,
  used_at timestamptz not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (company_id, id)
);
create unique index import_mappings_name on import_mappings (company_id, name_key);
select protect_company_table('import_mappings', 'select, insert, update, delete');

-- As what a file is read, with what was known of it then; and the names of its columns when it arrived, whatever part
-- of it is looked at since.
alter table imports add mapping_id uuid, add read_as jsonb, add header jsonb;
alter table imports add foreign key (company_id, mapping_id) references import_mappings (company_id, id);
create index imports_mapping on imports (company_id, mapping_id);
