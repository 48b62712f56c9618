import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { businessClock } from "../companies/business-time.ts";
import { AppError } from "../errors.ts";
import { emptyFacts, type Facts, type NewEntry, type Rules } from "./facts.ts";
import { foldEntries, measuredAnew, type RecordedEntry } from "./fold-entries.ts";
import { applyEntry, stand } from "./fold.ts";
import type { ImportedEvent, ImportedRequest } from "./imported-record.ts";
import { foldImported } from "./imported-states.ts";
import { measure } from "./measure.ts";
import { restoreFacts } from "./earlier-facts.ts";
import { waitedMinutes } from "./pauses.ts";

const minute = 60_000;
const hour = 60 * minute;
const monday = Date.parse("2026-03-02T00:00:00Z");

/** The same numbers in every run (mulberry32). */
function random(seed: number) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, one: <T>(of: readonly T[]): T => of[below(of.length)]! };
}
type Random = ReturnType<typeof random>;

const two = (n: number) => String(n).padStart(2, "0");
function someRules({ below, one }: Random): (supplierId: string | null) => Rules {
  const timeZone = one(["Europe/Berlin", "America/New_York", "Asia/Kathmandu"]);
  const clocks = [0, 1, 2].map(() => {
    const from = 6 + below(5);
    const days = one([
      [1, 2, 3, 4, 5],
      [1, 2, 3],
      [1, 2, 3, 4, 5, 6, 7],
    ]);
    const week = days.map((weekday) => ({ weekday, from: `${two(from)}:00`, to: `${two(from + 1 + below(10))}:30` }));
    const holidays = Array.from({ length: below(6) }, () => ({
      date: `2026-03-${two(1 + below(28))}`,
      name: "Closed",
    }));
    return businessClock({ timeZone, hours: [{ validFrom: "2026-01-01", week }], holidays });
  });
  const since = `2026-03-${two(1 + below(28))}`;
  const [early, late] = [1 + below(500), 1 + below(500)];
  const targetsOn: Rules["targetsOn"] = (date, priority) => {
    const responseMinutes = date < since ? early : late;
    if (priority === "low") return undefined;
    return { responseMinutes, resolutionMinutes: responseMinutes * (priority === "high" ? 2 : 7) };
  };
  return (supplierId) => ({ clock: clocks[supplierId === "a" ? 1 : supplierId === "b" ? 2 : 0]!, targetsOn });
}

function someAct({ below, one }: Random, happenedAt: Date): NewEntry {
  const later = () => new Date(happenedAt.getTime() + below(5 * 24) * hour).toISOString();
  const party = one(["supplier", "company", "third_party"] as const);
  const act = (kind: NewEntry["kind"], content: NewEntry["content"] = {}): NewEntry => {
    return { kind, happenedAt, audience: "everyone", by: { party }, content };
  };
  return one([
    () => act("message", { text: "x" }),
    () => act("note"),
    () => act("worked", { minutes: 1 + below(90) }),
    () => act("promised", { party, text: "soon", dueAt: later() }),
    () => act("waiting", { on: one(["company", "third_party"]), reason: "parts", ...one([{}, { until: later() }]) }),
    () => act("waiting", { on: "company", reason: "an answer" }),
    () => act("resumed"),
    () => act("changed", { from: {}, to: { priority: one(["high", "normal", "low"]) } }),
    () => act("changed", { from: {}, to: { supplier_id: one(["a", "b", null]), reporter_id: null } }),
    () => act("resolved"),
    () => act("confirmed"),
    () => act("reopened"),
    () => act("closing_announced"),
    () => act("closed", { outcome: one(["cancelled", "unconfirmed"]) }),
  ])();
}

interface Life {
  entries: RecordedEntry[];
  /** After each entry, measured by the rules it was lived under. */
  versions: Facts[];
}

const identity = { companyId: "c", id: "r", number: 1 };

