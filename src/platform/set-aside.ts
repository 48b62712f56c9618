import { quoted } from "./catalogue.ts";
import type { OwnerSession } from "./owner-session.ts";

type Session = Pick<OwnerSession, "query">;

interface Constraint {
  table: string;
  name: string;
  /** p: primary key, u: unique, x: exclusion, f: foreign key */
  type: "p" | "u" | "x" | "f";
  definition: string;
}

/**
 * Takes indexes, keys and foreign keys off all tables, to be made again when these are full: an index made of all its
 * rows at once, and a foreign key checked by one join, cost a fraction of what each row by itself would. In the
 * transaction that is open, so that nobody sees the tables without.
 * @returns makes all of them again, exactly as they were, and so checks every row. It throws what a row breaks.
 */
export async function setIndexesAside(session: Session): Promise<() => Promise<void>> {
  const constraints = await session.query<Constraint & Record<string, unknown>>(
    `select conrelid::regclass::text as table, conname as name, contype::text as type,
       pg_get_constraintdef(oid) as definition
     from pg_constraint
     where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'x', 'f') and conparentid = 0
     order by contype = 'f' desc, conrelid, conname`,
  );
  const indexes = await session.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'public'::regnamespace and not c.relispartition
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
     order by 1`,
  );
  for (const { table, name } of constraints)
    await session.query(`alter table ${table} drop constraint ${quoted(name)}`);
  for (const { name } of indexes) await session.query(`drop index ${name}`);
  const add = ({ table, name, definition }: Constraint) =>
    session.query(`alter table ${table} add constraint ${quoted(name)} ${definition}`);
  return async () => {
    await session.query("set local maintenance_work_mem = '128MB'");
    for (const constraint of constraints) if (constraint.type !== "f") await add(constraint);
    for (const { definition } of indexes) await session.query(definition);
    for (const constraint of constraints) if (constraint.type === "f") await add(constraint);
  };
}
