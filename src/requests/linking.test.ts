import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { asSession, companyWithOwner, outcomeOf, someoneOfSupplier } from "../accounts/fixture.ts";
import { addSupplier } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { rulesOf } from "./rules.ts";
import { changingColumns } from "./ledger-columns.ts";
import type { Facts } from "./facts.ts";
import { recordedEntries } from "./recorded-entries.ts";
import {
  actOnRequests,
  checkChains,
  foldEntries,
  getRequest,
  linkRequests,
  listEntries,
  mergeRequests,
  openRequests,
  suggestRequests,
  undoEntry,
  type ActEntry,
} from "./requests.ts";

const platform = await testPlatform();

/** A company with two suppliers, a technician of each; `a` and `b` are the first's, `c` the other's. */
async function threeRequests() {
  const { companyId, token } = await companyWithOwner(platform);
  const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(companyId, work);
  const as = (who: string) => {
    const run = <T>(work: (ctx: Context) => Promise<T>) => asSession(platform, companyId, who, work);
    const read = (id: string) => run((ctx) => getRequest(ctx, id));
    return { run, read };
  };
  const ours = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const other = await within((ctx) => addSupplier(ctx, { name: "Contoso" }));
  const tom = await someoneOfSupplier(platform, companyId, ours.id);
  const uma = await someoneOfSupplier(platform, companyId, other.id, { name: "Uma Other" });
  const [a, b, c] = await within((ctx) =>
    openRequests(ctx, [
      { subject: "Printer jams", supplierId: ours.id },
      { subject: "Printer is dead", supplierId: ours.id },
      { subject: "Toner delivery is late", supplierId: other.id },
    ]),
  );
  /** The rows are what their entries add up to, and the chains hold. */
  const proven = () =>
    within(async (ctx) => {
      for (const id of [a!, b!, c!]) {
        const row = (await ctx.db
          .selectFrom("requests")
          .selectAll()
          .where("id", "=", id)
          .executeTakeFirstOrThrow()) as Facts;
        const of = { companyId, id, number: row.number };
        const folded = foldEntries(of, await recordedEntries(ctx, id), await rulesOf(ctx))!;
        for (const column of changingColumns) {
          if (!folded.untold.includes(column)) assert.deepEqual(folded.facts[column], row[column], column);
        }
      }
      assert.equal((await checkChains(ctx)).faultCount, 0);
    });
  return {
    companyId,
    within,
    a: a!,
    b: b!,
    c: c!,
    ours,
    other,
    company: as(token),
    tom: as(tom.token),
    uma: as(uma.token),
    proven,
  };
}

const linksOf = async (reading: ReturnType<typeof getRequest>) =>
  (await reading).links.map(({ relation, request }) => `${relation} #${request.number} ${request.state}`);

describe("links", () => {
  test("both sides say it, each from its own; taking it away on one side takes it away on both", async () => {
    const { company, tom, a, b, proven } = await threeRequests();
    await company.run((ctx) => linkRequests(ctx, [{ requestId: b, relation: "follow_up_of", otherId: a }]));
    assert.deepEqual(await linksOf(company.read(b)), ["follow_up_of #1 open"]);
    assert.deepEqual(await linksOf(company.read(a)), ["followed_by #2 open"]);
    assert.deepEqual(await linksOf(tom.read(a)), ["followed_by #2 open"]);
    await proven();

    // Long after, and after something else was said.
    platform.clock.advance({ hours: 1 });
    await company.run((ctx) => actOnRequests(ctx, [{ requestId: a, entry: { kind: "message", text: "Again" } }]));
    const { links } = await company.read(a);
    await company.run((ctx) => undoEntry(ctx, { requestId: a, seq: links[0]!.seq }));
    assert.deepEqual(await linksOf(company.read(a)), []);
    assert.deepEqual(await linksOf(company.read(b)), []);
    assert.ok((await company.read(b)).entries.find(({ kind }) => kind === "linked")!.takenBack);
    await proven();
    assert.equal(
      await outcomeOf(company.run((ctx) => undoEntry(ctx, { requestId: a, seq: links[0]!.seq }))),
      "undo_not_possible",
    );
  });

  test("a link between requests of two suppliers is the company's own affair", async () => {
    const { company, tom, uma, a, c, proven } = await threeRequests();
    await company.run((ctx) => linkRequests(ctx, [{ requestId: a, relation: "same_cause", otherId: c }]));
    assert.deepEqual(await linksOf(company.read(a)), ["same_cause #3 open"]);
    for (const [who, id] of [
      [tom, a],
      [uma, c],
    ] as const) {
      const { links, entries } = await who.read(id);
      assert.deepEqual([links, entries.map(({ kind }) => kind)], [[], ["reported"]]);
    }
    await proven();
  });

  test("what cannot be: to itself, twice, another company's, by a supplier's people", async () => {
    const { company, tom, a, b } = await threeRequests();
    const link = (who: typeof company, otherId: string) =>
      outcomeOf(who.run((ctx) => linkRequests(ctx, [{ requestId: a, relation: "same_cause", otherId }])));
    assert.equal(await link(company, a), "invalid_input");
    assert.equal(await link(tom, b), "forbidden");
    const foreign = await threeRequests();
    assert.equal(await link(company, foreign.a), "not_found");
    await link(company, b);
    assert.equal(await link(company, b), "already_linked");
    const { links } = await company.read(a);
    assert.equal(await outcomeOf(tom.run((ctx) => undoEntry(ctx, { requestId: a, seq: links[0]!.seq }))), "forbidden");
    assert.equal((await company.read(b)).links.length, 1);
  });
});

