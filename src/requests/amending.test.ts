import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { changingColumns } from "./ledger-columns.ts";
import { rulesOf } from "./rules.ts";
import { recordedEntries } from "./recorded-entries.ts";
import {
  actOnRequests,
  checkChains,
  correctEntry,
  foldEntries,
  getRequest,
  listRequests,
  openRequests,
  undoEntry,
  type ActEntry,
  type Correction,
} from "./requests.ts";
import type { Facts } from "./facts.ts";

const platform = await testPlatform();
const at = (time: string) => `2026-11-24T${time}:00.000Z`;

async function newRequest() {
  platform.clock.set(at("09:00"));
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const id = await within(async (ctx) => (await openRequests(ctx, [{ subject: "The door opener hums" }]))[0]!);
  const read = () => within((ctx) => getRequest(ctx, id));
  const act = async (...entries: ActEntry[]) => {
    for (const entry of entries) await within((ctx) => actOnRequests(ctx, [{ requestId: id, entry }]));
    return read();
  };
  const undo = async (seq: number) => {
    await within((ctx) => undoEntry(ctx, { requestId: id, seq }));
    return read();
  };
  const correct = async (correction: Omit<Correction, "requestId">) => {
    await within((ctx) => correctEntry(ctx, { requestId: id, ...correction }));
    return read();
  };
  /** The row is what its entries add up to, and the chain holds. */
  const proven = () =>
    within(async (ctx) => {
      const row = (await ctx.db
        .selectFrom("requests")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirstOrThrow()) as Facts;
      const of = { companyId: company, id, number: row.number };
      const folded = foldEntries(of, await recordedEntries(ctx, id), await rulesOf(ctx))!;
      for (const column of changingColumns) {
        if (!folded.untold.includes(column)) assert.deepEqual(folded.facts[column], row[column], column);
      }
      assert.equal((await checkChains(ctx)).faultCount, 0);
    });
  return { id, company, within, read, act, undo, correct, proven };
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "nothing was refused",
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

/** All that a request says but for its version and its timeline. */
const saying = (request: Awaited<ReturnType<typeof getRequest>>) => ({
  ...request,
  version: 0,
  entries: [],
  entryCount: 0,
  undoable: null,
});

describe("undo", () => {
  test("of each act: the request says again what it said before, and that does not count as reopening", async () => {
    const { act, undo, proven } = await newRequest();
    let before = await act({ kind: "message", text: "We look into it", by: { party: "supplier" } });
    const acts: ActEntry[] = [
      { kind: "message", text: "to the wrong request" },
      { kind: "note", text: "the same", audience: "company" },
      { kind: "worked", minutes: 30 },
      { kind: "promised", dueAt: at("16:00") },
      { kind: "changed", to: { subject: "Something else", priority: "high" } },
      { kind: "waiting", on: "company", reason: "the key" },
      { kind: "confirmed" },
      { kind: "cancelled" },
      { kind: "resolved", text: "done?" },
    ];
    for (const entry of acts) {
      platform.clock.advance({ seconds: 40 });
      const done = await act(entry);
      assert.equal(done.undoable?.seq, done.version, entry.kind);
      platform.clock.advance({ seconds: 5 });
      const after = await undo(done.version);
      assert.deepEqual(saying(after), saying(before), entry.kind);
      assert.equal(after.undoable, null, "there is nothing more to take back");
      const taken = after.entries.find(({ seq }) => seq === done.version)!;
      assert.equal(taken.takenBack?.at, after.entries.find(({ seq }) => seq === after.version)!.recordedAt);
      const undone = after.entries.find(({ seq }) => seq === after.version)!;
      assert.deepEqual(
        [undone.kind, undone.content, undone.audience],
        ["undone", { undoes: done.version }, taken.audience],
      );
      before = after;
    }
    assert.equal(before.reopenCount, 0);
    await proven();
  });

  test("leaves no trace in the figures, and the record as of the moment between still says what it said", async () => {
    const { id, act, undo, within } = await newRequest();
    await act({ kind: "resolved" });
    const between = platform.clock().toISOString();
    platform.clock.advance({ minutes: 2 });
    await undo(2);
    const listed = (filter: object) =>
      within(async (ctx) =>
        (await listRequests(ctx, { limit: 5, sort: "reported", ...filter })).items.map((r) => r.state),
      );
    assert.deepEqual(await listed({ reopened: true }), []);
    assert.deepEqual(await listed({}), ["open"]);
    assert.deepEqual(await listed({ asOf: between }), ["resolved"]);
    assert.equal((await act({ kind: "resolved" })).reopenCount, 0, id);
  });

  test("is for one's own, the last, and a few minutes: all else is refused, and nothing changes", async () => {
    const { id, act, undo, within, read, company } = await newRequest();
    assert.equal(await refusal(undo(1)), "undo_not_possible", "what was reported is cancelled, not undone");
    assert.equal(await refusal(undo(9)), "not_found");
    await act({ kind: "message", text: "one" });
    await act({ kind: "message", text: "two" });
    assert.equal(await refusal(undo(2)), "undo_not_last");
    assert.equal(
      await refusal(within((ctx) => undoEntry(ctx, { requestId: id, seq: 3, ifMatch: 2 }))),
      "undo_not_last",
    );
    const other = platform.within(company, (ctx) =>
      undoEntry({ ...ctx, actor: { kind: "operator", name: "somebody else" } }, { requestId: id, seq: 3 }),
    );
    assert.equal(await refusal(other), "undo_not_own");
    platform.clock.advance({ minutes: 11 });
    assert.equal((await read()).undoable, null);
    assert.equal(await refusal(undo(3)), "undo_too_late");
    assert.equal((await read()).version, 3);
    await act({ kind: "message", text: "three" });
    await undo(4);
    assert.equal(await refusal(undo(5)), "undo_not_possible", "an undo is not undone: do it again");
  });
});

describe("a correction", () => {
  test("keeps the earlier words, shows the right ones, and can itself be corrected and undone", async () => {
    const { act, correct, undo, proven } = await newRequest();
    await act({ kind: "note", text: "Call Tim", audience: "company" });
    const once = await correct({ seq: 2, text: "Call Tom" });
    const [note, corrected] = [2, 3].map((seq) => once.entries.find((entry) => entry.seq === seq)!);
    assert.equal(note!.content!["text"], "Call Tim");
    assert.equal(note!.corrected?.text, "Call Tom");
    assert.deepEqual(corrected!.content, { corrects: 2, from: { text: "Call Tim" }, to: { text: "Call Tom" } });
    assert.equal(corrected!.audience, "company", "what corrects a note for one side is for that side alone");
    const again = await correct({ seq: 2, text: "Call Tom at noon" });
    assert.deepEqual(again.entries.find(({ seq }) => seq === 4)!.content!["from"], { text: "Call Tom" });
    const back = await undo(4);
    assert.equal(back.entries.find(({ seq }) => seq === 2)!.corrected?.text, "Call Tom");
    assert.equal((await correct({ seq: 2, text: "Call Tom" })).version, back.version, "nothing differs: no entry");
    await proven();
  });

  test("of a time or of minutes is counted as if it had been said right at once", async () => {
    const { act, correct, proven } = await newRequest();
    platform.clock.set(at("15:00"));
    const by = { party: "supplier" } as const;
    await act({ kind: "message", text: "On my way", by, happenedAt: at("14:00") });
    await act({ kind: "worked", minutes: 300, by });
    await act({ kind: "waiting", on: "company", reason: "the key", happenedAt: at("14:10") });
    await act({ kind: "resumed", happenedAt: at("14:40") });
    const wrong = await act({ kind: "resolved", happenedAt: at("14:50") });
    assert.deepEqual([wrong.waitedMinutes, wrong.workedMinutes], [30, 300]);
    await correct({ seq: 2, happenedAt: at("09:10") });
    await correct({ seq: 3, minutes: 30 });
    await correct({ seq: 5, happenedAt: at("14:20") });
    const right = await correct({ seq: 6, happenedAt: at("14:30") });
    assert.equal(right.firstResponseAt, at("09:10"));
    assert.deepEqual([right.waitedMinutes, right.workedMinutes, right.resolvedAt], [10, 30, at("14:30")]);
    const earlier = await correct({ seq: 1, happenedAt: "2026-11-23T16:00:00.000Z" });
    assert.equal(earlier.reportedAt, "2026-11-23T16:00:00.000Z");
    assert.ok(earlier.resolutionGrossMinutes! > right.resolutionGrossMinutes!);
    await proven();
  });

  test("that cannot be is refused in words, and nothing is kept", async () => {
    const { act, correct, undo, read } = await newRequest();
    platform.clock.set(at("12:00"));
    await act({ kind: "resolved", happenedAt: at("10:00") });
    await act({ kind: "reopened", text: "It hums again", happenedAt: at("11:00") });
    const { version } = await act({ kind: "message", text: "oops" });
    await undo(version);
    const before = await read();
    assert.equal(await refusal(correct({ seq: 2, happenedAt: at("11:30") })), "happened_out_of_order");
    assert.equal(await refusal(correct({ seq: 2, happenedAt: at("08:00") })), "happened_before_reported");
    assert.equal(await refusal(correct({ seq: 1, happenedAt: at("10:30") })), "happened_before_reported");
    assert.equal(await refusal(correct({ seq: 2, happenedAt: at("23:30") })), "invalid_input");
    assert.equal(await refusal(correct({ seq: 2, minutes: 5 })), "invalid_input");
    assert.equal(await refusal(correct({ seq: version, text: "x" })), "correction_not_possible");
    assert.equal(await refusal(correct({ seq: version + 1, text: "x" })), "correction_not_possible");
    assert.equal(await refusal(correct({ seq: 77, text: "x" })), "not_found");
    assert.equal(await refusal(correct({ seq: 2, text: "x", ifMatch: 1 })), "precondition_failed");
    assert.deepEqual(await read(), before);
  });
});