/** Acts that are refused are none; one in four is logged later than another that happened after it. */
function live(draw: Random, rulesFor: (supplierId: string | null) => Rules): Life {
  const reportedAt = new Date(monday + draw.below(14 * 24 * 60) * minute);
  const facts = emptyFacts({ ...identity, reportedAt, recordedAt: reportedAt });
  facts.supplier_id = draw.one(["a", "b", null]);
  stand(facts);
  measure(facts, rulesFor(facts.supplier_id));
  const life: Life = { entries: [], versions: [] };
  const record = (entry: NewEntry) => {
    facts.head_seq++;
    const { kind, happenedAt, audience, by, content } = entry;
    const header = { seq: facts.head_seq, recordedAt: reportedAt, actor: "system:test", hash: facts.head_hash };
    const full = { ...content, by: { party: by.party } };
    life.entries.push({ ...header, kind, happenedAt, audience, supplierId: facts.supplier_id, content: full });
    life.versions.push({ ...facts });
  };
  const reported: NewEntry["content"] = { subject: "", kind: "incident", priority: "normal", channel: "other" };
  record({
    kind: "reported",
    happenedAt: reportedAt,
    audience: "everyone",
    by: { party: "company" },
    content: reported,
  });
  let now = reportedAt.getTime();
  for (let left = 1 + draw.below(14); left > 0; left--) {
    now += draw.below(3 * 24 * 60) * minute;
    const entry = someAct(draw, new Date(draw.below(4) === 0 ? now - draw.below(2 * 24 * 60) * minute : now));
    const to = entry.content["to"] as { supplier_id?: string | null } | undefined;
    // One in six is thought better of at once: the request says again what it said before.
    const before = draw.below(6) === 0 ? { ...facts } : undefined;
    try {
      applyEntry(facts, entry, rulesFor(to?.supplier_id === undefined ? facts.supplier_id : to.supplier_id));
      record(entry);
      if (!before) continue;
      const undone: NewEntry = { ...entry, kind: "undone", content: { undoes: facts.head_seq } };
      restoreFacts(facts, before);
      record(undone);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return life;
}

function someImport({ below, one }: Random): ImportedRequest {
  let at = monday + below(14 * 24 * 60) * minute;
  const reportedAt = new Date(at);
  const maybe = () => one([undefined, null, new Date(at + below(9 * 24 * 60) * minute)]);
  const states: ImportedEvent["state"][] = [
    null,
    { word: "New", state: "open" },
    { word: "With you", state: "open", waitingOn: "company" },
    { word: "Vendor", state: "open", waitingOn: "third_party" },
    { word: "Fixed", state: "resolved" },
    { word: "Closed", state: "closed", outcome: "confirmed" },
  ];
  const told = { key: "k", reference: null, subject: "", description: null, kind: "incident", category: null } as const;
  const nobody = { channel: "other", asset: null, reporterId: null, technicianId: null, source: {} } as const;
  return {
    ...told,
    ...nobody,
    priority: one(["high", "normal", "low"]),
    supplierId: one(["a", "b", null]),
    reportedAt,
    firstResponseAt: maybe(),
    resolvedAt: maybe(),
    closedAt: maybe(),
    reportedDigest: Buffer.alloc(0),
    fingerprint: Buffer.alloc(0),
    events: Array.from({ length: below(9) }, () => {
      at += below(2 * 24 * 60) * minute;
      const [digest, note, by, source] = [Buffer.alloc(0), null, null, {}];
      return { digest, note, by, source, happenedAt: new Date(at), state: one(states) };
    }),
  };
}

describe("what a change of settings sets right", () => {
  test("a request measured anew says what its entries say by the new settings, in every version", () => {
    const draw = random(7);
    const came = { waited: 0, worked: 0, reopened: 0, counted: 0, handedOver: 0, undone: 0 };
    for (let run = 0; run < 3000; run++) {
      const [before, after] = [someRules(draw), someRules(draw)];
      const { entries, versions } = live(draw, before);
      for (const [index, version] of versions.entries()) {
        const anew = measuredAnew(version, after);
        const folded = foldEntries(identity, entries.slice(0, index + 1), after)!.facts;
        assert.deepEqual({ ...anew, facts_from: 0 }, { ...folded, facts_from: 0 }, `life ${run}, entry ${index + 1}`);
        assert.deepEqual(measuredAnew(anew, before), measuredAnew(version, before), "there and back");
      }
      const last = versions.at(-1)!;
      if (last.waited_minutes > 0) came.waited++;
      if (last.worked_minutes > 0) came.worked++;
      if (entries.some(({ kind }) => kind === "undone")) came.undone++;
      if (last.reopen_count > 0) came.reopened++;
      if (last.waiting_on && last.pauses?.at(-1) && !("until" in last.pauses.at(-1)!)) came.counted++;
      if (new Set(versions.map(({ supplier_id }) => supplier_id)).size > 1) came.handedOver++;
    }
    for (const [what, count] of Object.entries(came)) assert.ok(count > 100, `${what}: ${count}`);
  });

  test("an imported request measured anew says what its source says by the new settings, and after acts on it", () => {
    const draw = random(11);
    for (let run = 0; run < 3000; run++) {
      const [before, after] = [someRules(draw), someRules(draw)];
      const request = someImport(draw);
      const [one, other] = [before, after].map((rulesFor) => {
        const facts = emptyFacts({ ...identity, reportedAt: request.reportedAt, recordedAt: request.reportedAt });
        foldImported(facts, request, rulesFor(request.supplierId));
        return facts;
      }) as [Facts, Facts];
      assert.deepEqual(measuredAnew(one, after), other, `import ${run}`);
      const act = someAct(draw, new Date(monday + 40 * 24 * hour));
      try {
        applyEntry(one, act, before(one.supplier_id));
      } catch (error) {
        if (error instanceof AppError) continue;
        throw error;
      }
      const to = act.content["to"] as { supplier_id?: string | null } | undefined;
      applyEntry(other, act, after(to?.supplier_id === undefined ? other.supplier_id : to.supplier_id));
      assert.deepEqual(measuredAnew(one, after), other, `import ${run} and ${act.kind}`);
    }
  });

  test("what somebody named stays; what was counted is counted anew", () => {
    const clockOf = (to: string) =>
      businessClock({
        timeZone: "UTC",
        hours: [{ validFrom: "2026-01-01", week: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "08:00", to })) }],
        holidays: [],
      });
    const rules = (to: string): Rules => ({
      clock: clockOf(to),
      targetsOn: () => ({ responseMinutes: 60, resolutionMinutes: 600 }),
    });
    const at = (text: string) => new Date(`2026-03-${text}:00Z`);
    const facts = emptyFacts({ ...identity, reportedAt: at("02T08:00"), recordedAt: at("02T08:00") });
    stand(facts);
    const wait = (until?: Date): NewEntry => ({
      kind: "waiting",
      happenedAt: at("02T10:00"),
      audience: "everyone",
      by: { party: "supplier" },
      content: { on: "company", reason: "the key", ...(until ? { until: until.toISOString() } : {}) },
    });
    const counted = { ...facts };
    applyEntry(counted, wait(), rules("16:00"));
    assert.deepEqual(counted.promise_due_at, at("04T16:00"));
    assert.deepEqual(measuredAnew(counted, () => rules("18:00")).promise_due_at, at("04T18:00"));
    const named = { ...facts };
    applyEntry(named, wait(at("03T12:00")), rules("16:00"));
    assert.deepEqual(measuredAnew(named, () => rules("18:00")).promise_due_at, at("03T12:00"));
  });

  test("a minute that two waits share is taken off once, and one counted before its times were kept stays", () => {
    const rules = { clock: { minutesBetween: (from: number, to: number) => (to - from) / minute } } as Rules;
    const iso = (hours: number) => new Date(monday + hours * hour).toISOString();
    const of = (pauses: Facts["pauses"]) =>
      waitedMinutes({ pauses, reported_at: new Date(monday), resolved_at: new Date(monday + 10 * hour) }, rules);
    assert.equal(
      of([
        { from: iso(1), to: iso(3) },
        { from: iso(2), to: iso(5) },
      ]),
      240,
    );
    assert.equal(
      of([
        { from: iso(6), to: iso(7) },
        { from: iso(1), to: iso(2) },
      ]),
      120,
    );
    assert.equal(of([{ from: iso(9), to: iso(12) }]), 60);
    assert.equal(of([{ minutes: 90 }, { from: iso(1), to: iso(2) }, { from: iso(8) }]), 150);
    assert.equal(of(null), 0);
  });
});
