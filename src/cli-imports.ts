import { readFile, stat } from "node:fs/promises";
import type { Command, Result } from "./cli-commands.ts";
import { configOf, quietLog, type GivenFlags } from "./cli-flags.ts";
import { AppError } from "./errors.ts";
import {
  importSubjects,
  ListMapping,
  Mapping,
  type AnyMapping,
  type ImportReport,
  type SubjectName,
} from "./imports/contract.ts";
import { importFile, undoNow, type FileImported } from "./imports/imports.ts";
import { openPlatform, type OpenPlatform } from "./main.ts";

/** The operator's commands for imports: one for each thing that the rows of a spreadsheet can be. */

async function withPlatform<T>(flags: GivenFlags, work: (platform: OpenPlatform) => Promise<T>): Promise<T> {
  const platform = await openPlatform(configOf(flags), "command", quietLog);
  try {
    return await work(platform);
  } finally {
    await platform.close();
  }
}

async function importInto(subject: SubjectName, flags: GivenFlags, [file]: string[]): Promise<Result> {
  const how = await mappingOf(flags["mapping"] as string | undefined, subject);
  const sheets = sheetsOf(flags["sheets"] as string | undefined);
  return withPlatform(flags, async (platform) => {
    const dryRun = flags["dry-run"] === true;
    return said(
      await importFile(platform, flags["company"] as string, file!, { subject, ...how, sheets, dryRun }),
      dryRun,
    );
  });
}

/** `--sheets` is `all`, or names with commas between them. */
function sheetsOf(given: string | undefined): "all" | string[] | undefined {
  if (given === undefined || given === "all") return given;
  return given.split(",").map((name) => name.trim());
}

/** `--mapping` is a file of JSON, or the name of what is kept. */
async function mappingOf(
  given: string | undefined,
  subject: SubjectName,
): Promise<{ mapping: AnyMapping } | { readAs: string } | undefined> {
  if (given === undefined) return undefined;
  const isFile = given.endsWith(".json") || ((await stat(given).catch(() => undefined))?.isFile() ?? false);
  return isFile ? { mapping: await readMapping(given, subject) } : { readAs: given };
}

/** As on the page: "Read as “calls”, as on 3 March 2026." */
function readAsWords({ readAs }: FileImported): string[] {
  if (!readAs) return [];
  if (readAs.usedAt === null) return [`How it was read is kept as “${readAs.name}” for the next such file.`];
  const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date(readAs.usedAt));
  return [`Read as “${readAs.name}”, as on ${date}.`];
}

function vanishedWords({ vanished }: ImportReport): string[] {
  if (!vanished) return [];
  const { count, requests } = vanished;
  const lines = requests.map(({ number, reference, subject }) => {
    return `  not in this file any more: #${number}${reference === null ? "" : ` (${reference})`} ${subject}`;
  });
  const words = count === 1 ? "1 request of an earlier file is" : `${count} requests of earlier files are`;
  return [`${words} not in this one; kept as before.`, ...lines];
}

function placeWords({ row, sheet }: { row: number | null; sheet?: string | undefined }, before = ""): string {
  if (row === null) return "";
  return `${before}row ${row}${sheet === undefined ? "" : ` of “${sheet}”`}`;
}

function said(report: FileImported, dryRun: boolean): Result {
  const { created, updated, unchanged, refused, rows, entries } = report.counts;
  const sum = `${created} created, ${updated} updated, ${unchanged} unchanged, ${refused} rows refused, of ${rows} rows`;
  const doubts = report.doubts.map((d) => `  doubt${placeWords(d, " in ")}: ${d.message} (${d.count} ×)`);
  const refusals = report.refused.map((r) => `  ${placeWords(r)} refused: ${r.message}`);
  const vanished = vanishedWords(report);
  const more = {
    dryRun,
    vanished: report.vanished ?? null,
    readAs: report.readAs ?? null,
    doubts: report.doubts,
    refusedRows: report.refused,
  };
  return {
    json: { created, updated, unchanged, refused, rows, entries, ...more },
    text: [
      dryRun ? `Dry run, nothing was changed: ${sum}.` : `${sum}.`,
      ...readAsWords(report),
      ...vanished,
      ...doubts,
      ...refusals,
    ].join("\n"),
  };
}

async function undoImportCommand(flags: GivenFlags, [id]: string[]): Promise<Result> {
  return withPlatform(flags, async (platform) => {
    const undone = await undoNow(platform, flags["company"] as string, id!);
    const { withdrawn, removed, alsoRemoved, restored } = undone;
    const parts = [
      ...(withdrawn > 0 ? [`${withdrawn} requests hidden, none deleted`] : []),
      ...(removed > 0 ? [`${removed} removed`] : []),
      ...(alsoRemoved > 0 ? [`${alsoRemoved} people and suppliers they named removed`] : []),
      ...(restored > 0 ? [`${restored} as before`] : []),
    ];
    return {
      json: { ...undone },
      text: `Undone: ${parts.join(", ") || "it had changed nothing"}. The file can be imported again.`,
    };
  });
}

async function readMapping(path: string, subject: SubjectName): Promise<AnyMapping> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new AppError(
      "invalid_mapping",
      `${path} cannot be read as JSON: ${(error as Error).message}. Nothing was imported.`,
    );
  }
  const parsed = (subject === "requests" ? Mapping : ListMapping).safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join("."), issue.message]));
  throw new AppError("invalid_mapping", `${path} is not a mapping. Nothing was imported.`, fields);
}

export const importCommands: Command[] = [
  ...importSubjects.map((subject): Command => ({
    name: `import ${subject}`,
    summary: `Import ${subject} from a CSV, XLSX or ODS file`,
    positionals: ["FILE"],
    options: {
      company: { type: "string" },
      mapping: { type: "string" },
      sheets: { type: "string" },
      "dry-run": { type: "boolean" },
    },
    required: ["company"],
    hints: { company: "id", mapping: "name or file", sheets: "all or names" },
    run: (flags, positionals) => importInto(subject, flags, positionals),
  })),
  {
    name: "import undo",
    summary: "Take a whole import back, while nothing was built on it",
    positionals: ["ID"],
    options: { company: { type: "string" } },
    required: ["company"],
    hints: { company: "id" },
    run: undoImportCommand,
  },
];
