import type { BusinessClock } from "../companies/companies.ts";
import type { Channel, Kind } from "../requests/contract.ts";
import type { ActEntry } from "../requests/requests.ts";
import type { Priority } from "../companies/contract.ts";
import type { Chance, Decks } from "./chance.ts";
import type { Colleague, SupplierKey } from "./company.ts";
import type { Case } from "./topic.ts";

/** The year that is told. Instants are epoch milliseconds. */
export interface World {
  chance: Chance;
  decks: Decks;
  clocks: Record<"company" | SupplierKey, BusinessClock>;
  holidays: ReadonlySet<string>;
  /** First and last moment of the year; nothing is recorded after `now`. */
  start: number;
  now: number;
  /** From here on the IT firm gets better: a technician more, and somebody who answers at once. */
  improved: number;
  /** When the newcomers come into the record. */
  newcomersFrom: number;
}

/** A call for support before anything has come of it. */
export interface Call {
  at: number;
  supplier: SupplierKey;
  category: string;
  kind: Kind;
  priority: Priority;
  channel: Channel;
  subject: string;
  description: string | undefined;
  asset: string | undefined;
  reporter: Colleague;
  /** What it turns out to be, and what may be asked on the way. */
  about: Case;
  /** Business minutes of a good technician. */
  effort: number;
  course: Course;
}

/** How it goes on. */
export interface Course {
  ending:
    | "confirmed"
    | "silent"
    | "reopened"
    | "cancelled"
    /** Those that stand like this at the end of the year: */
    | "unanswered"
    | "promised"
    | "overdue"
    | "waiting_company"
    | "waiting_third_party"
    | "reopened_now";
  /** Business minutes until the first word and until it is done; undefined: as the supplier's pace has it. */
  response?: number;
  done?: number;
  /** Business minutes of the company until somebody says it is fixed. */
  confirmed?: number;
  technician?: string;
  /** The supplier waits for a third party, in these words. */
  waitsFor?: string;
  /** No detours: what is told is what happens. */
  plain?: boolean;
}

/** What is written down, when and by whom; `id` turns a name into a person's id. */
export interface Step {
  recordedAt: number;
  actor: string;
  entry(id: (name: string) => string): ActEntry;
}

/** A call and its record: when it was logged and what followed, in the order of recording. */
export interface Story {
  call: Call;
  recordedAt: number;
  actor: string;
  /** Known when the call was logged. */
  technician: string | undefined;
  categoryKnown: boolean;
  promise: { text: string; dueAt: number } | undefined;
  steps: Step[];
}

export const minute = 60_000;

/** Local weekday, hour and minute of an instant, for what people say: "Thursday", "15:30". */
export function spoken(world: World, ms: number): { day: string; time: string } {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(world.clocks.company.timeZone);
  const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  return { day: days[local.dayOfWeek - 1]!, time: local.toPlainTime().toString({ smallestUnit: "minute" }) };
}