describe("a follow-up", () => {
  test("of what ended more than 14 days ago is a new request, linked by itself; the old one stays as it is", async () => {
    const { company, a } = await threeRequests();
    const act = (entry: ActEntry) => company.run((ctx) => actOnRequests(ctx, [{ requestId: a, entry }]));
    await act({ kind: "confirmed" });
    platform.clock.advance({ hours: 24 * 15 });
    const refusal = await act({ kind: "reopened", text: "Again" }).catch((error: unknown) => error);
    assert.match((refusal as Error).message, /followUpOf/);
    const [id] = await company.run((ctx) => openRequests(ctx, [{ subject: "Printer jams again", followUpOf: a }]));
    assert.deepEqual(await linksOf(company.read(id!)), ["follow_up_of #1 closed"]);
    const old = await company.read(a);
    assert.deepEqual([old.state, old.outcome, old.reopenCount], ["closed", "confirmed", 0]);
    assert.deepEqual(await linksOf(company.read(a)), ["followed_by #4 open"]);
  });
});

test("what sounds like an earlier one hears how many had its cause", async () => {
  const { company, uma, a, b, c } = await threeRequests();
  await company.run((ctx) =>
    linkRequests(ctx, [
      { requestId: a, relation: "same_cause", otherId: b },
      { requestId: c, relation: "same_cause", otherId: a },
      { requestId: a, relation: "follow_up_of", otherId: c },
    ]),
  );
  const heard = async (who: typeof company, subject: string) => {
    const { open } = await who.run((ctx) => suggestRequests(ctx, { subject }));
    return open.map(({ number, sameCause }) => `#${number} ${sameCause}`);
  };
  assert.deepEqual(await heard(company, "The printer jams "), ["#1 2"]);
  assert.deepEqual(await heard(uma, "Toner delivery is late "), ["#3 0"], "which other one is not theirs to know");
});

describe("another matter that was told with it", () => {
  test("is a request of its own, linked by itself; what it was told in stays as it is", async () => {
    const { company, tom, uma, a, proven } = await threeRequests();
    const before = await company.read(a);
    const [id] = await company.run((ctx) =>
      openRequests(ctx, [{ subject: "The scanner stays dark", supplierId: before.supplier!.id, splitFrom: a }]),
    );
    assert.deepEqual(await linksOf(company.read(id!)), ["split_from #1 open"]);
    assert.deepEqual(await linksOf(company.read(a)), ["split_into #4 open"]);
    assert.deepEqual(await linksOf(tom.read(id!)), ["split_from #1 open"]);
    const after = await company.read(a);
    assert.deepEqual(after.entries.slice(0, before.entries.length), before.entries);
    await proven();
    const foreign = await threeRequests();
    const strange = company.run((ctx) => openRequests(ctx, [{ subject: "Not theirs", splitFrom: foreign.a }]));
    assert.equal(await outcomeOf(strange), "not_found");
    assert.equal(await outcomeOf(uma.read(id!)), "not_found");
  });
});

