/**
 * Backups: the front door. One snapshot of everything, or of one company, in one encrypted file; brought back whole or
 * not at all; made by schedule, and proven by bringing it back into a database that is thrown away.
 */
export { makeBackup, type BackupInput, type BackupReport, type Source } from "./make.ts";
export { readPassphrase, type PassphraseSource } from "./passphrase.ts";
export { placeOf } from "./place.ts";
