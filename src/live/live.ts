import { findStanding, type Held } from "../accounts/accounts.ts";
import {
  asOperator,
  inCompany,
  may,
  sideOf,
  type Actor,
  type CompanyFacts,
  type Context,
  type Platform,
} from "../context.ts";
import { AppError, forbidden } from "../errors.ts";
import { onRecorded } from "../platform/events.ts";
import {
  checkedPosition,
  currentPosition,
  readEvents,
  type Position,
  type StoredEvent,
} from "../platform/events-reading.ts";
import type { EventStream } from "../platform/http-routes.ts";
import { findTold } from "../requests/requests.ts";
import { type Attentions, openAttentions, type Place } from "./attention.ts";
import { type LiveChange, permissionToHear } from "./contract.ts";

export { shareAttention } from "./attention.ts";

/*
 * Who listens, and telling them. A company that somebody listens to is looked at after each commit of this process that
 * wrote events, and every second: for what other processes wrote, and whether everybody may still listen. One look
 * serves all streams of the company.
 */

export interface Live {
  readonly attentions: Attentions;
  join(listener: Listener): void;
  countOf(companyId: string, memberId: string): number;
  /** Ends all streams, and those that come still. */
  close(): void;
}

export interface Listener {
  companyId: string;
  memberId: string;
  held: Held;
  stream: EventStream;
  from: Position;
  /** The position they came with could not be used. */
  reload: boolean;
}

type Member = Actor & { kind: "member" };

const everyMs = 1_000;
/** Between two looks at one company: what happens meanwhile is told together. */
const gapMs = 150;
/** Looks at the same time, so that the pages keep connections to the database. */
const mostAtOnce = 2;
const beatMs = 15_000;
const sweepMs = 5_000;
/** Of who looks at a request, what changes within this is told together. */
const attentionGapMs = 100;
const mostOfMember = 30;
const mostOfProcess = 10_000;

/**
 * Lets the actor hear of what changes in the company from now on, or from where they stopped listening.
 * @returns takes the stream once it is open
 * @throws AppError too_many_streams
 */
export async function listen(
  ctx: Context,
  input: { live: Live; credentials: Pick<Held, "kind" | "tokenHash">; after: string | undefined },
): Promise<(stream: EventStream) => void> {
  const { actor, company } = ctx;
  if (actor.kind !== "member") throw forbidden();
  const { live, credentials, after } = input;
  if (live.countOf(company.id, actor.memberId) >= mostOfMember) {
    throw new AppError("too_many_streams", "You are listening in too many places at once. Close some of them.");
  }
  const here = await currentPosition(ctx);
  const asked = after === undefined ? undefined : checkedPosition(after, ctx.now);
  // Of another server's future, as after a restore: nothing can be read from there.
  const usable = asked !== undefined && ceilingOf(asked) <= ceilingOf(here);
  const reload = after !== undefined && !usable;
  const facts = { companyId: company.id, memberId: actor.memberId, held: credentials, reload };
  return (stream) => live.join({ ...facts, stream, from: usable ? asked : here });
}

const ceilingOf = (position: Position) => BigInt(position.split(":")[1]!);

export function openLive(platform: Platform): Live {
  return new Streams(platform);
}

