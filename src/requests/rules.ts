import { settingsOf } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { RulesFor } from "./facts.ts";

/** The rules by which a supplier's requests are measured. */
export async function rulesOf(ctx: Context): Promise<RulesFor> {
  const settings = await settingsOf(ctx);
  return (supplierId) => ({ clock: settings.clockFor(supplierId), targetsOn: settings.targetsFor(supplierId) });
}
