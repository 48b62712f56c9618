-- What the rows of a spreadsheet are: requests, or one of the company's lists. The words are those of imports/contract.ts.
alter table imports add column subject text not null default 'requests';
