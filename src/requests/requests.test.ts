import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sql } from "kysely";
import { addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { firstBrokenLink, type ChainLink } from "./chain.ts";
import type { RequestFilter } from "./contract.ts";
import { requestColumns } from "./filter.ts";
import { changingColumns } from "./ledger-columns.ts";
import { actOnRequests, closeSilent, getRequest, listEntries, listRequests, openRequests } from "./requests.ts";
import type { ActEntry } from "./requests.ts";

const platform = await testPlatform();

/** Tuesday 24 November 2026, 10:00 in Berlin; open until 17:00. */
const morning = "2026-11-24T09:00:00.000Z";

async function newCompany() {
  platform.clock.set(morning);
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const supplier = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const open = (input: Parameters<typeof openRequests>[1][number] = { subject: "Printer does not print" }) =>
    within(async (ctx) => (await openRequests(ctx, [input]))[0]!);
  const act = (requestId: string, entry: ActEntry, ifMatch?: number) =>
    within(async (ctx) => {
      await actOnRequests(ctx, [{ requestId, entry, ifMatch }]);
      return getRequest(ctx, requestId);
    });
  const read = (id: string) => within((ctx) => getRequest(ctx, id));
  const list = (filter: RequestFilter = {}, limit = 50, cursor?: string, sort: "reported" | "due" = "reported") =>
    within((ctx) => listRequests(ctx, { ...filter, limit, cursor, sort }));
  return { company, within, supplier, open, act, read, list };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "nothing was refused",
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
}

describe("a call is logged", () => {
  test("it gets the company's next number, its targets, and a promise that stands in until somebody gives one", async () => {
    const { open, read, supplier } = await newCompany();
    await open();
    const request = await read(await open({ subject: "Screen flickers", priority: "high", reporter: { name: "Ana" } }));
    assert.equal(request.number, 2);
    assert.equal(request.state, "open");
    assert.equal(request.supplier?.id, supplier.id, "the company's only supplier is meant");
    assert.equal(request.reporter?.name, "Ana");
    assert.equal(request.responseTargetMinutes, 120);
    assert.equal(request.responseDueAt?.slice(0, 16), "2026-11-24T11:00");
    assert.deepEqual(
      [request.promise?.kind, request.promise?.party, request.promise?.dueAt],
      ["response", "supplier", request.responseDueAt],
    );
  });

  test("a past call keeps both times, and targets run in business hours from when it was reported", async () => {
    const { open, read } = await newCompany();
    // Friday 16:30 in Berlin; 240 business minutes later is Monday 12:30.
    const request = await read(await open({ subject: "Mail is down", reportedAt: "2026-11-20T15:30:00.000Z" }));
    assert.equal(request.reportedAt, "2026-11-20T15:30:00.000Z");
    assert.ok(request.recordedAt > "2026-11-24T09");
    assert.equal(request.responseDueAt, "2026-11-23T11:30:00.000Z");
    assert.equal(request.promise?.overdue, true, "silence is visible");
  });

  test("a promise given on the phone is the supplier's first word", async () => {
    const { open, read } = await newCompany();
    const promise = { party: "supplier" as const, text: "call back", dueAt: "2026-11-24T14:00:00.000Z" };
    const request = await read(await open({ subject: "No dial tone", promise }));
    assert.equal(request.promise?.text, "call back");
    assert.equal(request.responseMinutes, 0);
    assert.equal(request.entries.length, 2);
  });

  test("a time to come, or a person of nobody's, is refused and nothing is kept", async () => {
    const { open, list } = await newCompany();
    assert.equal(await refusal(open({ subject: "x", reportedAt: "2026-11-24T10:00:00.000Z" })), "invalid_input");
    const nobody = { id: "00000000-0000-7000-8000-000000000000" };
    assert.equal(await refusal(open({ subject: "x", reporter: nobody })), "invalid_input");
    assert.equal((await list()).items.length, 0);
  });
});

describe("what happens to a request", () => {
  test("response, waiting and resolution are measured; waiting is off the supplier's clock, the gross time stays", async () => {
    const { open, act } = await newCompany();
    const id = await open();
    platform.clock.set("2026-11-24T09:30:00.000Z");
    await act(id, { kind: "message", text: "We look into it.", by: { party: "supplier", name: "Tom" } });
    platform.clock.set("2026-11-24T10:00:00.000Z");
    const waiting = await act(id, { kind: "waiting", on: "company", reason: "Serial number is needed" });
    assert.deepEqual([waiting.waitingOn, waiting.promise?.party], ["company", "company"]);
    platform.clock.set("2026-11-24T11:00:00.000Z");
    const resumed = await act(id, { kind: "resumed" });
    assert.deepEqual([resumed.waitingOn, resumed.promise?.kind], [null, "resolution"]);
    platform.clock.set("2026-11-25T08:30:00.000Z");
    const resolved = await act(id, { kind: "resolved", text: "New toner" });
    assert.equal(resolved.responseMinutes, 29, "09:00:00.0xx to 09:30, whole minutes");
    assert.equal(resolved.waitedMinutes, 60);
    // Tuesday 10:00 to 17:00 and Wednesday 09:00 to 09:30 are 450 minutes, less the moment of opening.
    assert.equal(resolved.resolutionGrossMinutes, 449);
    assert.equal(resolved.resolutionMinutes, 389);
    assert.equal(resolved.resolutionElapsedMinutes, 23 * 60 + 29);
    assert.deepEqual(
      [resolved.state, resolved.promise?.kind, resolved.promise?.party],
      ["resolved", "confirmation", "company"],
    );
  });

  test("confirmed closes it; the company's own notes never count as the supplier's response", async () => {
    const { open, act } = await newCompany();
    const id = await open();
    await act(id, { kind: "note", text: "They always take long" });
    const untouched = await act(id, { kind: "message", text: "Any news?" });
    assert.equal(untouched.firstResponseAt, null);
    const closed = await act(id, { kind: "confirmed" });
    assert.deepEqual([closed.state, closed.outcome, closed.promise], ["closed", "confirmed", null]);
    assert.equal(await refusal(act(id, { kind: "confirmed" })), "request_already_closed");
  });

  test("reopening within 14 days brings it back; the time it counted as done is off the clock; later it is refused", async () => {
    const { open, act } = await newCompany();
    const id = await open();
    platform.clock.set("2026-11-24T10:00:00.000Z");
    await act(id, { kind: "resolved" });
    platform.clock.set("2026-11-24T13:00:00.000Z");
    const reopened = await act(id, { kind: "reopened", text: "Not at all" });
    assert.deepEqual([reopened.state, reopened.reopenCount, reopened.resolvedAt], ["open", 1, null]);
    platform.clock.set("2026-11-24T14:00:00.000Z");
    const again = await act(id, { kind: "resolved" });
    assert.deepEqual([again.resolutionGrossMinutes, again.resolutionMinutes], [299, 119]);
    platform.clock.set("2026-12-08T14:00:00.001Z");
    assert.equal(await refusal(act(id, { kind: "reopened", text: "Again" })), "reopening_too_late");
  });

  test("a promise is kept by a word from the side that gave it", async () => {
    const { open, act } = await newCompany();
    const id = await open();
    const given = await act(id, { kind: "promised", text: "Visit", dueAt: "2026-11-25T09:00:00.000Z" });
    assert.equal(given.promise?.kind, "given");
    const ours = await act(id, { kind: "message", text: "Door is open from 8" });
    assert.equal(ours.promise?.kind, "given");
    const kept = await act(id, { kind: "message", text: "We were there", by: { party: "supplier" } });
    assert.equal(kept.promise?.kind, "resolution");
  });

  test("what is recorded later keeps its time: the timeline is in the order things happened, the chain as recorded", async () => {
    const { open, act, within } = await newCompany();
    const id = await open();
    platform.clock.set("2026-11-24T12:00:00.000Z");
    await act(id, { kind: "message", text: "second" });
    const request = await act(id, { kind: "message", text: "first", happenedAt: "2026-11-24T10:00:00.000Z" });
    assert.deepEqual(
      request.entries.map((e) => [e.seq, e.content?.["text"] ?? e.kind]),
      [
        [1, "reported"],
        [3, "first"],
        [2, "second"],
      ],
    );
    assert.equal(
      await refusal(act(id, { kind: "message", text: "x", happenedAt: "2026-11-24T08:00:00.000Z" })),
      "happened_before_reported",
    );
    const page = await within((ctx) => listEntries(ctx, id, { limit: 2 }));
    const rest = await within((ctx) => listEntries(ctx, id, { limit: 2, cursor: page.next }));
    assert.deepEqual(
      [...page.items, ...rest.items].map((e) => e.seq),
      [1, 3, 2],
    );
  });

  test("only what differs becomes an entry, with what it was before", async () => {
    const { open, act } = await newCompany();
    const id = await open();
    const changed = await act(id, { kind: "changed", to: { priority: "critical", subject: "Printer does not print" } });
    assert.deepEqual(changed.entries[1]?.content, { from: { priority: "normal" }, to: { priority: "critical" } });
    assert.equal(changed.responseTargetMinutes, 60);
    const same = await act(id, { kind: "changed", to: { priority: "critical" } });
    assert.equal(same.version, changed.version);
  });

  test("who saw an older version is told, and nothing of theirs is kept", async () => {
    const { open, act, read } = await newCompany();
    const id = await open();
    await act(id, { kind: "message", text: "one" }, 1);
    assert.equal(await refusal(act(id, { kind: "message", text: "two" }, 1)), "precondition_failed");
    assert.equal((await read(id)).version, 2);
  });

  test("two at the same moment: both entries are there, one after the other, and the chain holds", async () => {
    const { open, act, read } = await newCompany();
    const id = await open();
    await Promise.all(Array.from({ length: 8 }, (_, i) => act(id, { kind: "message", text: `word ${i}` })));
    assert.equal((await read(id)).version, 9);
    assert.equal(firstBrokenLink(await chainOf(id)), undefined);
  });

  test("silence closes it as unconfirmed only after notice, and never when the reporter could not be told", async () => {
    const { open, act, read, within } = await newCompany();
    const id = await open();
    await act(id, { kind: "resolved" });
    const tick = async (at: string, reached = true) => {
      platform.clock.set(at);
      return within((ctx) => closeSilent(ctx, () => reached));
    };
    assert.deepEqual(await tick("2026-11-26T18:00:00Z"), { announced: 0, closed: 0 });
    assert.deepEqual(await tick("2026-12-20T18:00:00Z", false), { announced: 0, closed: 0 });
    assert.deepEqual(await tick("2026-11-27T18:00:00Z"), { announced: 1, closed: 0 });
    assert.deepEqual(await tick("2026-12-01T15:00:00Z"), { announced: 0, closed: 0 });
    assert.deepEqual(await tick("2026-12-01T18:00:00Z"), { announced: 0, closed: 1 });
    assert.deepEqual([(await read(id)).outcome, (await read(id)).state], ["unconfirmed", "closed"]);
  });
});

interface StoredLink {
  header: ChainLink["header"];
  hash: string;
  salt: string | null;
  content: Record<string, unknown> | null;
}

async function chainOf(requestId: string): Promise<ChainLink[]> {
  const rows = await platform.asSuperuser<StoredLink>(
    `select json_build_object('company', company_id, 'request', request_id, 'seq', seq, 'kind', kind,
         'happenedAt', (extract(epoch from happened_at) * 1000)::bigint,
         'recordedAt', (extract(epoch from recorded_at) * 1000)::bigint, 'actor', actor, 'audience', e.audience,
         'supplier', e.supplier_id, 'contentDigest', encode(content_digest, 'hex'),
         'previousHash', encode(previous_hash, 'hex')) as header,
       encode(hash, 'hex') as hash, encode(c.salt, 'hex') as salt, c.content
     from entries e left join entry_contents c using (company_id, request_id, seq) where request_id = $1 order by seq`,
    [requestId],
  );
  return rows.map(({ header, hash, salt, content }) => ({
    header,
    hash,
    ...(salt && content ? { salt, content } : {}),
  }));
}

describe("the record can be trusted", () => {
  test("any change of a stored entry, header or content, is found; erased content leaves the chain whole", async () => {
    const { open, act, company } = await newCompany();
    const id = await open({ subject: "Keyboard", description: "sticky «keys» \u{1F600} \u2028" });
    await act(id, { kind: "message", text: "Is it the space bar?" });
    await act(id, { kind: "resolved" });
    assert.equal(firstBrokenLink(await chainOf(id)), undefined);
    const tampered = [
      [
        `update entries set happened_at = happened_at - interval '1 hour' where request_id = $1 and seq = 2`,
        2,
        "its header was changed",
      ],
      [
        `update entry_contents set content = content::jsonb || '{"text":"no"}' where request_id = $1 and seq = 2`,
        2,
        "its content was changed",
      ],
      [`update entries set actor = 'person:x' where request_id = $1 and seq = 3`, 3, "its header was changed"],
    ] as const;
    for (const [statement, seq, reason] of tampered) {
      const rows = await platform.asSuperuser<{ copy: string }>(
        `select json_agg(e)::text as copy from entries e where request_id = $1`,
        [id],
      );
      const contents = await platform.asSuperuser<{ copy: string }>(
        `select json_agg(c)::text as copy from entry_contents c where request_id = $1`,
        [id],
      );
      await platform.asSuperuser(statement, [id]);
      assert.deepEqual(firstBrokenLink(await chainOf(id)), { seq, reason });
      await platform.asSuperuser(`delete from entry_contents where request_id = $1`, [id]);
      await platform.asSuperuser(`delete from entries where request_id = $1`, [id]);
      await platform.asSuperuser(`insert into entries select * from json_populate_recordset(null::entries, $1::json)`, [
        rows[0]!.copy,
      ]);
      await platform.asSuperuser(
        `insert into entry_contents select * from json_populate_recordset(null::entry_contents, $1::json)`,
        [contents[0]!.copy],
      );
    }
    await platform.asSuperuser(`delete from entry_contents where company_id = $1 and seq = 2`, [company]);
    assert.equal(firstBrokenLink(await chainOf(id)), undefined);
  });

  test("the application cannot change or remove an entry", async () => {
    const { company, open, within } = await newCompany();
    await open();
    for (const statement of [
      sql`update entries set kind = 'x'`,
      sql`delete from entries`,
      sql`update entry_contents set content = '{}'`,
    ]) {
      await assert.rejects(
        within((ctx) => statement.execute(ctx.db)),
        /permission denied/,
      );
    }
    assert.equal((await platform.asSuperuser(`select from entries where company_id = $1`, [company])).length, 1);
  });

  test("earlier folds are kept: the list as of a moment shows what the record said then", async () => {
    const { open, act, list } = await newCompany();
    const id = await open();
    platform.clock.set("2026-11-24T10:00:00.000Z");
    await act(id, { kind: "resolved" });
    platform.clock.set("2026-11-24T12:00:00.000Z");
    const states = async (asOf?: string) => (await list(asOf ? { asOf } : {})).items.map((r) => r.state);
    assert.deepEqual(await states("2026-11-24T08:59:00Z"), []);
    assert.deepEqual(await states("2026-11-24T09:30:00Z"), ["open"]);
    assert.deepEqual(await states("2026-11-24T11:00:00Z"), ["resolved"]);
    assert.deepEqual(await states(), ["resolved"]);
  });

  test("the column lists of the code are those of the database", async () => {
    const columns = async (table: string) =>
      (
        await platform.asOwner<{ name: string }>(
          `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
          [table],
        )
      ).map((row) => row.name);
    const requests = await columns("requests");
    assert.deepEqual([...requestColumns], requests);
    assert.deepEqual((await columns("request_versions")).toSorted(), [...requests, "facts_to"].toSorted());
    const fixed = ["company_id", "id", "number", "recorded_at"];
    assert.deepEqual([...changingColumns, ...fixed].toSorted(), requests.toSorted());
  });
});

describe("the list", () => {
  test("pages by keyset without a gap or a double, in both orders", async () => {
    const { within, list } = await newCompany();
    await within((ctx) =>
      openRequests(
        ctx,
        Array.from({ length: 23 }, (_, i) => ({ subject: `Call ${i}`, reportedAt: `2026-11-2${i % 4}T08:00:00.000Z` })),
      ),
    );
    for (const sort of ["reported", "due"] as const) {
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({}, 5, cursor, sort);
        if (!cursor) assert.equal(page.count, 23);
        seen.push(...page.items.map((r) => r.number));
        cursor = page.next;
      } while (cursor);
      assert.equal(seen.length, 23);
      assert.equal(new Set(seen).size, 23);
    }
    assert.equal(await refusal(list({}, 5, "nonsense")), "invalid_input");
  });

  test("finds by words in any order, by number, and takes % and _ as they are", async () => {
    const { open, list } = await newCompany();
    await open({ subject: "100% of the printers on floor_2" });
    await open({ subject: "Printer jam" });
    const found = async (q: string) => (await list({ q })).items.map((r) => r.number);
    assert.deepEqual(await found("PRINTER jam"), [2]);
    assert.deepEqual(await found("jam printer"), [2]);
    assert.deepEqual(await found("100%"), [1]);
    assert.deepEqual(await found("floor_2"), [1]);
    assert.deepEqual(await found("floor%"), [1]);
    assert.deepEqual(await found("f%r"), []);
    assert.deepEqual(await found("#2"), [2]);
  });
});
