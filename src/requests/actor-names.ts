/**
 * Who recorded an entry, in words: the one place where the key of a header (`person:…`, `import:…`, `operator:…`) becomes
 * a name, for the timeline, the API and the export.
 */

/** SQL: the name of a person's or an import's key in `entries e`; null: neither, or not in this record. */
export const actorName = `case
    when e.actor ^@ 'person:' then (
      select p.name from people p where p.company_id = e.company_id and p.id = substr(e.actor, 8)::uuid)
    when e.actor ^@ 'import:' then coalesce((
      select 'Imported from ' || i.file_name || ' by ' || i.created_by
      from imports i where i.company_id = e.company_id and i.id = substr(e.actor, 8)::uuid), 'Imported from a spreadsheet')
  end`;
