import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Client, escapeIdentifier } from "pg";
import { AppError } from "../errors.ts";
import { programOptions } from "./embedded-binaries.ts";
import { clusterName, clusterPlace, type Postmaster, type Site } from "./embedded-postmaster.ts";
import type { ServerUser } from "./embedded-user.ts";

/** Random, 192 bits each; kept in one file that only its owner reads. */
export interface Passwords {
  admin: string;
  owner: string;
  app: string;
}

export const roles = { admin: "postgres", owner: "openbook_owner", app: "openbook_app" } as const;

export const newPasswords = (): Passwords => ({ admin: newPassword(), owner: newPassword(), app: newPassword() });
const newPassword = () => randomBytes(24).toString("base64url");

const passwordFile = (site: Site) => join(site.dataDir, "postgres-passwords.json");

/** @returns undefined when there are none (yet), or the file was cut short */
export function readPasswords(site: Site): Passwords | undefined {
  try {
    const { admin, owner, app } = JSON.parse(readFileSync(passwordFile(site), "utf8")) as Partial<Passwords>;
    return admin && owner && app ? { admin, owner, app } : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError || code === "ENOENT") return undefined;
    throw error;
  }
}

function writePasswords(site: Site, passwords: Passwords): void {
  const fresh = `${passwordFile(site)}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify(passwords)}\n`, { mode: 0o600, flush: true });
  site.claim(fresh);
  renameSync(fresh, passwordFile(site));
  syncFolder(site.dataDir);
}

/**
 * Whether the data directory holds a cluster this version can run.
 * @throws AppError data_directory_version, data_directory_foreign
 */
export function clusterExists(site: Site): boolean {
  const { clusterDir, binaries } = site;
  if (!existsSync(clusterDir)) return false;
  const versionFile = join(clusterDir, "PG_VERSION");
  if (!existsSync(versionFile)) {
    if (readdirSync(clusterDir).length === 0) {
      rmdirSync(clusterDir);
      return false;
    }
    throw new AppError(
      "data_directory_foreign",
      `${clusterDir} holds something that is no PostgreSQL database. Nothing was changed; move it away or choose another data directory.`,
    );
  }
  const version = Number.parseInt(readFileSync(versionFile, "utf8"), 10);
  if (version === binaries.major) return true;
  const way =
    version > binaries.major
      ? "Start the newer version of Openbook that made it."
      : `To move: with the version of Openbook that made it, run "openbook backup"; move ${clusterDir} away; with this version, run "openbook restore" on that backup.`;
  throw new AppError(
    "data_directory_version",
    `${clusterDir} was made by PostgreSQL ${version}, and this Openbook brings PostgreSQL ${binaries.major}. Nothing was changed. ${way}`,
  );
}

const freshPrefix = "postgres.new-";

/** What an end half-way through `createCluster` left. Only under the users' lock. */
export function removeHalfClusters(site: Site): void {
  for (const name of readdirSync(site.dataDir)) {
    if (!name.startsWith(freshPrefix)) continue;
    try {
      rmSync(join(site.dataDir, name), { recursive: true, force: true });
    } catch {
      // An initdb that outlived its caller still writes there; the next start removes the rest.
    }
  }
}

/**
 * Makes the cluster beside its place and renames it when it is complete and on disk: whatever ends this half-way
 * leaves no half cluster. Until then nothing listens, so there is no moment without passwords.
 */
