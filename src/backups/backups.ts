/**
 * Backups: the front door. One snapshot of everything, or of one company, in one encrypted file; brought back whole or
 * not at all; made by schedule, and proven by bringing it back into a database that is thrown away.
 */
export { makeBackup, type BackupInput, type BackupReport, type Source } from "./make.ts";
export { checkPassphrase, readPassphrase, type PassphraseSource } from "./passphrase.ts";
export { placeOf } from "./place.ts";
export { restoreBackup, type RestoreInput, type RestoreReport, type Target } from "./restore.ts";
export { restoreCompany, type CompanyRestoreInput, type CompanyRestoreReport } from "./restore-company.ts";
export { releaseOutbox, type Released } from "./release.ts";
export { describeBackup, proveBackup, type Proof } from "./prove.ts";
export { hasAccounts } from "./target.ts";
export { backupStatus, inWords, type BackupStatus, type RunSummary } from "./status.ts";
export { recordMade } from "./runs.ts";
export { runScheduled, type ScheduleSettings } from "./scheduled.ts";
export { backupJobs, workBackups } from "./jobs.ts";
export { openSnapshot, type Snapshot } from "./snapshot.ts";
export { fileColumns, type FileColumn } from "./tables.ts";
