-- Follow-your-request links: whoever holds one sees this one request as its reporter does, adds a word, confirms or
-- reopens. The secret's hash is in tokens (kind follow, subject: the id here).
create table follow_links (
  company_id uuid not null references companies (id),
  id uuid not null,
  request_id uuid not null,
  -- Whose acts they are; null: nobody the company knows, and then `name` is what they said.
  person_id uuid,
  name text check (length(name) between 1 and 200),
  created_by text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  opened_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, request_id) references requests (company_id, id),
  foreign key (company_id, person_id) references people (company_id, id) on delete set null (person_id)
);
create index follow_links_by_request on follow_links (company_id, request_id);
create index follow_links_by_person on follow_links (company_id, person_id);
select protect_company_table('follow_links', 'select, insert, update');

-- What came by them, by the id that the device gave it: what is sent again is recorded once.
create table follow_acts (
  company_id uuid not null references companies (id),
  id uuid not null,
  link_id uuid not null,
  created_at timestamptz not null,
  primary key (company_id, id),
  foreign key (company_id, link_id) references follow_links (company_id, id)
);
create index follow_acts_by_link on follow_acts (company_id, link_id, created_at);
select protect_company_table('follow_acts', 'select, insert');

-- Between the company and its own people: a supplier's people see what was said, in the ledger.
create policy supplier_only on follow_links as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
create policy supplier_only on follow_acts as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
