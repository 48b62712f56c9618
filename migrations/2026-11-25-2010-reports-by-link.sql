-- How many reports came by each link, and when the last one did.
create index reports_by_link on reports (company_id, link_id, created_at);
