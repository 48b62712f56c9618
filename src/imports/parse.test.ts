import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AppError } from "../errors.ts";
import type { Mapping } from "./contract.ts";
import { understand, type FoundRequest } from "./parse.ts";
import { Table } from "./parse-table.ts";
import { personOf } from "./run-names.ts";

const now = new Date("2026-11-24T09:00:00Z");

/** Rows as they stand in a file; the first line names the columns, cells are parted by "|". */
function tableOf(text: string): Table {
  const [header, ...rows] = text
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const table = new Table(header!);
  for (const [index, cells] of rows.entries()) table.add({ number: index + 2, cells });
  return table;
}

async function parse(text: string, mapping: Mapping, timeZone = "Europe/Berlin") {
  const parsed = await understand(tableOf(text), mapping, { timeZone, now });
  const refused = [...parsed.findings.refusals((index) => parsed.cellsOf(index))];
  return {
    ...parsed,
    requests: [...parsed.batches()].flat(),
    refused: refused.map(({ row, code }) => `${row} ${code}`),
    doubted: parsed.doubts.map(({ code, count }) => `${count} ${code}`),
    messages: refused.map(({ message }) => message),
  };
}

const list: Mapping = {
  layout: "requests",
  columns: { subject: "What", reporter: "Who", reportedAt: "When", state: "State", resolvedAt: "Done" },
};
const log: Mapping = {
  layout: "events",
  columns: {
    number: "No",
    subject: "What",
    reportedAt: "Opened",
    eventAt: "At",
    state: "State",
    sequence: "Seq",
    note: "Note",
  },
};

function shortOf({ events, ...request }: FoundRequest) {
  return {
    ...request,
    events: events.map(({ state, note, happenedAt }) => [state?.word ?? note, happenedAt.toISOString().slice(0, 16)]),
  };
}

describe("one row, one request", () => {
  test("state and times become a timeline; unknown stays unknown", async () => {
    const { requests, refused, from, to } = await parse(
      `What           | Who | When             | State  | Done
       Printer broken | Ana | 2026-03-02 10:00 | closed | 2026-03-03 11:30
       Screen dark    | ?   | 2026-03-01 09:00 | new    | -
       No mail        | Bo  | 2026-03-04 09:00 | done   | n/a`,
      list,
    );
    assert.deepEqual(refused, []);
    assert.deepEqual([from, to], [new Date("2026-03-01T08:00Z"), new Date("2026-03-04T08:00Z")]);
    const [screen, printer, mail] = requests.map(shortOf);
    assert.deepEqual([screen!.subject, screen!.reporter, screen!.resolvedAt], ["Screen dark", null, null]);
    assert.deepEqual(screen!.events, [["new", "2026-03-01T08:00"]]);
    assert.deepEqual(printer!.events, [
      ["resolved", "2026-03-03T10:30"],
      ["closed", "2026-03-03T10:30"],
    ]);
    assert.equal(printer!.closedAt, undefined, "no column: the time of the row's end stands in");
    assert.equal(mail!.resolvedAt, null, "resolved, and nobody knows when");
    assert.deepEqual(mail!.events, [["done", "2026-03-04T08:00"]]);
    assert.deepEqual(requests[2]!.events[0]!.source, { happenedAt: "unknown" });
  });

  test("without a word for the state its times tell; with neither, all count as open and that is said", async () => {
    const columns = { subject: "What", reportedAt: "When" };
    const text = `What | When | Done
      A | 2026-03-01 | 2026-03-02
      B | 2026-03-01 | `;
    const timed = await parse(text, { layout: "requests", columns: { ...columns, resolvedAt: "Done" } });
    assert.deepEqual(
      timed.requests.map(({ events }) => events[0]?.state?.state),
      ["resolved", undefined],
    );
    const bare = await parse(text, { layout: "requests", columns });
    assert.ok(bare.doubted.includes("2 no_state_column"));
    assert.ok(bare.doubted.includes("2 date_only"));
  });

  test("calls without a number are told apart by time, reporter and subject, and counted where these are the same", async () => {
    const text = `What | Who | When | State | Done
      A | Ana | 2026-03-01 10:00 | new |
      A | Ana | 2026-03-01 10:00 | closed |
      A | Bo  | 2026-03-01 10:00 | new |
      B | Ana | 2026-03-01 10:00 | new |`;
    const { requests } = await parse(text, list);
    assert.equal(new Set(requests.map(({ key }) => key)).size, 4);
    assert.equal(requests.filter(({ key }) => key.endsWith(":2")).length, 1);
    const backwards = await parse(reversed(text), list);
    assert.deepEqual(fingerprints(backwards.requests), fingerprints(requests));
  });

  test("a number that comes twice is a question; the very same row twice is not", async () => {
    const mapping: Mapping = { layout: "requests", columns: { number: "No", subject: "What", reportedAt: "When" } };
    const asked = await parse(`No|What|When\n1|A|2026-03-01\n1|B|2026-03-01\n2|C|2026-03-01`, mapping);
    assert.equal(asked.findings.question?.code, "identity_not_unique");
    assert.match(asked.findings.question!.message, /“1” stands in 2 different rows/);
    const same = await parse(`No|What|When\n1|A|2026-03-01\n1|A|2026-03-01`, mapping);
    assert.equal(same.findings.question, undefined);
    assert.deepEqual([same.requestCount, same.doubted.includes("1 row_repeated")], [1, true]);
  });

  test("the key column wins over the number, and a source keeps two suppliers' numbers apart", async () => {
    const text = `Id|No|What|When\na|1|A|2026-03-01\nb|1|B|2026-03-01`;
    const columns = { key: "Id", number: "No", subject: "What", reportedAt: "When" };
    const { requests } = await parse(text, { layout: "requests", columns, source: "Northwind" });
    assert.deepEqual(
      requests.map(({ key, reference }) => [key, reference]),
      [
        ["northwind/key:a", "1"],
        ["northwind/key:b", "1"],
      ],
    );
  });
});

