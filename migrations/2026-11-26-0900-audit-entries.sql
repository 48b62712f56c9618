-- Who changed what of the settings: members, keys, hours, people, suppliers, assets, imports, what was taken away. Written
-- in the transaction of the change and never changed afterwards. Apart from the events, which say ids alone and which
-- everybody hears who listens: here stand names, and what something was before.
create table audit_entries (
  company_id uuid not null references companies (id),
  id uuid not null,
  recorded_at timestamptz not null,
  actor text not null check (actor in ('member', 'key', 'operator', 'system')),
  -- Of whom: a member, or the one that a key acts for. No reference: what was done stays when somebody is removed.
  member_id uuid,
  key_id uuid,
  actor_name text not null,
  type text not null,
  -- What is asked for by: the part of the type before its dot.
  area text not null,
  subject_id uuid,
  subject_name text,
  -- How many of them at once, where one change concerned many.
  subjects integer not null check (subjects > 0),
  -- Field by field: what it was, what it is.
  changed jsonb not null check (jsonb_typeof(changed) = 'object'),
  primary key (company_id, id)
);
create index audit_entries_area on audit_entries (company_id, area, id desc);
create index audit_entries_member on audit_entries (company_id, member_id, id desc);
select protect_company_table('audit_entries', 'select, insert');
-- A supplier's people do things that are written down; what is written is the company's own affair.
create policy supplier_only on audit_entries as restrictive for select
  using (nullif(current_setting('app.supplier_id', true), '') is null);
