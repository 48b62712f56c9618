import { join, extname } from "node:path";
import { interruptible } from "./cli-backups.ts";
import type { Command, Result } from "./cli-commands.ts";
import { configOf, quietLog, type GivenFlags } from "./cli-flags.ts";
import type { Config } from "./config.ts";
import { asOperator, inCompany } from "./context.ts";
import { AppError } from "./errors.ts";
import { bringBackFile, exportToFile, verifyExport, type ExportFormat } from "./exports/exports.ts";
import { openPlatform } from "./main.ts";
import { openFiles } from "./platform/files.ts";

/** The operator's commands for exports: take a record away, prove it, bring it back. */

const filesOf = ({ dataDir }: Config) => openFiles(join(dataDir, "files"));
const count = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;

async function exportCommand(flags: GivenFlags, [file]: string[]): Promise<Result> {
  const config = configOf(flags);
  const { format, packed } = formatOf(file!, flags["format"] as string | undefined);
  return interruptible(async (signal) => {
    const platform = await openPlatform(config, "command", quietLog);
    try {
      const choice = { format, signal, ...(packed ? { files: filesOf(config) } : {}) };
      const made = await inCompany(
        platform,
        flags["company"] as string,
        asOperator("command"),
        (ctx) => exportToFile(ctx, file!, choice),
        "read",
      );
      const { rows, missing } = made;
      const files = packed ? count(rows["attachments"]! - missing.length, "attachment") : "no attachments";
      return {
        json: { file: file!, format, rows, missing },
        text: [
          `${file!}: ${count(rows["requests"]!, "request")}, ${count(rows["entries"]!, "entry", "entries")}, ${files}.`,
          ...missing.map((path) => `  ${path} is not on the disk any more, or not what it was`),
        ].join("\n"),
      };
    } finally {
      await platform.close();
    }
  });
}

/** A ZIP file holds the attachments too; `.zip` is JSON unless another format is asked for. */
function formatOf(file: string, asked: string | undefined): { format: ExportFormat; packed: boolean } {
  const ending = extname(file).toLowerCase();
  const known: Record<string, ExportFormat> = { ".json": "json", ".jsonl": "json", ".zip": "json", ".xlsx": "xlsx" };
  if (asked !== undefined && !["json", "csv", "xlsx"].includes(asked)) {
    throw new AppError(
      "invalid_input",
      `"${asked}" is not a format of exports: xlsx, csv or json. Nothing was written.`,
    );
  }
  const format = (asked ?? known[ending]) as ExportFormat | undefined;
  if (!format) {
    const message = `The format of ${file} is not known: name it .xlsx, .json or .zip, or give --format. Nothing was written.`;
    throw new AppError("invalid_input", message);
  }
  return { format, packed: format === "csv" || ending === ".zip" };
}

async function verifyCommand(_flags: GivenFlags, [file]: string[]): Promise<Result> {
  const proven = await verifyExport(file!);
  const { company, exportedAt, requests, entries, withoutContent, attachments, withoutBytes, supplier } = proven;
  const lines = [
    `${file!} is an export of ${company.name}${supplier ? " for a supplier" : ""} as of ${exportedAt}.`,
    `${count(requests, "chain")} of ${count(entries, "entry", "entries")} hold: no entry was changed, added or left out.`,
    ...(withoutContent > 0
      ? [`${count(withoutContent, "content")} not in it (erased, or not for this reader); their headers are proven.`]
      : []),
    ...(attachments > 0 ? [`${count(attachments - withoutBytes, "attachment")} are what their entries name.`] : []),
    ...(withoutBytes > 0 ? [`${count(withoutBytes, "attachment")} not in this file, so not compared.`] : []),
  ];
  return { json: { verified: true, ...proven }, text: lines.join("\n") };
}

async function importExportCommand(flags: GivenFlags, [file]: string[]): Promise<Result> {
  const config = configOf(flags);
  return interruptible(async (signal) => {
    const platform = await openPlatform(config, "command", quietLog);
    try {
      const tools = { platform, files: filesOf(config) };
      const { company, rows, withoutBytes } = await bringBackFile(tools, flags["company"] as string, file!, { signal });
      const back = `The record of ${company.name} is back: ${count(rows["requests"] ?? 0, "request")}, ${count(rows["entries"] ?? 0, "entry", "entries")}.`;
      const without = withoutBytes > 0 ? [`${count(withoutBytes, "attachment")} not in the file, so left out.`] : [];
      return { json: { company, rows, withoutBytes }, text: [back, ...without].join("\n") };
    } finally {
      await platform.close();
    }
  });
}

export const exportCommands: Command[] = [
  {
    name: "export",
    summary: "Write a company's whole record to a file (.xlsx, .json, or .zip with the attachments)",
    positionals: ["FILE"],
    options: { company: { type: "string" }, format: { type: "string" } },
    required: ["company"],
    hints: { company: "id", format: "xlsx|csv|json" },
    run: exportCommand,
  },
  {
    name: "verify",
    summary: "Prove an export: every chain, every content, every attachment; needs no installation",
    positionals: ["FILE"],
    run: verifyCommand,
  },
  {
    name: "import export",
    summary: "Bring an export back into a new company",
    positionals: ["FILE"],
    options: { company: { type: "string" } },
    required: ["company"],
    hints: { company: "id" },
    run: importExportCommand,
  },
];
