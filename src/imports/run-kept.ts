import type { SpreadsheetRead } from "./read-spreadsheet.ts";
import type { Understood } from "./subject.ts";

/**
 * What the last dry run of this process read and understood, for the import that mostly follows within minutes: a file
 * is then read once and not twice. One file at a time, not a large one, not for long, and handed out once.
 */
export interface Reading {
  read: SpreadsheetRead;
  understood: Understood;
}

/** All that a reading depends on; any other file, mapping or time zone is another one. */
export interface ReadingOf {
  companyId: string;
  subject: string;
  fileKey: string;
  mapping: unknown;
  timeZone: string;
}

const keptMs = 10 * 60_000;
const keptBytes = 96 * 1024 * 1024;

let kept: { of: string; reading: Reading; timer: NodeJS.Timeout } | undefined;

/** @param bytes about how much memory it holds */
export function keepReading(of: ReadingOf, reading: Reading, bytes: number): void {
  forget();
  // Rows that the record refuses are refused anew by each comparison.
  if (bytes > keptBytes || reading.understood.refusesByRecord) return;
  kept = { of: JSON.stringify(of), reading, timer: setTimeout(forget, keptMs).unref() };
}

/** undefined: this file was not read lately in this way. */
export function takeReading(of: ReadingOf): Reading | undefined {
  if (kept?.of !== JSON.stringify(of)) return undefined;
  const { reading } = kept;
  forget();
  return reading;
}

function forget(): void {
  clearTimeout(kept?.timer);
  kept = undefined;
}
