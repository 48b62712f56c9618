import type { ListField } from "./contract.ts";
import { fieldKinds } from "./lists-fields.ts";
import type { ListRow } from "./lists-rows.ts";
import type { Findings } from "./parse-findings.ts";

/** A person, supplier, asset or holiday as the record knows it, or as a row of this file made it. */
export interface Thing {
  /** undefined: it comes with this file. */
  id: string | undefined;
  /** Left, or no longer in use. */
  ended: boolean;
  says: Map<ListField, string>;
  /** What this file changes of it, and the row that says so. */
  changed: Map<ListField, number>;
  /** The row of this file that said each field, whether it changed anything or not. */
  saidIn: Map<ListField, number>;
}

export function thingOf(id: string, ended: boolean, says: [ListField, string | null | undefined][]): Thing {
  const known = says.filter((entry): entry is [ListField, string] => !!entry[1]);
  return { id, ended, says: new Map(known), changed: new Map(), saidIn: new Map() };
}

/** Why a row cannot count. */
export interface Refused {
  code: string;
  message: string;
}

/** How the things of one list are told apart. */
export interface Identity {
  /** "person": what a thing is called in a sentence. */
  called: string;
  /** What two spellings of a field have in common; the spelling first kept stays. */
  keyOf(field: ListField, text: string): string;
  /** The thing a row is about; undefined: one that is not known yet. */
  find(row: ListRow): Thing | Refused | undefined;
  /** What a new thing says beyond its row; or why it cannot be kept. */
  complete(row: ListRow): Map<ListField, string> | Refused;
  /** Has a thing found by what it says now. */
  learn(thing: Thing): void;
  /** Whether a change can be kept. */
  refuse?(thing: Thing, field: ListField, text: string): Refused | undefined;
}

/** What becomes of a file: things to add and to change, in the order in which it names them, and the rest in numbers. */
export interface Fold {
  added: Thing[];
  changed: Thing[];
  unchanged: number;
}

/**
 * Lays the rows over what the record knows, one after the other. Only what a row says is compared: an empty cell and a
 * column that is not mapped change nothing. A row that says otherwise than an earlier one of the same file is refused.
 */
export function foldRows(rows: readonly ListRow[], identity: Identity, findings: Findings): Fold {
  const named = new Set<Thing>();
  for (const row of rows) {
    const refused = foldRow(row, identity, findings, named);
    if (refused) findings.refuse(row.index, row.number, refused.code, refused.message);
  }
  const added = [...named].filter(({ id }) => id === undefined);
  const changed = [...named].filter(({ id, changed }) => id !== undefined && changed.size > 0);
  const ended = [...named].filter((thing) => thing.ended).length;
  if (ended > 0) findings.doubt(null, "ended", `Of these the record says that they have ended, and that stays.`, ended);
  return { added, changed, unchanged: named.size - added.length - changed.length };
}

function foldRow(row: ListRow, identity: Identity, findings: Findings, named: Set<Thing>): Refused | undefined {
  const found = identity.find(row);
  if (found && "code" in found) return found;
  if (!found) {
    const says = identity.complete(row);
    if ("code" in says) return says;
    const saidIn = new Map([...says.keys()].map((field) => [field, row.number]));
    const thing: Thing = { id: undefined, ended: false, says, changed: new Map(), saidIn };
    named.add(thing);
    identity.learn(thing);
    return undefined;
  }
  const differing: [ListField, string][] = [];
  for (const [field, text] of row.says) {
    const before = found.says.get(field);
    if (before !== undefined && identity.keyOf(field, before) === identity.keyOf(field, text)) continue;
    const refused = contradiction(found, field, identity) ?? identity.refuse?.(found, field, text);
    if (refused) return refused;
    differing.push([field, text]);
  }
  if (named.has(found)) tellRepeated(row, differing.length, identity, findings);
  named.add(found);
  for (const [field, text] of differing) {
    found.says.set(field, text);
    found.changed.set(field, row.number);
  }
  for (const field of row.says.keys()) if (!found.saidIn.has(field)) found.saidIn.set(field, row.number);
  if (differing.length > 0) identity.learn(found);
  return undefined;
}

/** The first of two rows counts. */
function contradiction(thing: Thing, field: ListField, { called }: Identity): Refused | undefined {
  const earlier = thing.saidIn.get(field);
  if (earlier === undefined) return undefined;
  const message = `Row ${earlier} is about the same ${called} and says something else of it (${fieldKinds[field].called}). That row counts; mend one of the two.`;
  return { code: "row_contradicts", message };
}

function tellRepeated({ number }: ListRow, more: number, { called }: Identity, findings: Findings): void {
  if (more > 0) {
    findings.doubt(
      number,
      "rows_joined",
      `Rows that say more of a ${called} that an earlier row names: taken together.`,
    );
  } else {
    findings.doubt(number, "row_repeated", "Rows that say the same as another row count once.");
  }
}
