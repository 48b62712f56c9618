-- A record is brought back into a new company: the targets and the person it was made with give way to those of the
-- record. Nothing that any entry names can go by this: foreign keys hold it.
do $$ begin
  execute format('grant delete on targets to %I', app_role());
  execute format('grant delete on people to %I', app_role());
end $$;
