-- Response and resolution targets that one supplier has by its contract, in business minutes, from a date on. Where it has
-- none for a priority on a day, the company's hold.
create table supplier_targets (
  company_id uuid not null references companies (id),
  supplier_id uuid not null,
  valid_from date not null,
  priority text not null check (priority in ('critical', 'high', 'normal', 'low')),
  response_minutes integer not null check (response_minutes > 0),
  resolution_minutes integer not null check (resolution_minutes > 0),
  primary key (company_id, supplier_id, valid_from, priority),
  foreign key (company_id, supplier_id) references suppliers (company_id, id)
);
select protect_company_table('supplier_targets', 'select, insert, update, delete');
