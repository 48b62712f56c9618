import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makePasswordLink } from "./accounts/accounts.ts";
import {
  describeBackup,
  hasAccounts,
  makeBackup,
  placeOf,
  proveBackup,
  readPassphrase,
  releaseOutbox,
  restoreBackup,
  restoreCompany,
  type BackupReport,
  type CompanyRestoreInput,
  type Proof,
  type RestoreInput,
  type RestoreReport,
} from "./backups/backups.ts";
import type { Command, Result } from "./cli-commands.ts";
import { readConfig, type Config, type Flags } from "./config.ts";
import { asOperator, inCompany } from "./context.ts";
import { AppError } from "./errors.ts";
import { openPlatform, openTarget, type OpenPlatform } from "./main.ts";
import { openFiles, type Files } from "./platform/files.ts";
import { createLog } from "./platform/log.ts";
import { openQueue } from "./platform/queue.ts";

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

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
}

function resultOf(report: BackupReport): Result {
  const { path, bytes, companies, rows, files, jobs, missing, damaged } = report;
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

async function isInUse(config: Config): Promise<boolean> {
  const target = await openTarget(config, "command", log);
  return hasAccounts(target.ownerUrl).finally(() => target.close());
}

async function restoreAll(config: Config, input: RestoreInput): Promise<Result> {
  const target = await openTarget(config, "server", log);
  try {
    const { ownerUrl, appRole } = target;
    const report = await restoreBackup({ ownerUrl, appRole, files: filesOf(config), now: new Date(), log }, input);
    await target.finish();
    return { json: { ...report }, text: [...restoredLines(report), held].join("\n") };
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
      held,
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

const held =
  "Nothing leaves this copy, and nothing that was unfinished goes on, until you say that it takes the place of the other: openbook release";

function restoredLines(report: RestoreReport): string[] {
  const { company, companies, rows, requests, entries, files, missing, damaged, jobs, migrated, brokenChains } = report;
  const what = company ? `The company ${company.name} (${company.id})` : count(companies, "company", "companies");
  return [
    `${what} as of ${report.madeAt}: ${count(rows, "row")}, ${count(files, "file")}, ${count(jobs, "unfinished job")}.`,
    brokenChains === 0
      ? `${count(requests, "request")} with ${count(entries, "entry", "entries")}: every chain holds.`
      : `${count(brokenChains, "request")} of ${requests} not as recorded: ${report.chainFaults.join("; ")}`,
    ...(migrated.length > 0 ? [`Brought up by ${count(migrated.length, "migration")}.`] : []),
    ...missing.map(({ key, table }) => `  file ${key} of ${table} was not there when the backup was made`),
    ...damaged.map(({ key, table }) => `  file ${key} of ${table} was damaged when the backup was made`),
  ];
}

function proofResult(proof: Proof): Result {
  if (proof.kind === "restored") {
    const { report } = proof;
    const lines = [...restoredLines(report), "Restored into a database of its own, checked, and thrown away."];
    return { json: { proof: "restored", ...report }, text: lines.join("\n") };
  }
  const { manifest, rows, files, reason } = proof;
  return {
    json: { proof: "read", id: manifest.id, madeAt: manifest.madeAt, company: manifest.company, rows, files, reason },
    text: `${count(rows, "row")} and ${count(files, "file")} as of ${manifest.madeAt}: every byte is as it was written. Not restored for trial: ${reason}`,
  };
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
