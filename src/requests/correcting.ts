import { actorKey, type Context, sideOf } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { lockRequests } from "./locking.ts";
import { correctable } from "./contract-amending.ts";
import type { Facts, NewEntry, RecordedEntry } from "./facts.ts";
import { foldChecked, isFoldable } from "./fold-entries.ts";
import { rulesOf } from "./rules.ts";
import { recordingTime, sealEntry, writeLedger } from "./ledger.ts";
import { measure } from "./measure.ts";
import { recordedEntries } from "./recorded-entries.ts";
import { type Amended, standingEntries } from "./standing-entries.ts";
import { byOfActor } from "./undoing.ts";
import { pastTime } from "./who.ts";

/**
 * Corrections by people: an entry that names the one it corrects and says what it said and what is right, as those of
 * imports do. What the request adds up to is added up anew, as if it had been said right at once.
 */

export interface Correction {
  requestId: string;
  seq: number;
  text?: string | undefined;
  happenedAt?: string | undefined;
  minutes?: number | undefined;
  ifMatch?: number | undefined;
}

/** Of a row, what an entry that reads otherwise can change. Whose request it is, and what it is about, it cannot. */
const retold = [
  "state",
  "outcome",
  "reported_at",
  "first_response_at",
  "resolved_at",
  "closed_at",
  "reopened_at",
  "reopen_count",
  "waiting_on",
  "waiting_since",
  "waiting_reason",
  "pauses",
  "promise_kind",
  "promise_party",
  "promise_text",
  "promise_due_at",
  "closing_announced_at",
  "worked_minutes",
] as const satisfies (keyof Facts)[];

/** @throws AppError not_found, precondition_failed, invalid_input, correction_not_possible, correction_not_own */
export async function correctEntry(ctx: Context, correction: Correction): Promise<void> {
  const { requestId, seq, ifMatch } = correction;
  const facts = (await lockRequests(ctx, [requestId])).get(requestId);
  if (!facts) throw notFound();
  if (ifMatch !== undefined && ifMatch !== facts.head_seq) {
    throw new AppError(
      "precondition_failed",
      `#${facts.number} was changed by somebody else in the meantime. Nothing was corrected; look at what is new and try again.`,
    );
  }
  const entries = await recordedEntries(ctx, requestId);
  if (!entries.some((entry) => entry.seq === seq)) throw notFound();
  const stands = standingEntries(entries).find((entry) => entry.seq === seq);
  checkCorrectable(facts, stands);
  await checkSide(ctx, facts, stands);
  const { from, to } = differences(ctx, stands, correction);
  if (Object.keys(to).length === 0) return;
  const { audience } = stands;
  const happenedAt = recordingTime(facts, ctx.now);
  const entry: NewEntry = {
    kind: "corrected",
    happenedAt,
    audience,
    by: byOfActor(ctx),
    content: { corrects: seq, from, to },
  };
  await retell(ctx, facts, entries, entry);
  const sealed = [sealEntry(facts, entry, ctx.now, actorKey(ctx.actor))];
  await writeLedger(ctx, { inserted: [], updated: [facts], sealed, eventType: "request.changed" });
}

function checkCorrectable(facts: Facts, entry: RecordedEntry | undefined): asserts entry is RecordedEntry {
  if (!entry) throw impossible(facts, "the entry was taken back");
  if (facts.withdrawn) throw impossible(facts, "it came with an import that was undone");
  if (entry.content === null) throw impossible(facts, "its words were erased, or are not yours to read");
  if (entry.actor.startsWith("import:")) {
    throw impossible(facts, "the entry came from a file. Correct it there and import the file again, or add a note");
  }
}

/** The company corrects what its own people recorded, a supplier what its people did. */
async function checkSide(ctx: Context, facts: Facts, { actor }: RecordedEntry): Promise<void> {
  if (actor === actorKey(ctx.actor)) return;
  const person = actor.startsWith("person:") ? actor.slice("person:".length) : undefined;
  const row =
    person &&
    (await ctx.db
      .selectFrom("people")
      .select("supplier_id")
      .where("company_id", "=", ctx.company.id)
      .where("id", "=", person)
      .executeTakeFirst());
  const side = row ? row.supplier_id : null;
  if ((person && !row) || side !== sideOf(ctx.actor)) {
    throw new AppError(
      "correction_not_own",
      `Nothing of #${facts.number} was corrected: the other side recorded it. Add what is right as a message or a note.`,
    );
  }
}

/** Only what reads otherwise than now. */
function differences(ctx: Context, entry: RecordedEntry, { text, happenedAt, minutes }: Correction) {
  const { kind, content } = entry;
  const may = correctable(kind);
  const said = kind === "reported" ? "description" : "text";
  const from: Record<string, unknown> = {};
  const to: Record<string, unknown> = {};
  const differs = (field: keyof Amended, before: unknown, now: unknown, allowed: boolean, named: string) => {
    if (now === undefined || now === before) return;
    if (!allowed) {
      throw new AppError("invalid_input", "That cannot be corrected of such an entry. Nothing was recorded.", {
        [named]: "Not of such an entry.",
      });
    }
    from[field] = before ?? null;
    to[field] = now;
  };
  differs(said, content![said], text, may.text, "text");
  differs("minutes", content!["minutes"], minutes, may.minutes, "minutes");
  const at = happenedAt === undefined ? undefined : pastTime(ctx, happenedAt, "happenedAt").toISOString();
  differs("happened_at", entry.happenedAt.toISOString(), at, may.time, "happenedAt");
  return { from, to };
}

/** What the request adds up to with the correction. @throws AppError when the times would no longer go together */
async function retell(ctx: Context, facts: Facts, entries: RecordedEntry[], entry: NewEntry): Promise<void> {
  const rulesFor = await rulesOf(ctx);
  const to = entry.content["to"] as Amended;
  if (isFoldable(entries)) {
    const { kind, happenedAt, audience, content } = entry;
    const told = { seq: facts.head_seq + 1, recordedAt: happenedAt, actor: actorKey(ctx.actor), hash: facts.head_hash };
    const all = [...entries, { ...told, kind, happenedAt, audience, supplierId: facts.supplier_id, content }];
    const anew = foldChecked({ companyId: facts.company_id, id: facts.id, number: facts.number }, all, rulesFor);
    Object.assign(facts, Object.fromEntries(retold.map((column) => [column, anew[column]])));
  } else if (to.happened_at !== undefined) {
    throw impossible(
      facts,
      "part of it came from a file or is not yours to see, so that its times cannot be counted anew",
    );
  } else if (to.minutes !== undefined) {
    const { minutes } = entry.content["from"] as Amended;
    facts.worked_minutes += to.minutes - minutes!;
  }
  measure(facts, rulesFor(facts.supplier_id));
}

function impossible({ number }: Facts, why: string): AppError {
  return new AppError("correction_not_possible", `Nothing of #${number} was corrected: ${why}.`);
}
