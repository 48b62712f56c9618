import { sideOf, type Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { ActEntry } from "./acts.ts";
import type { Audience, EntryKind } from "./contract.ts";
import type { By } from "./facts.ts";

/** Who speaks in an entry, and to whom: a supplier's people for themselves, the company for anybody it heard. */

/** What a supplier's people add; all else is the company's to say. */
const answers: ReadonlySet<string> = new Set<EntryKind>([
  "message",
  "note",
  "promised",
  "waiting",
  "resumed",
  "resolved",
  "worked",
]);

/** As whom somebody of a supplier speaks, whatever they say; undefined: the actor is none of them. */
export function ownVoice(ctx: Context): By | undefined {
  const { actor } = ctx;
  return actor.kind === "member" && sideOf(actor) ? { party: "supplier", personId: actor.personId } : undefined;
}

/** Whose a note is where nothing is said: the own side's alone. */
export function noteAudience(ctx: Context, audience: Audience | undefined): Audience {
  return audience ?? (sideOf(ctx.actor) ? "supplier" : "company");
}

/**
 * Refuses what this side cannot say.
 * @throws AppError forbidden: an act of the company's · invalid_input: another's voice, or a note for the other side
 */
export function refuseOthersVoice(ctx: Context, entry: ActEntry): void {
  const own = ownVoice(ctx);
  if (!own) {
    if (entry.kind !== "note" || entry.audience !== "supplier") return;
    throw refused(
      "audience",
      "A note for the supplier alone is the supplier's to write; everybody can read a message.",
    );
  }
  if (!answers.has(entry.kind)) {
    throw new AppError("forbidden", "That is for the company to say. Nothing was recorded.");
  }
  const { by } = entry;
  if (by && (by.party !== own.party || by.name || (by.personId && by.personId !== own.personId))) {
    throw refused("by", "You speak for yourself here, as one of your firm.");
  }
  if (entry.kind === "note" && entry.audience === "company") {
    throw refused("audience", "The company's own notes are the company's to write.");
  }
  if (entry.kind === "promised" && entry.party === "company") {
    throw refused("party", "What the company owes is not yours to promise; say that you wait for the company.");
  }
}

function refused(field: string, message: string): AppError {
  return new AppError("invalid_input", `${message} Nothing was recorded.`, { [field]: message });
}
