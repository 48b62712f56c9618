import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Where a backup goes: the file that was named, or a dated one in the folder that was named. */
export async function placeOf(named: string, now: Date, companyId: string | undefined): Promise<string> {
  const path = resolve(named);
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() || /[/\\]$/.test(named) ? join(path, fileName(now, companyId)) : path;
}

/** `openbook-2026-11-24T02-30-00Z.backup`: names in order of time; no colon, which Windows refuses. */
export function fileName(now: Date, companyId?: string): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
  return `openbook-${companyId ? `company-${companyId.slice(0, 8)}-` : ""}${time}.backup`;
}
