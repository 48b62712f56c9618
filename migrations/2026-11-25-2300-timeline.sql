-- A long timeline is read from either end, a page at a time, in the order things happened. Without it every entry of the
-- request is fetched and sorted for each page.
create index entries_happened on entries (company_id, request_id, happened_at, seq);
