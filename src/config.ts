import { resolve } from "node:path";
import { AppError } from "./errors.ts";

/** Everything the environment and the command line decide; read here and nowhere else. */
export interface Config {
  dataDir: string;
  /** The file with the key under which secrets are kept in the database. */
  secretsKeyFile: string;
  host: string;
  port: number;
  /** Where people reach the installation, e.g. https://openbook.example.com; undefined: the loopback address. */
  publicUrl: string | undefined;
  /** The application's role on an external PostgreSQL; undefined: the embedded server in the data directory. */
  databaseUrl: string | undefined;
  /** The owner's role, for migrations. */
  migrateDatabaseUrl: string | undefined;
  /** Folder with real files for tests; undefined: those tests are skipped. */
  realData: string | undefined;
  poolSize: number;
  /** Proxies in front of the server that say for whom they ask: addresses and networks. */
  trustedProxies: string[];
  /** What the attachments of one company may take together, in bytes; undefined: as much as the product allows. */
  companyBytes: number | undefined;
  backup: BackupConfig;
}

export interface BackupConfig {
  /** Where scheduled backups go; undefined: none is scheduled. */
  dir: string | undefined;
  /** The file with the passphrase. */
  passphraseFile: string | undefined;
  /** The passphrase itself, by environment only. */
  passphrase: string | undefined;
  /** The hour of the day, by the clock of this machine's time zone. */
  hour: number;
  timeZone: string;
  /** How many of the latest days, weeks and months keep theirs. */
  keep: { daily: number; weekly: number; monthly: number };
  /** How often one is restored for trial. */
  prove: "each" | "weekly";
}

export interface Flags {
  data?: string | undefined;
  host?: string | undefined;
  port?: string | undefined;
  publicUrl?: string | undefined;
  trustedProxy?: string | undefined;
  companyFiles?: string | undefined;
  passphraseFile?: string | undefined;
  backupDir?: string | undefined;
  backupHour?: string | undefined;
  backupKeep?: string | undefined;
  backupProve?: string | undefined;
}

/**
 * @throws AppError invalid_configuration when a value cannot be used: nothing was started.
 */
export function readConfig(flags: Flags = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const databaseUrl = databaseUrlOf("DATABASE_URL", env.DATABASE_URL);
  const migrateDatabaseUrl = databaseUrlOf("MIGRATE_DATABASE_URL", env.MIGRATE_DATABASE_URL);
  if (!databaseUrl !== !migrateDatabaseUrl) {
    const [set, unset] = databaseUrl
      ? ["DATABASE_URL", "MIGRATE_DATABASE_URL"]
      : ["MIGRATE_DATABASE_URL", "DATABASE_URL"];
    throw new AppError(
      "invalid_configuration",
      `${set} is set, ${unset} is not. Set both: DATABASE_URL with the application's role, MIGRATE_DATABASE_URL with the role that owns the tables. Nothing was started.`,
    );
  }
  const dataDir = resolve(flags.data ?? env.OPENBOOK_DATA ?? "data");
  return {
    dataDir,
    secretsKeyFile: resolve(env.OPENBOOK_SECRETS_KEY_FILE || `${dataDir}/secrets.key`),
    host: flags.host ?? env.HOST ?? "127.0.0.1",
    port: portOf(flags.port ?? env.PORT ?? "4320"),
    publicUrl: publicUrlOf(flags.publicUrl ?? env.PUBLIC_URL),
    databaseUrl,
    migrateDatabaseUrl,
    realData: env.OPENBOOK_REAL_DATA || undefined,
    poolSize: 10,
    trustedProxies: (flags.trustedProxy ?? env.TRUSTED_PROXY ?? "").split(/[\s,]+/).filter(Boolean),
    companyBytes: gigabytesOf(flags.companyFiles ?? (env.OPENBOOK_COMPANY_FILES || undefined)),
    backup: backupOf(flags, env),
  };
}

/**
 * Whether a server may be started so: passwords and sessions go over a network only under https. Plain http is for this
 * machine. @throws AppError invalid_configuration
 */
export function checkReachable({ host, publicUrl }: Pick<Config, "host" | "publicUrl">): void {
  if (publicUrl?.startsWith("http:") && !isLoopback(new URL(publicUrl).hostname)) {
    throw invalid(
      `${publicUrl} would send passwords over the network where others can read them. Put a reverse proxy with https in front (samples are in deploy/) and say its address, https://….`,
    );
  }
  if (!publicUrl && !isLoopback(host)) {
    throw invalid(
      `--host ${host} lets others in over plain http. Say with --public-url under which https address people reach the reverse proxy in front (samples are in deploy/).`,
    );
  }
}

/** Whether a host, as in a URL or as an address to listen on, is this machine itself. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return name === "::1" || /^127(\.\d{1,3}){3}$/.test(name) || /(^|\.)localhost$/.test(name);
}

function backupOf(flags: Flags, env: NodeJS.ProcessEnv): BackupConfig {
  const dir = flags.backupDir ?? (env.OPENBOOK_BACKUP_DIR || undefined);
  const passphraseFile = flags.passphraseFile ?? (env.OPENBOOK_BACKUP_PASSPHRASE_FILE || undefined);
  const passphrase = env.OPENBOOK_BACKUP_PASSPHRASE || undefined;
  return {
    dir: dir && resolve(dir),
    passphraseFile: passphraseFile && resolve(passphraseFile),
    passphrase,
    hour: hourOf(flags.backupHour ?? (env.OPENBOOK_BACKUP_HOUR || "2")),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    keep: keepOf(flags.backupKeep ?? (env.OPENBOOK_BACKUP_KEEP || "7,5,12")),
    prove: proveOf(flags.backupProve ?? (env.OPENBOOK_BACKUP_PROVE || "each")),
  };
}

function gigabytesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}(\.\d{1,3})?$/.test(text)) return Math.round(Number(text) * 1024 ** 3);
  throw invalid(`"${text}" is not a number of gigabytes for the files of one company.`);
}

function hourOf(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) < 24) return Number(text);
  throw invalid(`"${text}" is not an hour of the day (0 to 23).`);
}

function keepOf(text: string): BackupConfig["keep"] {
  const [daily, weekly, monthly] = /^(\d{1,4}),(\d{1,4}),(\d{1,4})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (daily !== undefined && weekly !== undefined && monthly !== undefined && daily + weekly + monthly > 0) {
    return { daily, weekly, monthly };
  }
  throw invalid(`"${text}" does not say how many daily, weekly and monthly backups are kept, such as 7,5,12.`);
}

function proveOf(text: string): BackupConfig["prove"] {
  if (text === "each" || text === "weekly") return text;
  throw invalid(`"${text}" does not say how often a backup is restored for trial: each or weekly.`);
}

function invalid(what: string): AppError {
  return new AppError("invalid_configuration", `${what} Nothing was started.`);
}

function databaseUrlOf(name: string, text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return text;
  throw new AppError(
    "invalid_configuration",
    `${name} is not a URL such as postgres://role:password@db.example.com/openbook; characters such as # and / in the password are written %23 and %2F. Nothing was started.`,
  );
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new AppError("invalid_configuration", `"${text}" is not a port (0 to 65535). Nothing was started.`);
  }
  return port;
}

function publicUrlOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.pathname !== "/") {
    throw new AppError(
      "invalid_configuration",
      `"${text}" is not a public URL such as https://openbook.example.com. Nothing was started.`,
    );
  }
  return url.origin;
}
