import {
  inWords,
  type BackupReport,
  type BackupStatus,
  type Proof,
  type RestoreReport,
  type RunSummary,
} from "./backups/backups.ts";
import type { Result } from "./cli-commands.ts";

/** What the commands for backups say. */

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
}

export function madeResult(report: BackupReport): Result {
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

export const heldWords =
  "Nothing leaves this copy, and nothing that was unfinished goes on, until you say that it takes the place of the other: openbook release";

export function restoredLines(report: RestoreReport): string[] {
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

export function proofResult(proof: Proof): Result {
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

export function statusResult(status: BackupStatus): Result {
  const { ok, problems, lastGood, lastProven } = status;
  const same = lastProven !== null && lastProven.path === lastGood?.path;
  const tried = ", restored for trial with every chain and file";
  const lines = [
    ok ? "The backups are in order." : "The backups are not in order:",
    ...problems.map((problem) => `  ${problem}`),
    ...(lastGood ? [`Last good one${same ? tried : ""}: ${runWords(lastGood)}`] : []),
    ...(lastProven && !same ? [`Last one${tried}: ${runWords(lastProven)}`] : []),
  ];
  return { json: { ...status }, text: lines.join("\n"), status: ok ? 0 : 1 };
}

function runWords({ madeAt, ageHours, bytes, rows, companies, files, path }: RunSummary): string {
  const what = [count(companies ?? 0, "company", "companies"), count(rows ?? 0, "row"), count(files ?? 0, "file")];
  return `${inWords((ageHours ?? 0) * 3_600_000)} old (${madeAt}), ${what.join(", ")}, ${megabytes(bytes ?? 0)}\n  ${path}`;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
