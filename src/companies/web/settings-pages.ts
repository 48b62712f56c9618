import type { Permission } from "../../contract.ts";
import type { PlainKey } from "../../web/text/text.ts";

/** The pages of the settings in their order: beside each other in the frame, and found by name in the palette. */
export const settingsPages = [
  ["/c/$company/settings", "settings.company", "company.read"],
  ["/c/$company/settings/hours", "settings.hours", "company.read"],
  ["/c/$company/settings/holidays", "settings.holidays", "company.read"],
  ["/c/$company/settings/targets", "settings.targets", "company.read"],
  ["/c/$company/settings/categories", "settings.categories", "company.read"],
  ["/c/$company/settings/templates", "settings.templates", "people.read"],
  ["/c/$company/settings/suppliers", "settings.suppliers", "company.read"],
  ["/c/$company/settings/people", "settings.people", "people.read"],
  ["/c/$company/settings/members", "settings.members", "members.read"],
  ["/c/$company/settings/report-page", "settings.reporting", "company.manage"],
  ["/c/$company/settings/keys", "settings.keys", "keys.manage"],
  ["/c/$company/settings/exports", "settings.exports", "exports.read"],
  ["/c/$company/settings/audit", "settings.audit", "audit.read"],
] as const satisfies [string, PlainKey, Permission][];
