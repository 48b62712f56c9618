-- A request names the asset it is about, where that one is on the company's list; `asset` keeps the words for all else.
alter table requests add asset_id uuid,
  add foreign key (company_id, asset_id) references assets (company_id, id);
alter table request_versions add asset_id uuid;
create index requests_asset on requests (company_id, asset_id, reported_at, id) where asset_id is not null;

-- A supplier's people see what they look after, and what their requests are about: who is to repair a printer must find
-- it. Written like the other policies: what a request is, says the policy of requests.
drop policy supplier_only on assets;
create policy supplier_only on assets as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid
    or exists (select from requests r where r.company_id = assets.company_id and r.asset_id = assets.id));
