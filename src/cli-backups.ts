import { join } from "node:path";
import { makeBackup, placeOf, readPassphrase, type BackupReport } from "./backups/backups.ts";
import type { Command, Result } from "./cli-commands.ts";
import { readConfig, type Config, type Flags } from "./config.ts";
import { AppError } from "./errors.ts";
import { openPlatform } from "./main.ts";
import { openFiles, type Files } from "./platform/files.ts";
import { createLog } from "./platform/log.ts";

/** The operator's commands for backups. */

type GivenFlags = Record<string, string | boolean | undefined>;

const log = { ...createLog(), info: () => {} };

function configOf(flags: GivenFlags): Config {
  return readConfig({ ...(flags as Flags), passphraseFile: flags["passphrase-file"] as string | undefined });
}

const passphraseOf = ({ backup }: Config, use: "make" | "open") =>
  readPassphrase({ file: backup.passphraseFile, value: backup.passphrase }, use, log);

const filesOf = ({ dataDir }: Config): Files => openFiles(join(dataDir, "files"));

/** Ctrl-C and SIGTERM end the work in order, so that what was half written goes. */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const end = () => controller.abort(new AppError("interrupted", "Interrupted. Nothing was kept of it."));
  process.once("SIGINT", end).once("SIGTERM", end);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
  }
}

async function backup(flags: GivenFlags, [named]: string[]): Promise<Result> {
  const config = configOf(flags);
  const passphrase = await passphraseOf(config, "make");
  const companyId = flags["company"] as string | undefined;
  return interruptible(async (signal) => {
    const platform = await openPlatform(config, "command", log);
    try {
      const path = await placeOf(named!, platform.clock(), companyId);
      const source = { ownerUrl: platform.ownerUrl, files: filesOf(config) };
      return resultOf(await makeBackup(source, { path, passphrase, companyId, signal }));
    } finally {
      await platform.close();
    }
  });
}

function resultOf(report: BackupReport): Result {
  const { path, bytes, companies, rows, files, jobs, missing, damaged } = report;
  const count = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
  const what = [count(companies, "company", "companies"), count(rows, "row"), count(files, "file")].join(", ");
  const faults = [
    ...missing.map(({ key, table }) => `  file ${key} of ${table} is not on the disk`),
    ...damaged.map(({ key, table }) => `  file ${key} of ${table} is damaged on the disk; it was taken as it is`),
  ];
  return {
    json: { ...report, madeAt: report.madeAt.toISOString() },
    text: [
      `${path}`,
      `${what}${jobs > 0 ? `, ${count(jobs, "unfinished job")}` : ""}; ${(bytes / 1e6).toFixed(1)} MB, as of ${report.madeAt.toISOString()}.`,
      ...faults,
    ].join("\n"),
  };
}

const passphraseOption = { "passphrase-file": { type: "string" } } as const;

export const backupCommands: Command[] = [
  {
    name: "backup",
    summary: "Write everything, or one company, into one encrypted file (in a folder: a dated one)",
    positionals: ["FILE|DIR"],
    options: { company: { type: "string" }, ...passphraseOption },
    hints: { company: "id", "passphrase-file": "file" },
    run: backup,
  },
];
