-- The third belt (see requests) around what names other suppliers or is the company's own affair: a supplier's people
-- see their own row, what they took with them themselves, and where their requests came from; nothing of how the
-- company brought files in. Written like the policies on requests: no sub-selects around the settings.
create policy supplier_only on suppliers as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or id = nullif(current_setting('app.supplier_id', true), '')::uuid);
create policy supplier_only on exports as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid);
create policy supplier_only on imports as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
create policy supplier_only on returned_exports as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
create policy supplier_only on request_sources as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or exists (select from requests r where r.company_id = request_sources.company_id
               and r.id = request_sources.request_id));
