import type { CatalogueTable } from "../platform/catalogue.ts";

/** Rows that no backup takes along, each with the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  sessions: "whoever was signed out since, or is a thief of the file, would be signed in to the restored copy",
  tokens: "a one-time link that was used since the backup would be good a second time",
  throttles: "counts of the last quarter of an hour",
  migrations: "written by the migrator; which ones there were stands in the manifest",
  backup_runs: "what became of the backups of one installation, on its own disks",
  outbox_holds: "a restored copy gets one of its own",
  held_jobs: "go along as unfinished jobs",
};

/** What the backup of one company has beside the company's own tables. */
export const accountsTable = "accounts";

export const isKept = ({ name }: CatalogueTable) => !Object.hasOwn(leftOut, name);

/** By which column the rows of a company are found; undefined: the table is no company's. */
export function companyColumn(table: Pick<CatalogueTable, "name" | "columns">): "id" | "company_id" | undefined {
  if (table.name === "companies") return "id";
  return table.columns.some(({ name }) => name === "company_id") ? "company_id" : undefined;
}

export interface FileColumn {
  table: string;
  /** SQL for the key under which the file is kept; null or '': there is none. */
  key: string;
  /** SQL for the SHA-256 it had when it came, where the table knows it. */
  digest: string | undefined;
  /** Whether a backup takes the file along; false: what can be made again. */
  kept: boolean;
}

/** Keys of files that lie elsewhere than in a column `file_key` or `…_file_key`. */
const furtherKeys: Readonly<Record<string, { key: string; kept: boolean }>> = {
  imports: { key: "preview ->> 'refusedKey'", kept: true },
  // Whole records that can be asked for anew, and as large as all the rest together.
  exports: { key: "stored_key", kept: false },
};
const digests = ["sha256", "file_digest"];

/**
 * Wherever rows name files: every column called `file_key` or `…_file_key`, and what is listed above. A file that none
 * of them names is removed after a while (src/files), so a place that is missing here loses people's files:
 * src/files/sweep.test.ts looks at every column there is.
 */
export function fileColumns(tables: readonly Pick<CatalogueTable, "name" | "columns">[]): FileColumn[] {
  return tables.flatMap(({ name: table, columns }) => {
    const names = columns.map(({ name }) => name);
    const digest = digests.find((column) => names.includes(column));
    const named = names
      .filter((name) => /(^|_)file_key$/.test(name))
      .map((key) => ({ table, key, digest: key === "file_key" ? digest : undefined, kept: true }));
    const further = furtherKeys[table];
    return further ? [...named, { table, ...further, digest: undefined }] : named;
  });
}
