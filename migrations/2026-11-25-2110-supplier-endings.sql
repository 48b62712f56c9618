-- A supplier's time ends: what was handed over then, so that it can be handed back. The hand-over itself is an entry of
-- each request.
create table supplier_endings (
  company_id uuid not null references companies (id),
  id uuid not null,
  supplier_id uuid not null,
  -- Who has it now; null: nobody.
  to_supplier_id uuid,
  ended_by text not null,
  ended_at timestamptz not null,
  -- Each request, with the technician it had.
  handed jsonb not null,
  taken_back_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, supplier_id) references suppliers (company_id, id),
  foreign key (company_id, to_supplier_id) references suppliers (company_id, id)
);
create index supplier_endings_supplier on supplier_endings (company_id, supplier_id);
select protect_company_table('supplier_endings', 'select, insert, update');
create policy supplier_only on supplier_endings as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
