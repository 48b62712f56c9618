import { auditAreas, type AuditArea } from "../contract.ts";

/** What the page's address may hold. */
export interface AuditSearch {
  area?: AuditArea | undefined;
  member?: string | undefined;
}

export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const area = auditAreas.find((one) => one === raw["area"]);
  const member = typeof raw["member"] === "string" && /^[0-9a-f-]{36}$/.test(raw["member"]) ? raw["member"] : undefined;
  return { ...(area ? { area } : {}), ...(member ? { member } : {}) };
}
