import { findOrAddAccount } from "../accounts/accounts.ts";
import { emailKey } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { quoted, readCatalogue, type CatalogueTable } from "../platform/catalogue.ts";
import { FilePlacing } from "../platform/files-placing.ts";
import { readMigrations } from "../platform/migrate.ts";
import { openOwnerSession, type OwnerSession } from "../platform/owner-session.ts";
import { unreadable } from "./archive.ts";
import { checkAllChains, checkFiles } from "./check.ts";
import { FrameReader } from "./frame-reader.ts";
import { loadTables, readRest } from "./load.ts";
import type { Manifest } from "./notes.ts";
import {
  chainsBroken,
  hold,
  readable,
  reportOf,
  type RestoreInput,
  type RestoreReport,
  type Target,
} from "./restore.ts";
import { accountsTable, companyColumn, isKept } from "./tables.ts";
import { checkShapes } from "./target.ts";

export interface CompanyRestoreInput extends RestoreInput {
  /** Accounts that are here already are the same people's as those with the same address in the backup. */
  matchAccounts?: boolean | undefined;
}

export interface CompanyRestoreReport extends RestoreReport {
  accounts: {
    /** Addresses whose accounts were here: they are members with the password they have here. */
    matched: string[];
    /** Addresses that got an account without a password. */
    made: string[];
  };
}

/**
 * Brings one company into an installation that has others and goes on working: rows go in under row-level security, as
 * that company and no other. One transaction, all or nothing.
 * @throws AppError as `restoreBackup`, and company_exists, company_version_differs, accounts_to_confirm, file_exists
 */
export async function restoreCompany(target: Target, input: CompanyRestoreInput): Promise<CompanyRestoreReport> {
  const reader = await FrameReader.open(input.path, input.passphrase);
  try {
    const company = reader.manifest.company;
    if (!company) throw new TypeError("not the backup of one company");
    await requireSameVersion(reader.manifest, input);
    const session = await openOwnerSession(target.ownerUrl, "openbook restore");
    const placing = target.files && new FilePlacing(target.files, false);
    try {
      await session.query(`begin; set local app.company_id = '${company.id}'; set local app.both_sides = 'on'`);
      const report = await bringIn({ target, input, reader, session, placing, company });
      await placing?.settle();
      await session.query("commit");
      return report;
    } catch (error) {
      await placing?.undo();
      throw readable(error);
    } finally {
      await session.close();
    }
  } finally {
    await reader.close();
  }
}

/** Its rows fit the tables here only where both were brought up to the same migration. */
async function requireSameVersion({ migrations, openbook }: Manifest, input: RestoreInput): Promise<void> {
  const own = input.migrations ?? (await readMigrations());
  const here = own.map(({ name, digest }) => `${name} ${digest}`).toSorted();
  const there = migrations.map(({ name, digest }) => `${name} ${digest}`).toSorted();
  if (here.join() === there.join()) return;
  throw new AppError(
    "company_version_differs",
    `The company's backup was made by another version of Openbook (${openbook}). Nothing was changed. Bring both installations to the same version and make it again; or restore it into an empty data directory with this version, and back the company up from there.`,
  );
}

interface Work {
  target: Target;
  input: CompanyRestoreInput;
  reader: FrameReader;
  session: OwnerSession;
  placing: FilePlacing | undefined;
  company: { id: string; name: string };
}

