import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "csv-parse/sync";
import writeExcelFile from "write-excel-file/node";
import { readConfig } from "../src/config.ts";
import type { Import } from "../src/imports/contract.ts";
import type { Figure, Target } from "./figure.ts";
import { writeAlone } from "./import-floor.ts";
import type { Installation } from "./installation.ts";
import { makeCompanies } from "./many-requests.ts";
import { watchPeak } from "./processes.ts";
import type { Stage } from "./stage.ts";

const made = 100_000;

/**
 * Spreadsheets through the API as a browser sends them: upload, dry run, import; each as CSV and as XLSX. Rows per
 * second are those of all three together; the floor is PostgreSQL alone writing the same rows (import-floor.ts), so
 * that the ratio says what reading, understanding, comparing, sealing and sending cost. What PostgreSQL itself takes
 * for 100,000 requests (800,000 rows in five tables) is more than 10 s already: see docs/decisions/0014.
 */
export async function importFiles(stage: Stage): Promise<Figure[]> {
  const folder = await stage.folder();
  const installation = await stage.installation("imports");
  const figures: Figure[] = [];
  for (const { name, what, rows } of await tables(stage)) {
    for (const format of ["csv", "xlsx"] as const) {
      const file = join(folder, `${name}.${format}`);
      if (format === "csv") await writeFile(file, rows.map(csvLine).join(""));
      else await writeWorkbook(file, rows);
      stage.say(`importing ${basename(file)}`);
      const [company] = await makeCompanies(installation, [`Imports ${name} ${format}`]);
      const alone = await readAlone(file);
      const figure = { name: `import-${name}-${format}`, what: `import ${what}, ${format.toUpperCase()}` };
      const { rate, peakMb } = await measured(installation, company!.id, file, rows.length - 1, figure);
      const floor = (rows.length - 1) / (await writeAlone(installation, company!.id));
      const target: Target = { of: "value", at: "least", bound: 10_000 };
      const most: Target = { of: "value", at: "most", bound: 400 };
      figures.push({
        ...rate,
        floor: { value: floor, what: "PostgreSQL alone writing the same rows for another company" },
        ratio: rate.value / floor,
        ...(format === "csv" ? { target } : {}),
        more: { ...rate.more, [`rows/s of ${alone.what}`]: alone.value },
      });
      figures.push({
        name: `${figure.name}-memory`,
        what: `peak memory of it, server and reader`,
        value: peakMb,
        unit: "MB",
        ...(format === "csv" ? { target: most } : {}),
      });
    }
  }
  return figures;
}

type Rows = string[][];

async function tables(stage: Stage): Promise<{ name: string; what: string; rows: Rows }[]> {
  const { realData } = readConfig();
  const log = realData && join(realData, "incident_event_log.csv");
  const real = log && existsSync(log) ? (parse(await readFile(log)) as Rows) : undefined;
  if (!real) stage.say("the real event log is skipped: OPENBOOK_REAL_DATA names no folder that has it");
  const events = real ? [{ name: "log", what: `an event log of ${real.length - 1} rows`, rows: real }] : [];
  return [...events, { name: "made", what: `${made.toLocaleString("en-GB")} made requests`, rows: madeRows() }];
}

/** One row per request, as a business keeps them. */
export function madeRows(): Rows {
  const header = [
    "Number",
    "Reported",
    "Reported by",
    "Subject",
    "Category",
    "Priority",
    "First answer",
    "Resolved",
    "State",
    "Technician",
  ];
  const start = Date.UTC(2025, 0, 2, 8);
  const local = (minutes: number) => new Date(start + minutes * 60_000).toISOString().slice(0, 16).replace("T", " ");
  const rows = Array.from({ length: made }, (_, n) => {
    const at = n * 5 + (n % 7);
    const open = n % 50 === 0;
    return [
      `R-${100_000 + n}`,
      local(at),
      `Person ${n % 200}`,
      `Printer ${n % 31} on floor ${n % 5} does not print, tray ${n % 3}`,
      ["Printing", "Mail", "Network", "Accounts"][n % 4]!,
      ["High", "Normal", "Normal", "Low"][n % 4]!,
      local(at + 20 + (n % 90)),
      open ? "" : local(at + 150 + (n % 900)),
      open ? "Open" : "Closed",
      `Technician ${n % 12}`,
    ];
  });
  return [header, ...rows];
}

export function csvLine(cells: string[]): string {
  return `${cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;
}

async function writeWorkbook(file: string, rows: Rows): Promise<void> {
  const data = rows.map((cells) => cells.map((value) => ({ value, type: String })));
  await writeFile(file, await writeExcelFile(data, {}).toBuffer());
}

/** How fast the library alone reads the file, in a process of its own. */
async function readAlone(file: string): Promise<{ value: number; what: string }> {
  const child = fork(join(import.meta.dirname, "read-process.ts"), [file]);
  const [perSecond] = (await once(child, "message")) as [number];
  const what = file.endsWith(".csv")
    ? "csv-parse reading the file, and nothing else"
    : "SheetJS reading the file, and nothing else";
  return { value: perSecond, what };
}

async function measured(
  installation: Installation,
  companyId: string,
  file: string,
  rows: number,
  figure: Pick<Figure, "name" | "what">,
): Promise<{ rate: Figure; peakMb: number }> {
  const { server, cookie } = installation;
  const root = `${server.url}/api/v1/companies/${companyId}/imports`;
  const ask = async (method: string, path: string, body?: Uint8Array<ArrayBuffer> | string): Promise<Import> => {
    const type = typeof body === "string" ? "application/json" : "application/octet-stream";
    const reply = await fetch(root + path, { method, headers: { cookie, "content-type": type }, body: body ?? null });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as Import;
  };
  const watch = watchPeak(server.child.pid!);
  try {
    const begun = performance.now();
    const uploaded = await ask("POST", `?fileName=${basename(file)}`, new Uint8Array(await readFile(file)));
    const atUpload = performance.now();
    await ask("PUT", `/${uploaded.id}/mapping`, JSON.stringify(uploaded.mapping));
    await settled(ask, uploaded.id, "ready");
    const atReady = performance.now();
    await ask("POST", `/${uploaded.id}/run`);
    const done = await settled(ask, uploaded.id, "done");
    const end = performance.now();
    const seconds = (ms: number) => ms / 1000;
    const rate: Figure = {
      ...figure,
      value: rows / seconds(end - begun),
      unit: "rows/s",
      more: {
        "upload s": seconds(atUpload - begun),
        "dry run s": seconds(atReady - atUpload),
        "import s": seconds(end - atReady),
        "rows/s of the import itself": rows / seconds(end - atReady),
        requests: done.report?.counts.created ?? 0,
        "refused rows": done.report?.counts.refused ?? 0,
        "MB of the reader": watch.childMb(),
      },
    };
    return { rate, peakMb: watch.peakMb() };
  } finally {
    watch.end();
  }
}

type Ask = (method: string, path: string) => Promise<Import>;

async function settled(ask: Ask, id: string, wanted: Import["state"]): Promise<Import> {
  const end = performance.now() + 600_000;
  while (performance.now() < end) {
    const now = await ask("GET", `/${id}`);
    if (now.state === wanted) return now;
    if (now.state === "failed") throw new Error(`The import failed: ${now.error?.code} ${now.error?.message}`);
    await sleep(100);
  }
  throw new Error("The import did not end within ten minutes.");
}
