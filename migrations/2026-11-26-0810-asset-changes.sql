-- Who changed what of an asset, and when: one row for each version of it. Appended to, never changed.
create table asset_changes (
  company_id uuid not null references companies (id),
  asset_id uuid not null,
  -- The one it made.
  version integer not null,
  kind text not null check (kind in ('added', 'changed', 'ended', 'resumed')),
  changed_at timestamptz not null,
  -- As in the header of an entry: person:ID, or operator: and system: with what they are called.
  actor text not null,
  -- The fields that changed, as they were and as they are since; texts and ids.
  before jsonb not null,
  after jsonb not null,
  primary key (company_id, asset_id, version),
  foreign key (company_id, asset_id) references assets (company_id, id) on delete cascade
);
select protect_company_table('asset_changes', 'select, insert');
-- What the company did to its own list is its own affair.
create policy supplier_only on asset_changes as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
