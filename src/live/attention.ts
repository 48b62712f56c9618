import type { Actor, Context } from "../context.ts";
import { sideOf } from "../context.ts";
import { forbidden, notFound } from "../errors.ts";
import { findSideOfRequest } from "../requests/requests.ts";
import type { Attention } from "./contract.ts";

/*
 * Who looks at which request, in the memory of this process only and for 45 seconds: nothing of it is kept. Where
 * several processes serve one company, people see those whom the same process serves (docs/decisions/0031).
 */

type Member = Actor & { kind: "member" };

interface Present {
  memberId: string;
  name: string;
  /** Whose person: null for the company's own. */
  side: string | null;
  tab: string;
  writing: boolean;
  untilMs: number;
}

const staysMs = 45_000;
/** Windows of one member; the eldest is forgotten. */
const mostOfMember = 20;
const mostNamed = 50;

export interface Attentions {
  take(at: Place, present: Omit<Present, "untilMs"> & { here: boolean }, nowMs: number): void;
  othersOf(at: Place, who: Pick<Present, "memberId" | "side">): Attention["others"];
  /** Members at this request. */
  membersAt(at: Place): Pick<Present, "memberId" | "side">[];
  /** Forgets whoever said nothing for too long. */
  sweep(nowMs: number): void;
  forgetMember(companyId: string, memberId: string): void;
}
export interface Place {
  companyId: string;
  requestId: string;
}

/** @param changed told of each request whose people changed */
export function openAttentions(changed: (place: Place) => void): Attentions {
  const places = new Map<string, { place: Place; people: Map<string, Present> }>();
  const keyOf = ({ companyId, requestId }: Place) => `${companyId} ${requestId}`;
  const remove = (place: Place, who: string) => {
    const there = places.get(keyOf(place));
    if (!there?.people.delete(who)) return;
    if (there.people.size === 0) places.delete(keyOf(place));
    changed(place);
  };
  const removeWhere = (gone: (present: Present, place: Place) => boolean) => {
    for (const { place, people } of places.values()) {
      for (const [who, present] of people) if (gone(present, place)) remove(place, who);
    }
  };
  const windowsOf = (companyId: string, memberId: string) =>
    [...places.values()]
      .filter(({ place }) => place.companyId === companyId)
      .flatMap(({ place, people }) => [...people].map(([who, present]) => ({ place, who, present })))
      .filter(({ present }) => present.memberId === memberId)
      .toSorted((a, b) => a.present.untilMs - b.present.untilMs);
  const take: Attentions["take"] = (place, { here, ...present }, nowMs) => {
    const who = `${present.memberId} ${present.tab}`;
    if (!here) return remove(place, who);
    const there = places.get(keyOf(place)) ?? { place, people: new Map<string, Present>() };
    const before = there.people.get(who);
    if (!before) {
      const windows = windowsOf(place.companyId, present.memberId);
      for (const old of windows.slice(0, Math.max(0, windows.length + 1 - mostOfMember))) remove(old.place, old.who);
    }
    places.set(keyOf(place), there);
    there.people.set(who, { ...present, untilMs: nowMs + staysMs });
    const same = before?.writing === present.writing && before.name === present.name && before.side === present.side;
    if (!same) changed(place);
  };
  return {
    take,
    othersOf: (place, who) => othersOf([...(places.get(keyOf(place))?.people.values() ?? [])], who),
    membersAt: (place) => [...(places.get(keyOf(place))?.people.values() ?? [])],
    sweep: (nowMs) => removeWhere(({ untilMs }) => untilMs <= nowMs),
    forgetMember: (companyId, memberId) =>
      removeWhere((present, place) => place.companyId === companyId && present.memberId === memberId),
  };
}

/** Each member once, writing where they write in any window. Two suppliers' people never see each other. */
function othersOf(people: readonly Present[], { memberId, side }: Pick<Present, "memberId" | "side">) {
  const others = new Map<string, Attention["others"][number]>();
  for (const one of people) {
    const meet = one.side === null || side === null || one.side === side;
    if (one.memberId === memberId || !meet) continue;
    const writing = one.writing || (others.get(one.memberId)?.writing ?? false);
    others.set(one.memberId, { memberId: one.memberId, name: one.name, writing });
  }
  return [...others.values()].slice(0, mostNamed);
}

/**
 * The actor looks at a request, or no longer. @returns who else does, as far as the two may know of each other
 * @throws AppError not_found
 */
export async function shareAttention(
  ctx: Context,
  input: { attentions: Attentions; requestId: string; tab: string; here: boolean; writing: boolean },
): Promise<Attention> {
  if (ctx.actor.kind !== "member") throw forbidden();
  const { attentions, requestId, ...said } = input;
  const request = await findSideOfRequest(ctx, { requestId });
  if (!request) throw notFound();
  const place = { companyId: ctx.company.id, requestId };
  const { memberId, name } = ctx.actor as Member;
  const side = sideOf(ctx.actor);
  // What was a supplier's and is handed over no longer concerns its people, nor do they those who work on it now.
  const concerned = side === null || request.supplierId === side;
  attentions.take(place, { memberId, name, side, ...said, here: said.here && concerned }, ctx.now.getTime());
  return { others: concerned ? attentions.othersOf(place, { memberId, side }) : [] };
}
