-- Files that belong to an entry of a request: a picture of the error, the supplier's report. The entry's content names
-- each with its digest, so that the chain covers them; the bytes lie in the files' folder under `file_key`.
create table attachments (
  company_id uuid not null references companies (id),
  id uuid not null,
  -- Null: it has gone up and waits for the entry that names it; forgotten after a day.
  request_id uuid,
  seq integer,
  file_name text not null check (length(file_name) between 1 and 200),
  -- By the file's own bytes, not by what anybody called it.
  content_type text not null check (length(content_type) <= 100),
  size bigint not null check (size > 0),
  sha256 bytea not null check (length(sha256) = 32),
  -- Of pictures that browsers show.
  width integer,
  height integer,
  file_key text not null,
  -- Nobody else can attach it.
  created_by text not null,
  -- The side of whoever sent it, while it belongs to no entry yet; null: the company's.
  supplier_id uuid,
  created_at timestamptz not null,
  primary key (company_id, id),
  foreign key (company_id, request_id, seq) references entries (company_id, request_id, seq),
  foreign key (company_id, supplier_id) references suppliers (company_id, id),
  check ((request_id is null) = (seq is null))
);
create index attachments_entry on attachments (company_id, request_id, seq);
create index attachments_waiting on attachments (company_id, created_at) where request_id is null;
create index attachments_size on attachments (company_id) include (size);
select protect_company_table('attachments', 'select, insert, delete');

-- What a file is never changes; where it belongs is said once, and what belongs somewhere stays.
do $$ begin execute format('grant update (request_id, seq) on attachments to %I', app_role()); end $$;
create policy attached_once on attachments as restrictive for update using (request_id is null) with check (true);
create policy attached_stays on attachments as restrictive for delete using (request_id is null);

-- A supplier's people see the files of the entries that they see, and what they have just sent themselves.
create policy supplier_only on attachments as restrictive
  using (nullif(current_setting('app.supplier_id', true), '') is null
    or (request_id is null and supplier_id = nullif(current_setting('app.supplier_id', true), '')::uuid)
    or exists (select from entries e where e.company_id = attachments.company_id
               and e.request_id = attachments.request_id and e.seq = attachments.seq));
