import type { EntryKind } from "./contract.ts";
import type { Facts, Rules } from "./facts.ts";
import { stand } from "./fold.ts";
import type { ImportedRequest } from "./imported-record.ts";
import type { Decided } from "./imported-standing.ts";
import { foldImported } from "./imported-states.ts";
import { measure } from "./measure.ts";

/** Columns of a request that a source tells by themselves, and how an imported request names them. */
export const toldColumns = {
  subject: "subject",
  kind: "kind",
  reference: "reference",
  priority: "priority",
  category: "category",
  channel: "channel",
  asset: "asset",
  supplier_id: "supplierId",
  reporter_id: "reporterId",
  technician_id: "technicianId",
  reported_at: "reportedAt",
} as const satisfies Partial<Record<keyof Facts, keyof ImportedRequest>>;

/**
 * Has the facts follow what the source says now, where nobody here decided otherwise: a field that was changed here
 * keeps its value, a request that was acted on here keeps its course.
 * @param rulesFor of the supplier it is measured by @returns what each event does, in the order of events
 */
export function followSource(
  facts: Facts,
  request: ImportedRequest,
  decided: Decided,
  rulesFor: (supplierId: string | null) => Rules,
): EntryKind[] {
  const told = asDecided(facts, request, decided);
  const rules = rulesFor(told.supplierId);
  if (!decided.course) return foldImported(facts, told, rules);
  const answeredAt = told.firstResponseAt ?? facts.first_response_at;
  for (const [column, name] of Object.entries(toldColumns)) Object.assign(facts, { [column]: told[name] });
  facts.first_response_at = answeredAt;
  // What is known of the answer may have changed; whose the next step is was decided here.
  if (facts.promise_kind === "response" || facts.promise_kind === "resolution") stand(facts);
  measure(facts, rules);
  return request.events.map(() => "imported");
}

/** What the source says, with what was decided here in its place. */
function asDecided(facts: Facts, request: ImportedRequest, decided: Decided): ImportedRequest {
  const told: ImportedRequest = { ...request };
  for (const [column, name] of Object.entries(toldColumns)) {
    if (decided.columns.has(column)) Object.assign(told, { [name]: facts[column as keyof Facts] });
  }
  const here = decided.response ? facts.first_response_at : null;
  if (here && (!told.firstResponseAt || here < told.firstResponseAt)) told.firstResponseAt = here;
  return told;
}