describe("an event log", () => {
  const text = `No | What | Opened | At | State | Seq | Note
    1 | A | 2026-03-01 10:00 | 2026-03-01 10:05 | New      | 0  |
    1 | A | 2026-03-01 10:00 | 2026-03-01 11:00 | Resolved | 10 | replaced
    1 | A | 2026-03-01 10:00 | 2026-03-01 11:00 | Active   | 9  |
    1 | A | 2026-03-01 10:00 | 2026-03-02 11:00 | Closed   | 11 |
    2 | B | ?                | 2026-03-01 12:00 | New      | 0  |`;

  test("rows of one number are one request, in order of time, then of the sequence as numbers", async () => {
    const { requests, doubted } = await parse(text, log);
    const [first, second] = requests.map(shortOf);
    assert.deepEqual(
      first!.events.map(([word]) => word),
      ["New", "Active", "Resolved", "Closed"],
    );
    assert.equal(first!.key, "number:1");
    assert.deepEqual([first!.resolvedAt, first!.closedAt], [undefined, undefined], "taken from the rows of the states");
    assert.equal(second!.reportedAt.toISOString(), "2026-03-01T11:00:00.000Z", "its first event");
    assert.ok(doubted.includes("1 reported_not_known"));
  });

  test("without a sequence the state nearer to the end comes later", async () => {
    const { sequence: _, ...columns } = log.columns;
    const { requests } = await parse(text, { ...log, columns });
    assert.deepEqual(
      requests[0]!.events.map(({ state }) => state?.word),
      ["New", "Active", "Resolved", "Closed"],
    );
  });

  test("an entry keeps what its row changed, the first entry the whole first row", async () => {
    const { requests } = await parse(
      `No|What|Opened|At|State|Seq|Note|Team|Owner
       1|A|2026-03-01 10:00|2026-03-01 10:05|New|0||Desk|
       1|A|2026-03-01 10:00|2026-03-01 11:00|Active|1||Net|Bo
       1|A|2026-03-01 10:00|2026-03-01 12:00|Closed|2||Net|?`,
      log,
    );
    const [request] = requests;
    assert.deepEqual(request!.source, {
      No: "1",
      Opened: "2026-03-01 10:00",
      At: "2026-03-01 10:05",
      State: "New",
      Seq: "0",
      Team: "Desk",
    });
    assert.deepEqual(
      request!.events.map(({ source }) => source),
      [{}, { Team: "Net", Owner: "Bo" }, { Owner: "" }],
    );
  });

  test("backwards, with columns shuffled and renamed, it is the same byte for byte", async () => {
    const { requests } = await parse(text, log);
    const swapped = text
      .split("\n")
      .map((line) => line.split("|").toReversed().join("|"))
      .join("\n")
      .replace(/^.*\n/, "Notiz | Folge | Zustand | Um | Eröffnet | Betreff | Nr\n");
    const renamed: Mapping = {
      layout: "events",
      columns: {
        number: "Nr",
        subject: "Betreff",
        reportedAt: "Eröffnet",
        eventAt: "Um",
        state: "Zustand",
        sequence: "Folge",
        note: "Notiz",
      },
    };
    const other = await parse(reversed(swapped), renamed);
    assert.deepEqual(fingerprints(other.requests), fingerprints(requests));
    assert.deepEqual(
      other.requests.map(({ events }) => events.map(({ digest }) => digest)),
      requests.map(({ events }) => events.map(({ digest }) => digest)),
    );
  });

  test("a log that grew has the digests it had, and new ones for what is new", async () => {
    const before = (await parse(text, log)).requests[0]!;
    const grown = (await parse(`${text}\n1|A, renamed|2026-03-01 10:00|2026-03-05 09:00|Active|12|again`, log))
      .requests[0]!;
    const known = new Set(before.events.map(({ digest }) => digest.toString("hex")));
    assert.deepEqual(grown.reportedDigest, before.reportedDigest);
    assert.deepEqual(
      grown.events.map(({ digest }) => known.has(digest.toString("hex"))),
      [true, true, true, true, false],
    );
    assert.notDeepEqual(grown.fingerprint, before.fingerprint);
  });

  test("a refused row leaves a gap that is told; the rest of its request goes in", async () => {
    const { requests, refused, doubted } = await parse(text.replace("2026-03-02 11:00", "soon"), log);
    assert.deepEqual(refused, ["5 unreadable_date"]);
    assert.equal(requests[0]!.events.length, 3);
    assert.ok(doubted.includes("1 history_incomplete"));
  });

  test("rows that say the same of the same moment are told apart by counting", async () => {
    const { requests } = await parse(
      `No|What|Opened|At|State|Seq|Note\n1|A|2026-03-01|2026-03-01 10:00|New||x\n1|A|2026-03-01|2026-03-01 10:00|New||x`,
      log,
    );
    assert.equal(new Set(requests[0]!.events.map(({ digest }) => digest.toString("hex"))).size, 2);
  });
});

