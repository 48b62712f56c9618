import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makePasswordLink } from "./accounts/accounts.ts";
import {
  backupStatus,
  describeBackup,
  hasAccounts,
  makeBackup,
  placeOf,
  proveBackup,
  readPassphrase,
  recordMade,
  releaseOutbox,
  restoreBackup,
  restoreCompany,
  runScheduled,
  type CompanyRestoreInput,
  type RestoreInput,
} from "./backups/backups.ts";
import type { Command, Result } from "./cli-commands.ts";
import { count, heldWords, madeResult, proofResult, restoredLines, statusResult } from "./cli-backup-words.ts";
import { configOf, quietLog as log, type GivenFlags } from "./cli-flags.ts";
import type { Config } from "./config.ts";
import { asOperator, inCompany } from "./context.ts";
import { AppError } from "./errors.ts";
import { openPlatform, openTarget, type OpenPlatform } from "./main.ts";
import { openFiles, type Files } from "./platform/files.ts";
import { openQueue } from "./platform/queue.ts";

/** The operator's commands for backups. */

const passphraseOf = ({ backup }: Config, use: "make" | "open") =>
  readPassphrase({ file: backup.passphraseFile, value: backup.passphrase }, use, log);

const filesOf = ({ dataDir }: Config): Files => openFiles(join(dataDir, "files"));

/** Ctrl-C and SIGTERM end the work in order, so that what was half written goes. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
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
      const source = { ownerUrl: platform.ownerUrl, files: filesOf(config), clock: platform.clock };
      const startedAt = platform.clock();
      const report = await makeBackup(source, { path, passphrase, companyId, signal });
      if (companyId === undefined) await recordMade(platform, report, startedAt);
      return madeResult(report);
    } finally {
      await platform.close();
    }
  });
}

async function restore(flags: GivenFlags, [path]: string[]): Promise<Result> {
  const config = configOf(flags);
  const passphrase = await passphraseOf(config, "open");
  const { company } = await describeBackup(path!, passphrase);
  return interruptible(async (signal) => {
    const input = { path: path!, passphrase, signal, evenBroken: flags["even-broken"] === true };
    if (flags["verify-only"] === true) {
      mkdirSync(config.dataDir, { recursive: true });
      return proofResult(await proveBackup({ ...input, dataDir: config.dataDir, now: new Date(), log }));
    }
    const besideOthers = company !== null && (await isInUse(config));
    if (besideOthers) return bringCompany(config, { ...input, matchAccounts: flags["match-accounts"] === true });
    return restoreAll(config, input);
  });
}

/** What the server has done in a process of its own: one backup from beginning to end. */
async function scheduled(flags: GivenFlags, [runId]: string[]): Promise<Result> {
  const config = configOf(flags);
  const { dir } = config.backup;
  if (!dir) throw new AppError("invalid_configuration", "No folder for backups is named. Nothing was written.");
  return interruptible(async (signal) => {
    const platform = await openPlatform(config, "command", log);
    try {
      const passphrase = await passphraseOf(config, "make");
      const source = { ownerUrl: platform.ownerUrl, files: filesOf(config), clock: platform.clock };
      const installation = { platform, source, dataDir: config.dataDir, passphrase };
      const { state } = await runScheduled(installation, { ...config.backup, dir }, runId!, signal);
      return { json: { run: runId, state }, text: state };
    } finally {
      await platform.close();
    }
  });
}

async function status(flags: GivenFlags): Promise<Result> {
  const platform = await openPlatform(configOf(flags), "command", log);
  return statusResult(await backupStatus(platform).finally(() => platform.close()));
}

async function isInUse(config: Config): Promise<boolean> {
  const target = await openTarget(config, "look", log);
  return hasAccounts(target.ownerUrl).finally(() => target.close());
}

async function restoreAll(config: Config, input: RestoreInput): Promise<Result> {
  const target = await openTarget(config, "fill", log);
  try {
    const { ownerUrl, appRole } = target;
    const report = await restoreBackup({ ownerUrl, appRole, files: filesOf(config), now: new Date(), log }, input);
    await target.finish();
    return { json: { ...report }, text: [...restoredLines(report), heldWords].join("\n") };
  } finally {
    await target.close();
  }
}

async function bringCompany(config: Config, input: CompanyRestoreInput): Promise<Result> {
  const platform = await openPlatform(config, "command", log);
  try {
    const { ownerUrl } = platform;
    const now = platform.clock();
    const report = await restoreCompany({ ownerUrl, appRole: "", files: filesOf(config), now, log }, input);
    const { matched, made } = report.accounts;
    const company = report.company!;
    const links = await linksFor(platform, company.id, made);
    const lines = [
      ...restoredLines(report),
      ...matched.map((email) => `  ${email} is a member with the account that was here`),
      ...made.map(
        (email) =>
          `  ${email} got an account without a password${links[email] ? `; one-time link (7 days), below the server's URL: ${links[email]}` : ""}`,
      ),
      heldWords,
    ];
    return { json: { ...report, passwordLinks: links }, text: lines.join("\n") };
  } finally {
    await platform.close();
  }
}

/** For members of today only: there is nothing that others could sign in to. */
async function linksFor(platform: OpenPlatform, companyId: string, emails: string[]): Promise<Record<string, string>> {
  const links: Record<string, string> = {};
  for (const memberEmail of emails) {
    const link = await inCompany(platform, companyId, asOperator("command"), (ctx) =>
      makePasswordLink(ctx, { memberEmail }),
    ).catch((error: unknown) => {
      if ((error as AppError).code === "member_not_found") return undefined;
      throw error;
    });
    if (link) links[memberEmail] = link;
  }
  return links;
}

async function release(flags: GivenFlags): Promise<Result> {
  const config = configOf(flags);
  const platform = await openPlatform(config, "command", log);
  const queue = openQueue({ pool: platform.database.pool, log });
  try {
    const released = await releaseOutbox(platform, queue, { companyId: flags["company"] as string | undefined });
    const { madeAt, jobs, unknown } = released;
    const left = unknown.length > 0 ? ` This version does not know ${unknown.join(", ")}: these stay aside.` : "";
    return {
      json: { ...released },
      text: `Released: the copy of ${madeAt.join(", ")}. ${count(jobs, "unfinished job goes on", "unfinished jobs go on")}.${left}`,
    };
  } finally {
    await queue.stop();
    await platform.close();
  }
}

/** Named as the server's own, which hands them on. */
const scheduleOptions = {
  "backup-dir": { type: "string" },
  "backup-hour": { type: "string" },
  "backup-keep": { type: "string" },
  "backup-prove": { type: "string" },
  "passphrase-file": { type: "string" },
} as const;

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
  {
    name: "backup status",
    summary:
      "The age of the last good backup, and of the last one that was restored for trial; exit status 1: not in order",
    run: (flags) => status(flags),
  },
  {
    name: "backup scheduled",
    hidden: true,
    summary: "One scheduled backup, as the server has it made",
    positionals: ["RUN"],
    options: scheduleOptions,
    run: scheduled,
  },
  {
    name: "restore",
    summary: "Bring a backup back: everything into an empty installation, one company beside others",
    positionals: ["FILE"],
    options: {
      "verify-only": { type: "boolean" },
      "match-accounts": { type: "boolean" },
      "even-broken": { type: "boolean" },
      ...passphraseOption,
    },
    hints: { "passphrase-file": "file" },
    run: restore,
  },
  {
    name: "release",
    summary: "Say that this restored copy takes the other's place: what was unfinished goes on, and it may send",
    options: { company: { type: "string" } },
    hints: { company: "id" },
    run: (flags) => release(flags),
  },
];
