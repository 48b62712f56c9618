import { resolve } from "node:path";
import { AppError } from "./errors.ts";

/** Everything the environment and the command line decide; read here and nowhere else. */
export interface Config {
  dataDir: string;
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
}

export interface Flags {
  data?: string | undefined;
  host?: string | undefined;
  port?: string | undefined;
  publicUrl?: string | undefined;
}

/**
 * @throws AppError invalid_configuration when a value cannot be used: nothing was started.
 */
export function readConfig(flags: Flags = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const databaseUrl = env.DATABASE_URL || undefined;
  const migrateDatabaseUrl = env.MIGRATE_DATABASE_URL || undefined;
  if (databaseUrl && !migrateDatabaseUrl) {
    throw new AppError(
      "invalid_configuration",
      "DATABASE_URL is set, MIGRATE_DATABASE_URL is not. Set both: the application's role, and the role that owns the tables. Nothing was started.",
    );
  }
  return {
    dataDir: resolve(flags.data ?? env.OPENBOOK_DATA ?? "data"),
    host: flags.host ?? env.HOST ?? "127.0.0.1",
    port: portOf(flags.port ?? env.PORT ?? "4320"),
    publicUrl: publicUrlOf(flags.publicUrl ?? env.PUBLIC_URL),
    databaseUrl,
    migrateDatabaseUrl,
    realData: env.OPENBOOK_REAL_DATA || undefined,
    poolSize: 10,
  };
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