describe("what cannot be taken as it stands", () => {
  const rows = (...times: string[]) =>
    ["What|Who|When|State|Done", ...times.map((time, index) => `S${index}|Ana|${time}|new|`)].join("\n");

  test("dates: in three formats in one column, unreadable, too old, to come", async () => {
    const { refused, messages, requests } = await parse(
      rows(
        "2026-03-04 10:00",
        "13/04/2026 10:00",
        "04/13/2026 10:00",
        "03/04/2026 10:00",
        "31.02.2026",
        "tomorrow",
        "1950-12-31",
        "2027-01-01",
      ),
      list,
    );
    assert.deepEqual(refused, [
      "5 ambiguous_date",
      "6 unreadable_date",
      "7 unreadable_date",
      "8 time_too_old",
      "9 time_in_future",
    ]);
    assert.match(messages[0]!, /2026-04-03 or 2026-03-04/);
    assert.deepEqual(
      requests.map(({ reportedAt }) => reportedAt.toISOString().slice(0, 10)),
      ["2026-03-04", "2026-04-13", "2026-04-13"],
    );
    const settled = await parse(rows("13/04/2026", "04/13/2026", "03/04/2026"), { ...list, dateOrder: "dmy" });
    assert.equal(settled.requests[0]!.reportedAt.toISOString(), "2026-04-02T22:00:00.000Z");
  });

  test("what one column of dates proves settles another", async () => {
    const { refused, requests } = await parse(`What|Who|When|State|Done\nA|Ana|03/04/2026|closed|13/04/2026`, list);
    assert.deepEqual(refused, []);
    assert.equal(requests[0]!.reportedAt.toISOString(), "2026-04-02T22:00:00.000Z");
  });

  test("local times that daylight saving doubles or skips are doubts", async () => {
    const { refused, doubts, requests } = await parse(
      rows("2025-10-26 02:30", "2026-03-29 02:30", "2026-03-29 03:30"),
      list,
    );
    assert.deepEqual(refused, []);
    assert.deepEqual(
      doubts.map(({ row, code }) => [row, code]),
      [
        [2, "time_repeated"],
        [3, "time_skipped"],
      ],
    );
    assert.deepEqual(
      requests.map(({ reportedAt }) => reportedAt.toISOString()),
      ["2025-10-26T00:30:00.000Z", "2026-03-29T01:30:00.000Z", "2026-03-29T01:30:00.000Z"],
    );
    const elsewhere = await parse(rows("2025-10-26 02:30"), { ...list, timeZone: "Asia/Kathmandu" });
    assert.equal(elsewhere.requests[0]!.reportedAt.toISOString(), "2025-10-25T20:45:00.000Z");
  });

  test("times with an offset, AM and PM, seconds", async () => {
    const { requests } = await parse(
      rows(
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.250+05:30",
        "2026-03-01 12:05 AM",
        "2026-03-01 1:05 pm",
        "2026-03-01 24:00",
      ),
      list,
    );
    assert.deepEqual(
      requests.map(({ reportedAt }) => reportedAt.toISOString().slice(8, 23)),
      ["28T23:05:00.000", "01T04:30:00.250", "01T10:00:00.000", "01T12:05:00.000", "01T23:00:00.000"],
    );
  });

  test("resolved or closed before it was reported: the whole request, with all its rows", async () => {
    const { refused, requests } = await parse(
      `No|What|Opened|At|State|Seq|Note|End
       1|A|2026-03-05 10:00|2026-03-05 10:00|New|0||2026-03-01
       1|A|2026-03-05 10:00|2026-03-05 11:00|Closed|1||2026-03-01
       2|B|2026-03-05 10:00|2026-03-05 11:00|Closed|1||2026-03-05 12:00`,
      { ...log, columns: { ...log.columns, resolvedAt: "End" } },
    );
    assert.deepEqual(refused, ["2 resolved_before_reported", "3 resolved_before_reported"]);
    assert.deepEqual(
      requests.map(({ key }) => key),
      ["number:2"],
    );
  });

  test("a day without a time of day is not before a report of the same day", async () => {
    const { refused, requests } = await parse(`What|Who|When|State|Done\nA|Ana|2026-03-01 10:00|done|2026-03-01`, list);
    assert.deepEqual(refused, []);
    assert.deepEqual(requests[0]!.resolvedAt, requests[0]!.reportedAt);
  });

  test("a state nobody explained: its rows wait, the word and how often are told", async () => {
    const text = `What|Who|When|State|Done\nA|Ana|2026-03-01|frobnicated|\nB|Ana|2026-03-01|frobnicated|\nC|Ana|2026-03-01|new|`;
    const asked = await parse(text, list);
    assert.deepEqual(asked.refused, ["2 unknown_state", "3 unknown_state"]);
    assert.ok(asked.doubted.includes("2 unknown_state"));
    const told = await parse(text, { ...list, states: { FROBNICATED: { state: "closed", outcome: "confirmed" } } });
    assert.deepEqual(told.refused, []);
    assert.deepEqual(told.requests[0]!.events[0]!.state, {
      word: "frobnicated",
      state: "closed",
      outcome: "confirmed",
    });
  });

  test("free text taken for words does not fill the report; a word is named whole, so that a mapping can", async () => {
    const word = "put on the shelf until somebody finds the time to look at it again";
    const rows = Array.from({ length: 120 }, (_, i) => `S|Ana|2026-03-01|${i === 0 ? word : `text ${i}`}|`);
    const { doubts } = await parse(["What|Who|When|State|Done", ...rows].join("\n"), list);
    const unknown = doubts.filter(({ code }) => code === "unknown_state");
    assert.deepEqual([unknown.length, unknown.at(-1)!.count], [51, 70]);
    assert.ok(unknown[0]!.message.includes(`“${word}”`));
  });

  test("missing time, subjects that are too long or missing, names that are none", async () => {
    const { refused, doubted, requests } = await parse(
      `What|Who|When|State|Done
       A|Ana||new|
       ${"x".repeat(2001)}|Ana|2026-03-01|new|
       ?|Ana|2026-03-01|new|
       ${"y".repeat(2000)}|${"z".repeat(201)}|2026-03-01|new|`,
      list,
    );
    assert.deepEqual(refused, ["2 missing_reported", "3 subject_too_long"]);
    assert.deepEqual(doubted.toSorted(), ["1 name_too_long", "1 no_subject", "3 date_only"].toSorted());
    assert.deepEqual(requests.map(({ subject, reporter }) => [subject.length, reporter]).toSorted(), [
      [12, "Ana"],
      [2000, null],
    ]);
  });

  test("headers that mean something to JavaScript are only names", async () => {
    const text = `__proto__|constructor|When|toString\nPrinter|x|2026-03-01|y`;
    const { requests } = await parse(text, {
      layout: "requests",
      columns: { subject: "__proto__", reportedAt: "When" },
    });
    assert.equal(requests[0]!.subject, "Printer");
    assert.deepEqual(Object.keys(requests[0]!.source), ["constructor", "When", "toString"]);
    const kept = await parse(text, { layout: "requests", columns: { subject: "constructor", reportedAt: "When" } });
    assert.equal(Object.getOwnPropertyDescriptor(kept.requests[0]!.source, "__proto__")?.value, "Printer");
  });

  test("a mapping that does not fit the file says where", async () => {
    const refusal = (mapping: Mapping) =>
      parse("a|b\n1|2", mapping).then(
        () => assert.fail("it was taken"),
        (error: AppError) => [error.code, Object.keys(error.fields ?? {})],
      );
    assert.deepEqual(await refusal({ layout: "requests", columns: { subject: "z" } }), [
      "mapping_invalid",
      ["columns.subject", "columns.reportedAt"],
    ]);
    assert.deepEqual(await refusal({ layout: "events", columns: {}, timeZone: "Mars/Olympus" }), [
      "mapping_invalid",
      ["columns.eventAt", "columns.number", "timeZone"],
    ]);
  });

  test("an address beside a name, or instead of one", () => {
    assert.deepEqual(personOf('"Lopes, Ana" <ana@example.org>', null), {
      name: "Lopes, Ana",
      email: "ana@example.org",
      supplierId: null,
    });
    assert.deepEqual(personOf("ana@example.org", null), {
      name: "ana@example.org",
      email: "ana@example.org",
      supplierId: null,
    });
    assert.deepEqual(personOf("Ana @ desk", null), { name: "Ana @ desk", supplierId: null });
  });
});

function reversed(text: string): string {
  const [header, ...rows] = text.trim().split("\n");
  return [header, ...rows.toReversed()].join("\n");
}

function fingerprints(requests: FoundRequest[]): string[] {
  return requests.map(({ key, fingerprint }) => `${key} ${fingerprint.toString("hex")}`).toSorted();
}
