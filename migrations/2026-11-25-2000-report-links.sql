-- The report page: whoever holds a company's link reports without an account, until the link is revoked. A poster needs
-- it to stay the same, so it does not expire; only its hash is kept.
create table report_links (
  company_id uuid not null references companies (id),
  id uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  name text not null check (length(name) between 1 and 200),
  created_by text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (company_id, id),
  unique (company_id, token_hash)
);
select protect_company_table('report_links', 'select, insert, update');

-- Which reports came, by the id that the reporter's device gave them: one that is sent again opens nothing again.
create table reports (
  company_id uuid not null references companies (id),
  id uuid not null,
  link_id uuid not null,
  request_id uuid not null,
  created_at timestamptz not null,
  primary key (company_id, id),
  foreign key (company_id, link_id) references report_links (company_id, id),
  foreign key (company_id, request_id) references requests (company_id, id)
);
create index reports_by_time on reports (company_id, created_at);
create index reports_by_request on reports (company_id, request_id);
select protect_company_table('reports', 'select, insert');

-- How people reach the company is the company's own affair (see suppliers-see-no-more).
create policy supplier_only on report_links as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
create policy supplier_only on reports as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
