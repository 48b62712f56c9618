-- What was corrected or taken back since is asked for with every page of a timeline.
create index entries_amending on entries (company_id, request_id, seq) where kind in ('corrected', 'undone');