describe("a merged request", () => {
  const merge = (requestId: string, intoId: string) => (ctx: Context) => mergeRequests(ctx, [{ requestId, intoId }]);
  const say =
    (requestId: string, text: string, kind: "message" | "note" = "message") =>
    (ctx: Context) =>
      actOnRequests(ctx, [{ requestId, entry: { kind, text } }]);
  const lines = (entries: Awaited<ReturnType<typeof getRequest>>["entries"]) =>
    entries.map(({ from, kind, content }) => `${from ? `#${from.number} ` : ""}${content?.["text"] ?? kind}`);

  test("goes on in the other, whose timeline shows both in the order of time; no chain is touched", async () => {
    const { company, tom, a, b, proven } = await threeRequests();
    const tick = () => platform.clock.advance({ minutes: 1 });
    for (const step of [say(a, "one"), say(b, "two"), say(a, "three"), say(b, "secret", "note"), merge(b, a)]) {
      tick();
      await company.run(step);
    }
    const merged = await company.read(b);
    assert.deepEqual([merged.state, merged.outcome], ["closed", "duplicate"]);
    assert.deepEqual(await linksOf(company.read(b)), ["merged_into #1 open"]);
    assert.deepEqual(await linksOf(company.read(a)), ["merged_from #2 closed"]);
    const both = await company.read(a);
    const expected = [
      "reported",
      "#2 reported",
      "one",
      "#2 two",
      "three",
      "#2 secret",
      "merged_from",
      "#2 merged_into",
    ];
    assert.deepEqual(lines(both.entries), expected);
    assert.equal(both.entryCount, 8);
    // The supplier's people see what they saw before: no note of the company's, here as there.
    assert.deepEqual(
      lines((await tom.read(a)).entries),
      expected.filter((line) => line !== "#2 secret"),
    );
    await proven();

    const pages = async (from: "first" | "latest") => {
      const read: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await company.run((ctx) => listEntries(ctx, a, { limit: 3, cursor, from }));
        read.push(...lines(page.items));
        cursor = page.next;
      } while (cursor);
      return read;
    };
    assert.deepEqual(await pages("first"), expected);
    assert.deepEqual((await pages("latest")).toReversed(), expected);
  });

  test("names the other's head, and is named with its own after that", async () => {
    const { company, within, a, b } = await threeRequests();
    const head = async (id: string) => (await company.read(id)).entries.at(-1)!.hash;
    const before = await head(a);
    await company.run(merge(b, a));
    const content = async (id: string, kind: string) =>
      (await within((ctx) => recordedEntries(ctx, id))).find((entry) => entry.kind === kind)!.content!["head"];
    assert.deepEqual(await content(b, "merged_into"), { seq: 1, hash: before });
    assert.deepEqual(await content(a, "merged_from"), { seq: 2, hash: await head(b) });
  });

  test("of another supplier shows neither supplier anything of the other's", async () => {
    const { company, tom, uma, a, c, proven } = await threeRequests();
    await company.run(say(a, "for Northwind"));
    await company.run(say(c, "for Contoso"));
    await company.run(merge(c, a));
    assert.deepEqual(lines((await tom.read(a)).entries), ["reported", "for Northwind"]);
    const theirs = await uma.read(c);
    assert.deepEqual(lines(theirs.entries), ["reported", "for Contoso", "merged_into"]);
    assert.deepEqual([theirs.links, theirs.outcome], [[], "duplicate"]);
    for (const [who, id] of [
      [uma, a],
      [tom, c],
    ] as const) {
      assert.equal(await outcomeOf(who.run((ctx) => listEntries(ctx, id, { limit: 10 }))), "not_found");
    }
    assert.ok((await company.read(a)).entries.some(({ content }) => content?.["text"] === "for Contoso"));
    await proven();
  });

  test("takes no more messages, and counts once; taken back it says again what it said before", async () => {
    const { company, a, b, proven } = await threeRequests();
    const before = await company.read(b);
    await company.run(merge(b, a));
    assert.equal(await outcomeOf(company.run(say(b, "here?"))), "request_merged");
    assert.equal(await outcomeOf(company.run((ctx) => actOnRequests(ctx, [{ requestId: b, entry: { kind: "reopened", text: "x" } }]))), "request_merged"); // prettier-ignore
    assert.equal(await outcomeOf(company.run(merge(b, a))), "request_already_closed");
    assert.equal(await outcomeOf(company.run(merge(a, b))), "request_already_closed");
    platform.clock.advance({ hours: 24 });
    const { links } = await company.read(a);
    await company.run((ctx) => undoEntry(ctx, { requestId: a, seq: links[0]!.seq }));
    const after = await company.read(b);
    assert.deepEqual([after.state, after.outcome, after.promise?.dueAt], ["open", null, before.promise?.dueAt]);
    assert.deepEqual(lines((await company.read(a)).entries), ["reported", "merged_from", "undone"]);
    await company.run(say(b, "goes on by itself"));
    await proven();
  });

  test("cannot be taken back once something was written onto it, nor after 14 days, nor by a supplier's people", async () => {
    const { company, tom, a, b } = await threeRequests();
    await company.run(merge(b, a));
    const { seq } = (await company.read(b)).links[0]!;
    const undo = (who: typeof company) => outcomeOf(who.run((ctx) => undoEntry(ctx, { requestId: b, seq })));
    assert.equal(await undo(tom), "forbidden");
    assert.equal(await outcomeOf(tom.run(merge(a, b))), "forbidden");
    platform.clock.advance({ hours: 24 * 15 });
    assert.equal(await undo(company), "undo_too_late");
    await company.run(say(b, "a note of what it cost", "note"));
    assert.equal(await undo(company), "undo_not_last");
  });

  test("into one that is merged itself: the last shows all three", async () => {
    const { company, a, b, c } = await threeRequests();
    await company.run(merge(c, b));
    await company.run(merge(b, a));
    const kinds = lines((await company.read(a)).entries);
    assert.deepEqual(kinds.toSorted(), ["#2 merged_from", "#2 merged_into", "#2 reported", "#3 merged_into", "#3 reported", "merged_from", "reported"]); // prettier-ignore
  });
});
