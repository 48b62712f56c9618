-- In which transaction an event was written: events are read from a snapshot on (docs/decisions/0030), so that one
-- whose transaction ends late is never skipped. Rows from before this, or from a backup of another server, carry a
-- number that says nothing; readers pass over them by their age.
alter table events add column xid xid8 not null default pg_current_xact_id();
create index events_xid on events (company_id, xid);
