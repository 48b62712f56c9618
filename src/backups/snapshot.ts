import { z } from "zod";
import type { Clock } from "../context.ts";
import { AppError } from "../errors.ts";
import { quoted, readCatalogue, readingPolicies, type CatalogueTable } from "../platform/catalogue.ts";
import { migrationLock } from "../platform/migrate.ts";
import { openOwnerSession, type OwnerSession } from "../platform/owner-session.ts";
import { companyColumn, isKept } from "./tables.ts";

/** One moment of an installation, or of one company in it, as the owner's connection sees it. */
export interface Snapshot {
  session: OwnerSession;
  /** null: all companies. */
  company: { id: string; name: string } | null;
  tables: CatalogueTable[];
  /** What was committed before is in it. */
  madeAt: Date;
  postgres: string;
  companies: number;
}

/**
 * Opens a snapshot beside whatever runs: nobody waits for it but a migration, and it waits for nobody but that.
 * @param companyId undefined: everything
 * @throws AppError company_not_found, backup_incomplete: row-level security would hide rows from the backup
 */
export async function openSnapshot(ownerUrl: string, companyId: string | undefined, clock: Clock): Promise<Snapshot> {
  if (companyId !== undefined && !z.uuid().safeParse(companyId).success) throw noCompany(companyId);
  const session = await openOwnerSession(ownerUrl);
  try {
    return await begin(session, companyId, clock);
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function begin(session: OwnerSession, companyId: string | undefined, clock: Clock): Promise<Snapshot> {
  // The catalogue is read before the snapshot: no migration may come between.
  await session.query("select pg_advisory_lock_shared($1)", [migrationLock]);
  const all = await readCatalogue(session);
  const tables = all.filter((table) => isKept(table) && (companyId === undefined || companyColumn(table)));
  const names = tables.map(({ name }) => quoted(name)).join(", ");
  const setting = companyId === undefined ? "app.whole_installation = 'on'" : `app.company_id = '${companyId}'`;
  const both = "set local app.both_sides = 'on'";
  await session.query(`begin isolation level repeatable read read only; set local ${setting}; ${both}`);
  await session.query(`lock table ${names} in access share mode`);
  // What was committed before this moment is in the snapshot, which the next statement takes.
  const madeAt = clock();
  const [server] = await session.query<{ postgres: string }>(
    "select current_setting('server_version') as postgres, pg_advisory_unlock_shared($1)",
    [migrationLock],
  );
  if (companyId === undefined) await requireAllVisible(session, tables);
  const companies = await session.query<{ id: string; name: string }>("select id, name from companies order by id");
  if (companyId !== undefined && companies.length !== 1) {
    throw noCompany(companyId);
  }
  const company = companyId === undefined ? null : companies[0]!;
  return { session, company, tables, madeAt, postgres: server!.postgres, companies: companies.length };
}

function noCompany(id: string): AppError {
  return new AppError("company_not_found", `There is no company ${id} on this installation. Nothing was written.`);
}

const reading = "(( SELECT current_setting('app.whole_installation'::text, true) AS current_setting) = 'on'::text)";
/** Of a restrictive policy, what lets everybody through who is not one of a supplier's people: alone, or with more. */
const passing = "(NULLIF(current_setting('app.supplier_id'::text, true), ''::text) IS NULL)";
/** Of one that keeps a supplier's own notes from the company, what lets a backup through, which says that it sees both. */
const passingBoth = "(current_setting('app.both_sides'::text, true) = 'on'::text)";
const letsOthersThrough = (using: string | null) =>
  using === passing || [passing, passingBoth].some((first) => using?.startsWith(`(${first} OR `));

/** By the catalogue, not by the rows: those that a policy hides are nowhere to be counted. */
async function requireAllVisible(session: OwnerSession, tables: readonly CatalogueTable[]): Promise<void> {
  const policies = await readingPolicies(session);
  const hidden = tables.filter(({ name, walled }) => {
    if (!walled) return false;
    const own = policies.filter(({ table }) => table === name);
    const opened = own.some(({ permissive, using }) => permissive && using === reading);
    return !opened || own.some(({ permissive, using }) => !permissive && !letsOthersThrough(using));
  });
  if (hidden.length === 0) return;
  throw new AppError(
    "backup_incomplete",
    `Row-level security would hide rows of ${hidden.map(({ name }) => name).join(", ")} from the backup. Nothing was written; this is a mistake in Openbook, please report it.`,
  );
}
