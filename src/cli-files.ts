import { join } from "node:path";
import { count } from "./cli-backup-words.ts";
import type { Command, Result } from "./cli-commands.ts";
import { configOf, quietLog, type GivenFlags } from "./cli-flags.ts";
import { sweepFiles, type Swept } from "./files/files.ts";
import { openPlatform } from "./main.ts";

async function sweep(flags: GivenFlags): Promise<Result> {
  const config = configOf(flags);
  const dryRun = flags["dry-run"] === true;
  const platform = await openPlatform(config, "command", quietLog);
  try {
    const { ownerUrl, clock } = platform;
    const source = { ownerUrl, clock, folder: join(config.dataDir, "files") };
    const swept = await sweepFiles(source, { dryRun, evenMany: flags["even-many"] === true });
    return { json: { ...swept, dryRun }, text: linesOf(swept, dryRun).join("\n") };
  } finally {
    await platform.close();
  }
}

function linesOf({ files, unnamed, young, back, removed, doubt }: Swept, dryRun: boolean): string[] {
  const would = dryRun ? "would be " : "";
  const bytes = unnamed.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${count(files, "file", "files")} looked at.`,
    ...unnamed.map(({ key, bytes: size, since }) => `  ${key}  ${size} bytes, of ${since.toISOString()}`),
    `${unnamed.length} named by no row, ${bytes} bytes: ${would}set aside for 30 days.`,
    ...(young > 0 ? [`${young} named by no row yet, younger than a day: left alone.`] : []),
    ...(back.length > 0 ? [`${back.length} lay aside and a row names them: ${would}put back.`] : []),
    ...(removed.length > 0 ? [`${removed.length} lay aside for more than 30 days: ${would}removed.`] : []),
    ...(doubt ? [`Nothing would be removed: ${doubt}`] : []),
  ];
}

export const fileCommands: Command[] = [
  {
    name: "files sweep",
    summary: "Set aside files that no row names, for 30 days, then remove them; the server does it every day",
    options: { "dry-run": { type: "boolean" }, "even-many": { type: "boolean" } },
    run: sweep,
  },
];
