import type { Kind, Party } from "../requests/contract.ts";
import type { ActEntry } from "../requests/requests.ts";
import { members } from "./company.ts";
import { fill } from "./fill.ts";
import { minute, type Call, type Step, type World } from "./world.ts";

type Cards = readonly string[] | Readonly<Record<Kind, readonly string[]>>;

const [owner, coordinator, deputy] = members.map(({ name }) => name) as [string, string, string];
export const recorders = { owner, coordinator, deputy };

/** One request's timeline while it is being told: what happened, and when somebody found the time to write it down. */
export class Telling {
  readonly world: World;
  readonly call: Call;
  readonly steps: Step[] = [];
  readonly technician: string;
  waitedForPart = false;
  #last: { at: number; recordedAt: number; actor: string };

  constructor(world: World, call: Call, technician: string, openedAt: number) {
    this.world = world;
    this.call = call;
    this.technician = technician;
    this.#last = { at: NaN, recordedAt: openedAt, actor: recorders.coordinator };
  }

  /** A moment of the supplier's working time, `minutes` after another. */
  supplierTime(from: number, minutes: number): number {
    return later(this.world, this.call.supplier, from, minutes);
  }

  companyTime(from: number, minutes: number): number {
    return later(this.world, "company", from, minutes);
  }

  /** The next of these sentences, where they differ the one for something broken or for something wanted. */
  text(cards: Cards): string {
    const { chance, decks } = this.world;
    const { reporter, asset, kind } = this.call;
    const fitting = "incident" in cards ? cards[kind] : cards;
    return fill(chance, decks.deal(fitting), { reporter, asset, technician: this.technician });
  }

  bySupplier(at: number, entry: ActEntry): void {
    this.#add(at, entry, { party: "supplier", name: this.technician });
  }

  /** The company's word, by the reporter or by whoever records it. */
  byCompany(at: number, entry: ActEntry, name?: string): void {
    this.#add(at, entry, name === undefined ? undefined : { party: "company", name });
  }

  note(at: number, text: string, actor?: string): void {
    this.#add(at, { kind: "note", audience: "company", text }, undefined, actor);
  }

  /** What is assigned or corrected beside an act, at the same moment. */
  change(at: number, to: (id: (name: string) => string) => Extract<ActEntry, { kind: "changed" }>["to"]): void {
    this.#push(at, (id) => ({ kind: "changed", to: to(id), happenedAt: iso(at) }));
  }

  #add(at: number, entry: ActEntry, by: { party: Party; name: string } | undefined, actor?: string): void {
    const named = (id: (name: string) => string): Pick<ActEntry, "by"> =>
      by ? { by: { party: by.party, personId: id(by.name) } } : {};
    this.#push(at, (id) => ({ ...entry, ...named(id), happenedAt: iso(at) }) as ActEntry, actor);
  }

  /** Written down some minutes later in office hours, never before what was written first; one moment in one go. */
  #push(at: number, entry: Step["entry"], by?: string): void {
    const { world } = this;
    if (this.#last.at !== at) {
      const written = later(world, "company", at, world.chance.between(1, 9));
      const actor = recorderAt(world, at);
      this.#last = { at, recordedAt: Math.max(this.#last.recordedAt, written, at), actor };
    }
    this.steps.push({ recordedAt: this.#last.recordedAt, actor: by ?? this.#last.actor, entry });
  }
}

/** Business minutes later by somebody's hours, and some seconds, so that not everything happens on the full minute. */
export function later(world: World, whose: keyof World["clocks"], from: number, minutes: number): number {
  const moment = world.clocks[whose].addMinutes(from, Math.max(0, minutes)) ?? from;
  return Math.max(moment, from) + world.chance.between(0, 59) * 1000;
}

/** The coordinator; her deputy while she is on holiday (the first two weeks of August), and now and then else. */
export function recorderAt({ chance, clocks }: World, at: number): string {
  const [, month, day] = clocks.company.localDate(at).split("-").map(Number);
  if (month === 8 && day! <= 14) return deputy;
  return chance.yes(0.06) ? deputy : coordinator;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The next half hour on the clock: people promise for "half past three". */
export function halfHour(ms: number): number {
  return Math.ceil(ms / (30 * minute)) * 30 * minute;
}
