-- The words a request is filed under: ["printer", "site visit"], sorted, null: none. What was added or taken away is an
-- entry, as with every other fact.
alter table requests add tags jsonb check (jsonb_typeof(tags) = 'array');
alter table request_versions add tags jsonb check (jsonb_typeof(tags) = 'array');

-- The same by tag, as they stand now: operators of arrays use no index under row-level security.
create table request_tags (
  company_id uuid not null,
  tag text not null,
  request_id uuid not null,
  primary key (company_id, tag, request_id),
  foreign key (company_id, request_id) references requests (company_id, id)
);
create index request_tags_request on request_tags (company_id, request_id);
select protect_company_table('request_tags', 'select, insert, delete');
-- The third belt (see requests): as the requests themselves.
create policy supplier_only on request_tags as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or exists (select from requests r where r.company_id = request_tags.company_id
               and r.id = request_tags.request_id));
