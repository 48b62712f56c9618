-- The words of a company's requests, for full-text search. Under row-level security only leakproof operators use an
-- index and `@@` is none, so this table stands outside it: no readable text, ids and words alone, and what is found is
-- joined to the protected tables before anybody sees it. No foreign key: a check per row would cost more than the row.
create table search_terms (
  company_id uuid not null,
  request_id uuid not null,
  -- Whose view these are the words of: the company's own id, or that of the supplier whose people they are for. A
  -- supplier's row has no word of the company's notes, nor of what other suppliers wrote.
  audience uuid not null,
  -- A long timeline has several: a tsvector holds 1 MB.
  part integer not null,
  -- The last entry whose words are here.
  head_seq integer not null,
  bytes integer not null,
  -- The configuration by which its words were stemmed; where it is another than the company's now, they are made anew.
  language text not null,
  tsv tsvector not null,
  primary key (company_id, request_id, audience, part)
);
-- Every tsvector begins with one word that stands for company and audience: the index has it beside the words, which
-- is what GIN (company_id, tsv) would do with an extension that not every server has.
create index search_terms_words on search_terms using gin (tsv) with (gin_pending_list_limit = 512);

-- Companies whose words are still to be gathered: after an import, after a change of language, and all of them now.
create table search_fills (
  company_id uuid primary key
);
insert into search_fills (company_id) select id from companies;

do $$ begin
  execute format('grant select, insert, update, delete on search_terms to %I', app_role());
  execute format('grant select, insert, update, delete on search_fills to %I', app_role());
end $$;
