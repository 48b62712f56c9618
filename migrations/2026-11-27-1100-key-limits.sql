-- What a key may do beyond reading and writing: `permissions` of the roles table (null: all that its member may), one
-- supplier's side (null: its member's own), and never more than who made it may at the time of the call.
alter table api_keys
  add column permissions text[] check (cardinality(permissions) > 0),
  add column supplier_id uuid,
  add column made_by uuid,
  add column made_by_key uuid,
  add column last_used_at timestamptz,
  add foreign key (company_id, supplier_id) references suppliers (company_id, id),
  add foreign key (company_id, made_by) references members (company_id, id),
  add foreign key (company_id, made_by_key) references api_keys (company_id, id);

-- Who made a key was written down with the change; where it was not, the operator made it.
update api_keys k set made_by = a.member_id
  from audit_entries a
  where a.company_id = k.company_id and a.subject_id = k.id and a.type = 'key.created' and a.member_id is not null;
