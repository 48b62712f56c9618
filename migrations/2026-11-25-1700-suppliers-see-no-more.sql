-- The third belt (see requests) around what was still outside of it. What is not opened here is closed to a supplier's
-- people: invitations, keys, and how the company reads its files are the company's own affair. Written like the
-- policies on requests: no sub-selects around the settings, and nothing but equality of uuids.
create policy supplier_only on assets as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid);
-- Their own people, and the company's, who call for support: not those of other suppliers. Whoever has a supplier's role
-- and no supplier (context.ts gives them this id, which nobody has) sees nobody.
create policy supplier_only on people as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid
    or (supplier_id is null and nullif(current_setting('app.supplier_id', true), '')::uuid
        <> '00000000-0000-0000-0000-000000000000'::uuid));
create policy supplier_only on members as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or exists (select from people p where p.company_id = members.company_id and p.id = members.person_id));
-- Of their own side alone: a filter that the company shares within itself names other suppliers.
create policy supplier_only on saved_views as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or exists (select from members m join people p on p.company_id = m.company_id and p.id = m.person_id
               where m.company_id = saved_views.company_id and m.id = saved_views.member_id
                 and p.supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid));
create policy supplier_only on invitations as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
create policy supplier_only on api_keys as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
create policy supplier_only on import_mappings as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
create policy supplier_only on import_changes as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
create policy supplier_only on name_aliases as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null);
-- What they do is an event whatever they see; what they may read about is their requests.
create policy supplier_only on events as restrictive for select
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or exists (select from requests r where r.company_id = events.company_id and r.id = events.subject_id));
