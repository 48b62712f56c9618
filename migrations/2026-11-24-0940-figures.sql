-- Figures count the requests reported in a period. What they count lies in the index itself, so that a company's year
-- is read from neighbouring pages and not from all over the table, whoever else writes in between: the list's own
-- index carries it, one more would cost every new request. None of these columns changes without one that is indexed
-- already (state, promise), so no update becomes dearer by it than it was.
drop index requests_reported;
create index requests_reported on requests (company_id, reported_at, id) include (
  supplier_id, state, outcome, promise_party, promise_due_at, reopen_count,
  response_minutes, response_elapsed_minutes, response_target_minutes,
  resolution_minutes, resolution_gross_minutes, resolution_elapsed_minutes, resolution_target_minutes);

-- A time is known with all its measures or with none: one n stands for all of them, and the list finds the same rows.
alter table requests
  add constraint requests_response_measured
    check (num_nulls(first_response_at, response_minutes, response_elapsed_minutes) in (0, 3)),
  add constraint requests_resolution_measured
    check (num_nulls(resolved_at, resolution_minutes, resolution_gross_minutes, resolution_elapsed_minutes) in (0, 4));

-- Only what vacuum has marked as visible to all is read from an index alone: a large table must not wait for a fifth
-- of it to change.
alter table requests set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
