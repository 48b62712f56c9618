-- Minutes that were worked on a request, as its work logs (entries of kind `worked`) add up.
alter table requests add worked_minutes integer not null default 0;
alter table request_versions add worked_minutes integer not null default 0;
