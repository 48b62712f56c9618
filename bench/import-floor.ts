import { newId } from "../src/platform/id.ts";
import type { Installation } from "./installation.ts";

/**
 * The floor of an import: PostgreSQL alone writes what the import has written once more, for another company, from its
 * own tables, in one transaction and one statement a table. With every index and foreign key, and the commit; without
 * a file, a client, row-level security, and anything that makes a digest.
 */

const order = {
  suppliers: "id",
  people: "id",
  requests: "number",
  entries: "request_id, seq",
  entry_contents: "request_id, seq",
  events: "id",
  request_sources: "request_id",
} as const;

/** @returns seconds; the copy stays, the installation goes at the end */
export async function writeAlone({ asSuperuser }: Installation, companyId: string): Promise<number> {
  const other = newId(new Date());
  const columnsOf = async (table: string): Promise<string[]> => {
    const rows = await asSuperuser<{ name: string }>(
      "select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum",
      [table],
    );
    return rows.map(({ name }) => `"${name}"`);
  };
  const copy = async (table: string, key: string, by: string) => {
    const columns = await columnsOf(table);
    const values = columns.map((column) => (column === `"${key}"` ? `'${other}'::uuid` : column));
    await asSuperuser(
      `insert into ${table} (${columns.join(", ")}) select ${values.join(", ")} from ${table} where ${key} = '${companyId}' order by ${by}`,
    );
  };
  await copy("companies", "id", "id");
  const begun = performance.now();
  await asSuperuser("begin");
  for (const [table, by] of Object.entries(order)) await copy(table, "company_id", by);
  await asSuperuser("commit");
  return (performance.now() - begun) / 1000;
}
