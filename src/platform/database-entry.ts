import { Client, type Pool } from "pg";
import { AppError } from "../errors.ts";
import { checkApplicationRole } from "./postgres.ts";

/** The oldest major version whose SQL this is. */
const oldest = 15;

/**
 * Whether this PostgreSQL and its application's role will do, asked before anything is made there: what migrations
 * grant to a wrong role would have to be given again by hand.
 * @param pool of `appUrl`
 * @param ownerUrl who owns the tables, or will
 * @returns the name of the application's role
 * @throws AppError database_unreachable, database_login_refused, database_missing, database_version,
 *   database_encoding, unsafe_database_role
 */
export async function enterDatabase(pool: Pool, urls: { appUrl: string; ownerUrl: string }): Promise<string> {
  const client = await pool.connect().catch((error: unknown) => {
    throw knownProblem(error, urls.appUrl) ?? unreachable(error, urls.appUrl);
  });
  client.release();
  const owner = placeOf(urls.ownerUrl).user;
  const { rows } = await pool.query<{ role: string; owns: boolean; version: number; encoding: string }>(
    `select current_user as role, getdatabaseencoding() as encoding,
       current_setting('server_version_num')::int / 10000 as version,
       exists (select from pg_roles where rolname = $1 and pg_has_role(current_user, oid, 'member')) as owns`,
    [owner],
  );
  const { role, owns, version, encoding } = rows[0]!;
  if (version < oldest) {
    throw new AppError(
      "database_version",
      `PostgreSQL ${version} runs at ${placeOf(urls.appUrl).where}, and Openbook needs ${oldest} or newer. Nothing was changed.`,
    );
  }
  if (encoding !== "UTF8") {
    throw new AppError(
      "database_encoding",
      `The database at ${placeOf(urls.appUrl).where} is encoded in ${encoding}, and Openbook needs UTF8. Nothing was changed; make one with: create database … encoding 'UTF8' template template0`,
    );
  }
  await checkApplicationRole(pool);
  if (owns) {
    throw new AppError(
      "unsafe_database_role",
      `The database role "${role}" of DATABASE_URL is "${owner}" of MIGRATE_DATABASE_URL, or a member of it, so it would own the tables; one company could see another. Use a plain login role in DATABASE_URL. Nothing was started.`,
    );
  }
  return role;
}

/**
 * Whether the tables that the owner has just brought up to date are there for the application's role: they are given
 * to the role of the day they are made.
 * @throws AppError database_mismatch, database_role_without_rights
 */
export async function checkRights(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ role: string; made: boolean; given: boolean | null }>(
    `select current_user as role, to_regclass('public.migrations') is not null as made,
       has_table_privilege(to_regclass('public.sessions'), 'select') as given`,
  );
  const { role, made, given } = rows[0]!;
  if (!made) {
    throw new AppError(
      "database_mismatch",
      "DATABASE_URL and MIGRATE_DATABASE_URL lead to different databases: what was made in the one is not in the other. Nothing was started.",
    );
  }
  if (!given) {
    throw new AppError(
      "database_role_without_rights",
      `The tables were made for another role than "${role}" of DATABASE_URL. Nothing was started. Let it have the rights of the role of then, as the administrator of PostgreSQL: grant <that role> to ${role}`,
    );
  }
}

/**
 * An error of connecting in words for whom has set the address; any other error as it is.
 * @param url the address, whose password is not told
 */
export function entryProblem(error: unknown, url: string): unknown {
  return knownProblem(error, url) ?? error;
}

function knownProblem(error: unknown, url: string): AppError | undefined {
  const code = String((error as { code?: unknown }).code ?? "");
  const { where, user, database } = placeOf(url);
  const reason = (error as Error).message;
  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  if (code.startsWith("28")) {
    return withCause(
      "database_login_refused",
      `PostgreSQL at ${where} does not let the role "${user}" in: ${reason}. Nothing was started; check the name and the password in the URL (characters such as # and / are written %23 and %2F there), and the server's pg_hba.conf.`,
      error,
    );
  }
  if (code === "3D000") {
    return withCause(
      "database_missing",
      `PostgreSQL at ${where} has no database "${database}". Nothing was started; create it as docs/operating.md says.`,
      error,
    );
  }
  const systemSaid = /^E[A-Z]+(_[A-Z]+)*$/.test(code) && (error as { syscall?: unknown }).syscall !== undefined;
  const serverSaid = /^(08|57P0[1-3]|53300)/.test(code);
  return systemSaid || serverSaid || error instanceof AggregateError ? unreachable(error, url) : undefined;
}

function unreachable(error: unknown, url: string): AppError {
  const all = error instanceof AggregateError ? error.errors : [error];
  const reason = all.map((one: unknown) => (one as Error).message).join("; ");
  return withCause(
    "database_unreachable",
    `PostgreSQL at ${placeOf(url).where} cannot be reached: ${reason}. Nothing was started; check that it runs there and lets this machine in.`,
    error,
  );
}

function withCause(code: string, message: string, cause: unknown): AppError {
  return Object.assign(new AppError(code, message), { cause });
}

/** What `pg` makes of a URL, defaults and environment included. */
function placeOf(url: string): { where: string; user: string; database: string } {
  const { host, port, user, database } = new Client({ connectionString: url });
  return { where: host.startsWith("/") ? host : `${host}:${port}`, user: user ?? "", database: database ?? "" };
}
