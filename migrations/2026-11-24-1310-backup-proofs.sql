-- What a trial restore found in a ledger that is not as it was recorded: the backup is good, the record is not.
alter table backup_runs add column broken_chain_count integer;
