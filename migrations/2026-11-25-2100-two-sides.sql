-- What each side of a request sees, and what it may write.
--
-- A content says itself whose it is. A policy that asks the header cannot let anybody write: header and content are
-- one statement, which does not see its own rows.
alter table entry_contents add audience text, add supplier_id uuid;
update entry_contents c set audience = e.audience, supplier_id = e.supplier_id
  from entries e where e.company_id = c.company_id and e.request_id = c.request_id and e.seq = c.seq;
alter table entry_contents alter audience set not null,
  add constraint entry_contents_audience check (audience in ('everyone', 'company', 'supplier'));

drop policy supplier_only on entry_contents;
create policy supplier_only on entry_contents as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or exists (select from entries e where e.company_id = entry_contents.company_id
               and e.request_id = entry_contents.request_id and e.seq = entry_contents.seq))
  with check (nullif(current_setting('app.supplier_id', true), '') is null
    or (audience <> 'company' and supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid));

-- A supplier's people see what concerns their supplier: of a request that is theirs now, whatever is said to everybody;
-- of one that was, as far as it was said by the time it was handed over; and their own notes. They write for their
-- supplier and nobody else.
drop policy supplier_only on entries;
create policy supplier_only on entries as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or (audience <> 'company' and supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid)
    or (audience = 'everyone' and exists (select from requests r
          where r.company_id = entries.company_id and r.id = entries.request_id))
    or (audience = 'everyone' and exists (select from request_versions v
          where v.company_id = entries.company_id and v.id = entries.request_id and v.head_seq >= entries.seq)))
  with check (nullif(current_setting('app.supplier_id', true), '') is null
    or (audience <> 'company' and supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid));

-- A supplier's own notes are theirs alone: the company has the header, which keeps the chain whole, and not the words.
-- Whoever must see both (a backup, the check of the chains, the index of words) says so in its transaction.
create policy suppliers_own on entry_contents as restrictive
  using (current_setting('app.both_sides', true) = 'on'
    or nullif(current_setting('app.supplier_id', true), '') is not null
    or audience <> 'supplier')
  with check (true);
create policy suppliers_own on attachments as restrictive
  using (current_setting('app.both_sides', true) = 'on'
    or nullif(current_setting('app.supplier_id', true), '') is not null
    or request_id is null
    or not exists (select from entries e where e.company_id = attachments.company_id
                   and e.request_id = attachments.request_id and e.seq = attachments.seq and e.audience = 'supplier'))
  with check (true);