class Streams implements Live {
  readonly #platform: Platform;
  readonly #byCompany = new Map<string, Set<Listener>>();
  readonly #due = new Set<string>();
  readonly #looking = new Set<string>();
  readonly #lookedAt = new Map<string, number>();
  readonly #endWaking: () => void;
  readonly #timers: NodeJS.Timeout[];
  readonly attentions: Attentions;
  readonly #unsaid = new Map<string, Place>();
  #count = 0;
  #closed = false;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.attentions = openAttentions((place) => this.#sayLater(place));
    this.#endWaking = onRecorded((companyId) => this.#wake(companyId));
    this.#timers = [
      setInterval(() => [...this.#byCompany.keys()].forEach((id) => this.#wake(id)), everyMs).unref(),
      setInterval(() => this.#beat(), beatMs).unref(),
      setInterval(() => this.attentions.sweep(platform.clock().getTime()), sweepMs).unref(),
    ];
  }

  join(listener: Listener): void {
    const { stream, companyId, from } = listener;
    if (this.#closed || this.#count >= mostOfProcess) return stream.end();
    const ofCompany = this.#byCompany.get(companyId) ?? new Set();
    this.#byCompany.set(companyId, ofCompany.add(listener));
    this.#count++;
    stream.onClosed(() => {
      this.#count--;
      ofCompany.delete(listener);
      if (ofCompany.size > 0 || this.#byCompany.get(companyId) !== ofCompany) return;
      this.#byCompany.delete(companyId);
      this.#lookedAt.delete(companyId);
    });
    if (listener.reload) stream.send({ id: from, event: "reload", data: {} });
    else stream.send({ id: from, event: "here", data: {} });
    this.#wake(companyId);
  }

  countOf(companyId: string, memberId: string): number {
    let count = 0;
    for (const listener of this.#byCompany.get(companyId) ?? []) if (listener.memberId === memberId) count++;
    return count;
  }

  close(): void {
    this.#closed = true;
    this.#endWaking();
    this.#timers.forEach(clearInterval);
    for (const listeners of this.#byCompany.values()) for (const { stream } of listeners) stream.end();
  }

  #beat(): void {
    for (const listeners of this.#byCompany.values()) for (const { stream, from } of listeners) stream.beat(from);
  }

  #sayLater(place: Place): void {
    if (this.#unsaid.size === 0) setTimeout(() => this.#sayAttention(), attentionGapMs).unref();
    this.#unsaid.set(`${place.companyId} ${place.requestId}`, place);
  }

  /** Only those who are there themselves hear who else is: they have just shown that they may see the request. */
  #sayAttention(): void {
    const places = [...this.#unsaid.values()];
    this.#unsaid.clear();
    for (const place of places) {
      const there = new Map(this.attentions.membersAt(place).map((member) => [member.memberId, member]));
      for (const { memberId, stream, from } of this.#byCompany.get(place.companyId) ?? []) {
        const member = there.get(memberId);
        if (!member) continue;
        const data = { requestId: place.requestId, others: this.attentions.othersOf(place, member) };
        stream.send({ id: from, event: "presence", data });
      }
    }
  }

  #wake(companyId: string): void {
    if (this.#closed || !this.#byCompany.has(companyId)) return;
    this.#due.add(companyId);
    this.#proceed();
  }

  #proceed(): void {
    for (const companyId of this.#due) {
      if (this.#looking.size >= mostAtOnce) return;
      if (this.#looking.has(companyId)) continue;
      this.#due.delete(companyId);
      this.#looking.add(companyId);
      void this.#lookAt(companyId).finally(() => {
        this.#looking.delete(companyId);
        this.#proceed();
      });
    }
  }

  async #lookAt(companyId: string): Promise<void> {
    const rest = (this.#lookedAt.get(companyId) ?? 0) + gapMs - performance.now();
    if (rest > 0) {
      setTimeout(() => this.#wake(companyId), rest).unref();
      return;
    }
    const listeners = [...(this.#byCompany.get(companyId) ?? [])];
    if (listeners.length === 0) return;
    this.#lookedAt.set(companyId, performance.now());
    try {
      const ended = await tell(this.#platform, companyId, listeners);
      for (const memberId of ended) this.attentions.forgetMember(companyId, memberId);
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") listeners.forEach(({ stream }) => stream.end());
      // Everybody stays where they are: the next look begins there again.
      else
        this.#platform.log.warn("nobody could be told of what changed", { company: companyId, reason: String(error) });
    }
  }
}

/**
 * One look: ends the streams of those who may no longer listen, and tells the others what they may hear.
 * @returns the members whose streams were ended
 */
async function tell(platform: Platform, companyId: string, listeners: readonly Listener[]): Promise<Set<string>> {
  const look = async (ctx: Context) => {
    const held = new Map(listeners.map((listener) => [hashOf(listener), listener.held]));
    const batches = new Map<Position, StoredEvent[] | undefined>();
    for (const from of new Set(listeners.map((listener) => listener.from))) {
      batches.set(from, await readEvents(ctx, from));
    }
    const standing = await findStanding(ctx, [...held.values()]);
    return { standing, batches, here: await currentPosition(ctx), company: ctx.company };
  };
  const { standing, batches, here, company } = await inCompany(
    platform,
    companyId,
    asOperator("live", "system"),
    look,
    "read",
  );
  const hears = new Hearing(platform, company);
  const told = new Map<Listener, LiveChange["events"] | undefined>();
  const ended = new Set<string>();
  for (const listener of listeners) {
    const actor = standing.get(hashOf(listener));
    if (!actor || !mayListen(actor)) {
      ended.add(listener.memberId);
      listener.stream.end();
    } else told.set(listener, await hears.of(actor, listener.from, batches.get(listener.from)));
  }
  for (const [listener, events] of told) {
    listener.from = here;
    if (!events) listener.stream.send({ id: here, event: "reload", data: {} });
    else if (events.length > 0) listener.stream.send({ id: here, event: "change", data: { events } });
  }
  return ended;
}

const hashOf = ({ held }: Listener) => held.tokenHash.toString("hex");

function mayListen(actor: Member): boolean {
  return may(actor, "company.read") && (!actor.scopes || actor.scopes.includes("read"));
}

/** What each may hear, worked out once for all of one role, one side and the same narrowing of a key. */
class Hearing {
  readonly #platform: Platform;
  readonly #company: CompanyFacts;
  readonly #known = new Map<string, Promise<LiveChange["events"] | undefined>>();

  constructor(platform: Platform, company: CompanyFacts) {
    this.#platform = platform;
    this.#company = company;
  }

  /** @returns undefined: too many to tell, load anew */
  of(actor: Member, from: Position, events: StoredEvent[] | undefined): Promise<LiveChange["events"] | undefined> {
    const side = `${actor.role} ${actor.permissions} ${actor.supplierId} ${from}`;
    let known = this.#known.get(side);
    if (!known) this.#known.set(side, (known = this.#workOut(actor, events)));
    return known;
  }

  async #workOut(actor: Member, events: StoredEvent[] | undefined): Promise<LiveChange["events"] | undefined> {
    const ofSupplier = sideOf(actor) !== null;
    // That much happens in a company at once is no news for a supplier that none of it may concern.
    if (!events) return ofSupplier && !may(actor, "requests.read") ? [] : undefined;
    const heard = events.filter(({ type }) => {
      const permission = permissionToHear(type);
      return permission !== undefined && may(actor, permission);
    });
    return once(ofSupplier ? await this.#ofSupplier(actor, heard) : heard);
  }

  /** A supplier's people hear of their requests, when they may see what was written, and of nothing else. */
  async #ofSupplier(actor: Member, events: StoredEvent[]): Promise<StoredEvent[]> {
    const ofRequests = events.filter(({ type, subjectId }) => type.startsWith("request.") && subjectId);
    if (ofRequests.length === 0) return [];
    const requestIds = [...new Set(ofRequests.map(({ subjectId }) => subjectId!))];
    const moments = ofRequests.map(({ recordedAt }) => recordedAt);
    const company = this.#company;
    const asThey = async () => ({ actor, company });
    const told = await inCompany(
      this.#platform,
      company.id,
      asThey,
      (ctx) => findTold(ctx, { requestIds, moments }),
      "read",
    );
    return ofRequests.filter(({ subjectId }) => told.has(subjectId!));
  }
}

/** Each type once per thing: who asks again for what changed asks once. */
function once(events: readonly StoredEvent[]): LiveChange["events"] {
  const found = new Map(events.map(({ type, subjectId }) => [`${type} ${subjectId}`, { type, subjectId }]));
  return [...found.values()];
}
