import type { Content } from "./chain.ts";
import type { EntryKind } from "./contract.ts";
import { emptyFacts, type By, type Facts, type NewEntry, type RecordedEntry, type RulesFor } from "./facts.ts";
import { checkTimes } from "./allowed.ts";
import { foldEntry, stand } from "./fold.ts";
import { measure } from "./measure.ts";
import { standingEntries } from "./standing-entries.ts";

export type { RecordedEntry } from "./facts.ts";

export interface FoldedEntries {
  /** The request's row, after the last entry that was given. */
  facts: Facts;
  /** Columns of it that the entries do not tell: whoever logs a call of their own is not named in it. */
  untold: readonly (keyof Facts)[];
}

/** Kinds by which a foreign record comes in and is taken back, and the one by which words go. */
const toldElsewhere = new Set<EntryKind>(["imported", "withdrawn", "erased"]);

/**
 * Adds up the entries of one request, from the first on and in order of seq, to the row that the record has for it; by
 * the first n of them, to its earlier version. Nothing is asked of what may be done: it was done.
 * @param rulesFor hours and targets as they are now, by the supplier that a request has
 * @returns undefined where the entries alone do not say it: something was imported (columns that a source maps stand in
 *   no entry) or erased, or is not what this program writes. Such a row can still be held against {@link measuredAnew}.
 */
export function foldEntries(
  of: { companyId: string; id: string; number: number },
  entries: readonly RecordedEntry[],
  rulesFor: RulesFor,
): FoldedEntries | undefined {
  try {
    return addUp(of, entries, rulesFor);
  } catch {
    // What came from elsewhere may say anything: a promise without its time, a change to nothing.
    return undefined;
  }
}

/** Whether the entries alone say what their request's row says. */
export function isFoldable(entries: readonly RecordedEntry[]): boolean {
  return entries[0]?.kind === "reported" && !entries.some(isToldElsewhere);
}

/**
 * {@link foldEntries} of entries that can be ({@link isFoldable}), one of which was not recorded yet.
 * @throws AppError when what happened would no longer be in an order that is possible
 */
export function foldChecked(
  of: Parameters<typeof foldEntries>[0],
  entries: readonly RecordedEntry[],
  rulesFor: RulesFor,
): Facts {
  return addUp(of, entries, rulesFor, checkTimes)!.facts;
}

function addUp(
  of: Parameters<typeof foldEntries>[0],
  entries: readonly RecordedEntry[],
  rulesFor: RulesFor,
  check?: typeof checkTimes,
): FoldedEntries | undefined {
  if (!isFoldable(entries)) return undefined;
  const [first, ...others] = standingEntries(entries) as [RecordedEntry, ...RecordedEntry[]];
  const facts = emptyFacts({ ...of, reportedAt: first.happenedAt, recordedAt: first.recordedAt });
  const { by, ...told } = first.content as { by?: { id?: string } } & Content;
  for (const column of ["subject", "kind", "priority", "category", "channel", "asset", "asset_id", "tags"] as const) {
    if (told[column] !== undefined) Object.assign(facts, { [column]: told[column] });
  }
  facts.technician_id = (told["technician"] as string | undefined) ?? null;
  facts.reporter_id = by?.id ?? null;
  facts.supplier_id = first.supplierId;
  stand(facts);
  for (const entry of others.filter(({ content }) => content !== null).map(newEntryOf)) {
    check?.(facts, entry);
    foldEntry(facts, entry);
  }
  const last = entries.at(-1)!;
  Object.assign(facts, { head_seq: last.seq, head_hash: last.hash, facts_from: last.recordedAt });
  measure(facts, rulesFor(facts.supplier_id));
  const isNamed = by?.id !== undefined || others.some(changesReporter);
  return { facts, untold: isNamed ? [] : ["reporter_id"] };
}

/** What a row would say by hours and targets as they are now: a copy of it, all that is derived derived anew. */
export function measuredAnew(facts: Facts, rulesFor: RulesFor): Facts {
  const anew = { ...facts };
  measure(anew, rulesFor(anew.supplier_id));
  return anew;
}

function isToldElsewhere({ kind, actor, audience, content }: RecordedEntry): boolean {
  // What is kept from somebody are notes, and what was corrected of them: they add nothing to a request.
  const kept = content === null && audience !== "everyone";
  return (content === null && !kept) || toldElsewhere.has(kind) || actor.startsWith("import:");
}

function changesReporter({ kind, content }: RecordedEntry): boolean {
  return kind === "changed" && Object.hasOwn((content?.["to"] as object | undefined) ?? {}, "reporter_id");
}

/** Whose act it was stands in the content where that is not who recorded it. */
function newEntryOf({ kind, happenedAt, audience, content }: RecordedEntry): NewEntry {
  const said = content!["by"] as { party: By["party"]; id?: string; name?: string } | undefined;
  const by: By = said
    ? { party: said.party, personId: said.id ?? null, name: said.name ?? null }
    : { party: "company" };
  return { kind, happenedAt, audience, by, content: content! };
}
