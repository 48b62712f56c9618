-- What ties a request to another is asked for with every page of a request; it is a handful of its entries.
create index entries_tying on entries (company_id, request_id, seq)
  where kind in ('linked', 'merged_into', 'merged_from', 'split_into');
