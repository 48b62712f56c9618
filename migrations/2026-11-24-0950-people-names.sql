-- A PostgreSQL of one's own may sort by the rules of a language. `^@` (people by the beginning of their name) finds
-- nothing in an index sorted so, and reads the whole company instead; by code point it does, on every server alike.
alter table people alter column name_key type text collate "C";