export async function createCluster(site: Site, passwords: Passwords): Promise<void> {
  const fresh = mkdtempSync(join(site.dataDir, freshPrefix));
  try {
    chmodSync(fresh, 0o700);
    if (site.user) giveFolder(fresh, site.user);
    await runProgram(site, fresh, site.binaries.initdb, [
      "--no-sync", // once, below
      "--no-instructions",
      `--username=${roles.admin}`,
      "--auth=reject",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--text-search-config=simple",
    ]);
    writeFileSync(join(fresh, "pg_hba.conf"), accessRules); // keeps the file's owner
    await setPasswords(site, fresh, passwords);
    await runProgram(site, fresh, site.binaries.initdb, ["--sync-only"]);
    writePasswords(site, passwords);
    renameSync(fresh, site.clusterDir);
    syncFolder(site.dataDir);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

function giveFolder(path: string, user: ServerUser): void {
  try {
    chownSync(path, user.uid, user.gid);
  } catch (error) {
    throw new AppError(
      "data_directory_unreachable",
      `As root, PostgreSQL runs as user ${user.name}, and this file system does not let ${path} belong to that user (${(error as Error).message}). Nothing was started. Choose a data directory elsewhere with --data, or start as an ordinary user.`,
    );
  }
}

const accessRules = `# Written by Openbook: everybody needs a password.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`;

/**
 * Creates the roles where they are missing and gives all three their passwords, in single-user mode: nobody can
 * connect meanwhile, and no password is needed, so a lost password file can be made anew.
 */
export async function setPasswords(site: Site, clusterDir: string, passwords: Passwords): Promise<void> {
  const statements = [
    `alter role ${roles.admin} password '${passwords.admin}'`,
    ...roleStatements(roles.owner, passwords.owner),
    ...roleStatements(roles.app, passwords.app),
  ];
  const parameters = { exit_on_error: "on", log_min_error_statement: "panic", cluster_name: clusterName(clusterDir) };
  const args = Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const input = statements.map((statement) => `${statement}\n`).join("");
  await runProgram(site, clusterDir, site.binaries.postgres, ["--single", ...args, roles.admin], input);
}

const roleStatements = (name: string, password: string) => [
  `do $$ begin if not exists (select from pg_roles where rolname = '${name}') then create role ${name}; end if; end $$`,
  `alter role ${name} login nosuperuser nobypassrls nocreaterole nocreatedb noreplication password '${password}'`,
  // Its statements' errors are reported by the application, which knows what may be shown.
  `alter role ${name} set log_min_messages = 'log'`,
];

export async function resetPasswords(site: Site): Promise<Passwords> {
  site.log("the password file of the database was missing; making a new one");
  const passwords = newPasswords();
  await setPasswords(site, site.clusterDir, passwords);
  writePasswords(site, passwords);
  return passwords;
}

async function runProgram(site: Site, clusterDir: string, program: string, args: string[], input = ""): Promise<void> {
  const place = clusterPlace(site, clusterDir);
  const [first, ...rest] = args;
  let child;
  try {
    // PostgreSQL wants --single first; a session of its own, so that Ctrl-C is the application's to handle.
    child = spawn(program, [...(first ? [first] : []), "-D", place.path, ...rest], {
      ...programOptions(site.user),
      stdio: ["pipe", "ignore", "pipe", ...place.descriptors],
      detached: true,
    });
  } finally {
    place.close();
  }
  const ended = new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, by) => resolve(code === 0 ? undefined : `exit status ${code ?? by}`));
  });
  child.stdin?.on("error", () => {}); // it ended early: its exit status tells
  child.stdin?.end(input);
  const said = child.stderr ? await text(child.stderr) : "";
  const failure = await ended;
  if (failure === undefined) return;
  throw new AppError(
    "database_start_failed",
    `PostgreSQL's ${program} failed (${failure}): ${said.trim().split("\n").slice(-4).join("\n")}. The data directory ${site.dataDir} was left as it was.`,
  );
}

/** A rename or a new file survives a power cut only when its folder was written too. Windows cannot, and need not. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** A connection string that `pg` and libpq understand; with a socket, the host is only a placeholder. */
export function connectionString(
  postmaster: Postmaster,
  role: keyof typeof roles,
  passwords: Passwords,
  database: string,
): string {
  const { host, port } = postmaster;
  const who = `${roles[role]}:${passwords[role]}`;
  const name = encodeURIComponent(database);
  if (!host.startsWith("/")) return `postgres://${who}@${host}:${port}/${name}`;
  return `postgres://${who}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`;
}

/**
 * Proves that the server answers with our password, and that the database exists and belongs to the owner's role.
 * @throws AppError database_password_refused
 */
export async function ensureDatabase(postmaster: Postmaster, passwords: Passwords, database: string): Promise<void> {
  const urlOf = (name: string) => connectionString(postmaster, "admin", passwords, name);
  const missing = "3D000";
  const exists = await withClient(urlOf(database), ownSchema).catch((error: { code?: string }) => {
    if (error.code === missing) return false;
    throw error;
  });
  if (exists) return;
  await withClient(urlOf("postgres"), async (client) => {
    await client.query(`create database ${escapeIdentifier(database)} owner ${roles.owner}`);
  });
  await withClient(urlOf(database), ownSchema);
}

async function ownSchema(client: Client): Promise<true> {
  const { rows } = await client.query<{ owner: string }>(
    "select nspowner::regrole::text as owner from pg_namespace where nspname = 'public'",
  );
  if (rows[0] && rows[0].owner !== roles.owner) await client.query(`alter schema public owner to ${roles.owner}`);
  return true;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: "embedded",
  });
  client.on("error", () => {}); // a lost connection also fails the query, which reports it
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    if ((error as { code?: string }).code !== "28P01") throw error;
    throw new AppError(
      "database_password_refused",
      "The embedded PostgreSQL refuses the password in postgres-passwords.json. Nothing was changed. Stop everything that uses this data directory and delete that file; the next start makes a new one.",
    );
  } finally {
    await client.end().catch(() => {});
  }
}