async function bringIn({ target, input, reader, session, placing, company }: Work): Promise<CompanyRestoreReport> {
  const { now, log } = target;
  const { signal } = input;
  const { manifest } = reader;
  if ((await session.query("select from companies")).length > 0) {
    throw new AppError(
      "company_exists",
      `The company ${company.id} is on this installation already. Nothing was changed.`,
    );
  }
  const catalogue = (await readCatalogue(session)).filter(isKept);
  checkShapes(manifest, catalogue);
  const tables = manifest.tables.map(({ name }) => name);
  for (const name of tables) {
    await session.query(`create temp table ${incoming(name)} on commit drop as table ${quoted(name)} with no data`);
  }
  const rows = await loadTables(
    session,
    reader,
    ({ name, list }) => `copy ${incoming(name)} (${list}) from stdin`,
    signal,
  );
  const rest = await readRest(reader, rows, placing, signal);
  if (rest.jobs.some(({ data }) => (data as { companyId?: unknown }).companyId !== company.id)) throw unreadable();
  const accounts = await matchAccounts(session, catalogue, { now, confirmed: input.matchAccounts === true });
  await session.query(insertAll(manifest));
  const chains = await checkAllChains(session, [company], { now, log, signal });
  if (chains.brokenChains > 0 && !input.evenBroken) throw chainsBroken(chains);
  await session.query(`set local app.company_id = '${company.id}'`);
  const files = await checkFiles(session, rest.files, company.id);
  await hold(session, manifest, rest.jobs, now);
  return { ...reportOf(manifest, { rows, rest, migrated: [], checked: { ...chains, ...files } }), accounts };
}

const incoming = (table: string) => quoted(`incoming_${table}`);

/**
 * Whoever has an account here under the same address becomes a member with it; all others get one without a password.
 * An address here may have been given to anybody by whoever manages another company, so somebody has to say that these
 * are the same people.
 */
async function matchAccounts(
  session: OwnerSession,
  catalogue: readonly CatalogueTable[],
  { now, confirmed }: { now: Date; confirmed: boolean },
): Promise<CompanyRestoreReport["accounts"]> {
  const coming = await session.query<{ id: string; email: string; name: string; member: boolean }>(
    `select id, email, name, exists (select from ${incoming("members")} m where m.account_id = i.id and m.ended_at is null)
       as member
     from ${incoming(accountsTable)} i order by email`,
  );
  // Not by the key that the backup says: it may have been made by anybody.
  const keys = coming.map(({ email }) => emailKey(email));
  const known = await session.query<{ key: string }>(
    "select email_key as key from accounts where email_key = any($1::text[])",
    [keys],
  );
  const here = new Set(known.map(({ key }) => key));
  const matched = coming.filter(({ email, member }) => member && here.has(emailKey(email))).map(({ email }) => email);
  if (matched.length > 0 && !confirmed) {
    throw new AppError(
      "accounts_to_confirm",
      `These members of the company have accounts here already: ${matched.join(", ")}. Nothing was changed. Whoever signs in with them here would be a member, with the same role. If they are the same people, say --match-accounts.`,
    );
  }
  const ids: Record<string, string> = {};
  for (const { id, email, name } of coming) {
    ids[id] = (await findOrAddAccount({ db: session.tx, now }, { email, name })).id;
  }
  for (const { name, columns } of catalogue) {
    if (!companyColumn({ name, columns }) || !columns.some((column) => column.name === "account_id")) continue;
    const [strange] = await session.query(
      `select from ${incoming(name)} where account_id is not null and not $1::jsonb ? account_id::text limit 1`,
      [JSON.stringify(ids)],
    );
    if (strange) throw unreadable();
    await session.query(
      `update ${incoming(name)} set account_id = ($1::jsonb ->> account_id::text)::uuid where account_id is not null`,
      [JSON.stringify(ids)],
    );
  }
  return { matched, made: coming.map(({ email }) => email).filter((email) => !here.has(emailKey(email))) };
}

/** One statement, so that it does not matter which table refers to which: foreign keys are looked at when it ends. */
function insertAll(manifest: Manifest): string {
  const own = manifest.tables.filter(({ name }) => name !== accountsTable);
  const inserts = own.map(({ name, columns }) => {
    const list = columns.map((column) => quoted(column.name)).join(", ");
    return `${quoted(`into_${name}`)} as (insert into ${quoted(name)} (${list}) select ${list} from ${incoming(name)})`;
  });
  return `with ${inserts.join(",\n")} select`;
}
