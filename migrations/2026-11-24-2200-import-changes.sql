-- What an import of people, suppliers, assets or holidays did to each of them, so that a whole import can be undone.
-- `before` is null for one that it added; else the fields it changed, as they were. `after`: as the import left them.
-- Rows go when their import is undone: they hold names and addresses.
create table import_changes (
  company_id uuid not null,
  import_id uuid not null,
  -- The list it stands in, which need not be the import's own: cells of assets and people name suppliers and people.
  list text not null,
  thing_id uuid not null,
  before jsonb,
  after jsonb not null,
  primary key (company_id, import_id, list, thing_id),
  foreign key (company_id, import_id) references imports (company_id, id)
);
select protect_company_table('import_changes', 'select, insert, delete');

-- Only what nothing in the record names can go: foreign keys hold the rest. People may go already.
do $$ begin
  execute format('grant delete on suppliers to %I', app_role());
  execute format('grant delete on assets to %I', app_role());
end $$;
