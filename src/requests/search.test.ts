import assert from "node:assert/strict";
import test from "node:test";
import { inCompany, type Actor, type Context } from "../context.ts";
import { addPerson, addSuppliers, changePerson, changeSupplier } from "../companies/companies.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import type { Found } from "./contract.ts";
import { subscribe } from "../platform/events.ts";
import { namingEvents } from "./jobs.ts";
import {
  actOnRequests,
  correctEntry,
  listRequests,
  openRequests,
  suggestRequests,
  undoEntry,
  type ActEntry,
  type OpenRequest,
} from "./requests.ts";
import { gatherNamed, gatherNext } from "./search-index.ts";
import { languageOf, termsOf } from "./search-words.ts";

const platform = await testPlatform();

function member(role: "coordinator" | "technician", supplierId: string | null): Actor {
  const id = "01900000-0000-7000-8000-000000000001";
  return {
    kind: "member",
    accountId: id,
    memberId: id,
    personId: id,
    name: "Somebody",
    role,
    supplierId,
    scopes: null,
  };
}

async function company() {
  const id = await freshCompany(platform);
  const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(id, work);
  const as = <T>(actor: Actor, work: (ctx: Context) => Promise<T>) =>
    inCompany(platform, id, async (tx) => ({ actor, company: await facts(tx) }), work);
  const facts = async (tx: Context["db"]) => {
    const row = await tx.selectFrom("companies").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    return {
      id,
      name: row.name,
      timeZone: row.time_zone,
      currency: row.currency,
      locale: row.locale,
      settingsVersion: 1,
    };
  };
  const find =
    (q: string, more: object = {}) =>
    async (ctx: Context) => {
      const { items } = await listRequests(ctx, { limit: 50, sort: "reported", q, ...more });
      return items.map(({ subject }) => subject);
    };
  const shown = (text: Found["subject"]) => text.map((piece) => (piece.hit ? `[${piece.text}]` : piece.text)).join("");
  const places = (q: string) => async (ctx: Context) => {
    const { items } = await listRequests(ctx, { limit: 50, sort: "reported", q });
    const found = items[0]?.found;
    if (!found) return [];
    const { passage } = found;
    return [shown(found.subject), ...(passage ? [`${passage.kind ?? passage.of}: ${shown(passage.text)}`] : [])];
  };
  const reminded = (subject: string) => async (ctx: Context) => {
    const { open, before } = await suggestRequests(ctx, { subject });
    return { open: open.map((one) => one.subject), before: before.map((one) => one.subject) };
  };
  return {
    id,
    within,
    open: async (request: Partial<OpenRequest> & { subject: string }) =>
      (await within((ctx) => openRequests(ctx, [request as OpenRequest])))[0]!,
    act: (requestId: string, entry: ActEntry) => within((ctx) => actOnRequests(ctx, [{ requestId, entry }])),
    found: (q: string, more: object = {}) => within(find(q, more)),
    actBy: (supplierId: string, requestId: string, entry: ActEntry) =>
      as(member("technician", supplierId), (ctx) => actOnRequests(ctx, [{ requestId, entry }])),
    suggested: (subject: string) => within(reminded(subject)),
    suggestedTo: (supplierId: string, subject: string) => as(member("technician", supplierId), reminded(subject)),
    where: (q: string) => within(places(q)),
    whereBy: (supplierId: string, q: string) => as(member("technician", supplierId), places(q)),
    foundBy: (supplierId: string, q: string) => as(member("technician", supplierId), find(q)),
    gather: async () => {
      let after: string | undefined;
      do after = await within((ctx) => gatherNext(ctx, after));
      while (after);
    },
  };
}

test("a word of any entry finds the request: subject, description, note, message, names, category", async () => {
  const { open, act, found } = await company();
  const id = await open({
    subject: "Printer on floor 3",
    description: "It prints **stripes** since Monday",
    category: "Hardware",
    reporter: { name: "Zoë Ångström" },
    asset: "HP-4200",
  });
  await open({ subject: "Mail is slow" });
  await act(id, { kind: "note", text: "The fuser was ordered, invoice 2026-77" });
  for (const q of [
    "printer",
    "printers",
    "stripe",
    "fuser",
    "hardware",
    "zoe",
    "angstrom",
    "Ångström",
    "4200",
    "HP-4200",
    "printer fuser",
    "invoi",
    '"fuser was ordered"',
    "2026-77",
  ]) {
    // prettier-ignore
    assert.deepEqual(await found(q), ["Printer on floor 3"], q);
  }
  for (const q of ['"ordered fuser"', "printer slow", "printer -fuser", "absent"]) {
    assert.deepEqual(await found(q), [], q);
  }
  assert.deepEqual(await found("-printer"), ["Mail is slow"]);
});

test("what is found says where: the subject with its hits, and the passage that has the other words", async () => {
  const { within, open, act, actBy, where, whereBy } = await company();
  const [theirs] = await within((ctx) => addSuppliers(ctx, [{ name: "Nordlicht" }]));
  const id = await open({
    subject: "Two printers <b>stripe</b>",
    reporter: { name: "Zoë Ångström" },
    supplierId: theirs!,
  });
  await act(id, { kind: "message", text: "Nothing to do with it" });
  await act(id, {
    kind: "note",
    text: `${"before ".repeat(60)}the *fuser* was\n\nordered, naïve ${"after ".repeat(60)}`,
  });
  assert.deepEqual(await where("printer"), ["Two [printers] <b>stripe</b>"]);
  assert.deepEqual(await where("printer fuser naive "), [
    "Two [printers] <b>stripe</b>",
    "note: … before before before before before the *[fuser]* was ordered, [naïve] after after after after after after after after after after after after after after after after after after after …",
  ]);
  assert.deepEqual(await where("angstr"), ["Two printers <b>stripe</b>", "reporter: Zoë [Ångström]"]);
  assert.deepEqual(
    await where("printers the "),
    ["Two [printers] <b>stripe</b>"],
    "words that are everywhere are none",
  );
  assert.deepEqual(await where("#1"), []);
  // The supplier's people: nothing of a note that is the company's, not even beside a word that they may find.
  await act(id, { kind: "note", text: "printers: confidential budget", audience: "company" });
  await actBy(theirs!, id, { kind: "note", text: "printers: margin", audience: "supplier" });
  assert.deepEqual(await whereBy(theirs!, "printer nothing"), [
    "Two [printers] <b>stripe</b>",
    "message: [Nothing] to do with it",
  ]);
  assert.deepEqual(await whereBy(theirs!, "margin"), ["Two printers <b>stripe</b>", "note: printers: [margin]"]);
  assert.deepEqual(await where("printer budget"), [
    "Two [printers] <b>stripe</b>",
    "note: [printers]: confidential [budget]",
  ]);
});

test("a subject that is typed reminds of open requests and of earlier ones, as far as one may see them", async () => {
  const { within, open, act, suggested, suggestedTo } = await company();
  const [theirs] = await within((ctx) => addSuppliers(ctx, [{ name: "Nordlicht" }]));
  await open({ subject: "Printer on floor 3 is jammed", supplierId: null });
  const earlier = await open({ subject: "The printers, floor 2: paper jams", supplierId: theirs! });
  await act(earlier, { kind: "cancelled", text: "It was empty" });
  await open({ subject: "Mail is slow on floor 3", supplierId: null });
  assert.deepEqual(await suggested("printer floor 3 jam"), {
    open: ["Printer on floor 3 is jammed"],
    before: ["The printers, floor 2: paper jams"],
  });
  assert.deepEqual(await suggested("jammed pri"), {
    open: ["Printer on floor 3 is jammed"],
    before: ["The printers, floor 2: paper jams"],
  });
  for (const nothing of ["", "the", "is on", "-printer-", '"', "telephone"]) {
    const { open: some } = await suggested(nothing);
    assert.equal(some.length, nothing === "-printer-" ? 1 : 0, nothing);
  }
  assert.deepEqual(await suggestedTo(theirs!, "printer floor jam"), {
    open: [],
    before: ["The printers, floor 2: paper jams"],
  });
});

test("a number finds its request first, whatever else has the number", async () => {
  const { open, found } = await company();
  await open({ subject: "one" });
  await open({ subject: "two" });
  await open({ subject: "call 1 back" });
  assert.deepEqual(await found("#1"), ["one"]);
  assert.deepEqual(await found("1"), ["one", "call 1 back"]);
  assert.deepEqual(await found("2"), ["two"]);
  assert.deepEqual(await found("1", { limit: 1 }), ["one"]);
});

test("odd input finds nothing, or what it says, and never fails", async () => {
  const { open, found } = await company();
  await open({ subject: "the printer" });
  for (const q of [
    "&",
    "|",
    "!",
    "'",
    "\\",
    '"',
    "()",
    "a:*",
    ":*",
    "<->",
    "%",
    "the",
    "-",
    "--",
    "🙂",
    "'; drop",
    "_",
    "x".repeat(200),
    "-the",
  ]) {
    // prettier-ignore
    const subjects = await found(q);
    assert.ok(subjects.length <= 1, q);
  }
  assert.deepEqual(await found("the"), []);
  assert.deepEqual(await found("  "), ["the printer"]);
  assert.deepEqual(await found("prin & ter"), []);
});

test("a supplier's people find by what they may read and by nothing else, and the company not by theirs", async () => {
  const { within, open, act, actBy, found, foundBy } = await company();
  const [theirs, others] = await within((ctx) => addSuppliers(ctx, [{ name: "Nordlicht" }, { name: "Südwind" }]));
  const id = await open({ subject: "Printer", description: "stripes", supplierId: theirs! });
  await act(id, { kind: "note", text: "confidential budget", audience: "company" });
  await actBy(theirs!, id, { kind: "note", text: "margin calculation" });
  await act(id, { kind: "message", text: "ordered fuser" });
  assert.deepEqual(await found("budget"), ["Printer"]);
  assert.deepEqual(await found("fuser"), ["Printer"]);
  assert.deepEqual(await found("stripes fuser"), ["Printer"]);
  assert.deepEqual(await foundBy(theirs!, "stripes fuser margin"), ["Printer"]);
  assert.deepEqual(await foundBy(theirs!, "budget"), []);
  assert.deepEqual(await foundBy(theirs!, "printer -budget"), ["Printer"]);
  assert.deepEqual(await foundBy(others!, "printer"), []);
  assert.deepEqual(await found("margin"), []);
  // Handed over: the next supplier does not find by what was said before.
  await act(id, { kind: "changed", to: { supplierId: others! } });
  assert.deepEqual(await foundBy(theirs!, "printer"), []);
  assert.deepEqual(await foundBy(others!, "printer"), ["Printer"]);
  assert.deepEqual(await foundBy(others!, "fuser"), []);
});

test("two companies with the same words find each its own", async () => {
  const [one, other] = [await company(), await company()];
  await one.open({ subject: "Printer of one" });
  await other.open({ subject: "Printer of the other" });
  assert.deepEqual(await one.found("printer"), ["Printer of one"]);
  assert.deepEqual(await other.found("printer"), ["Printer of the other"]);
});

test("a job gathers what is missing and makes words anew in another language", async () => {
  const { id, open, act, found, gather } = await company();
  const request = await open({ subject: "Die Häuser sind dunkel" });
  await act(request, { kind: "note", text: "Rechnungen bezahlt" });
  await platform.asSuperuser("delete from search_terms where company_id = $1", [id]);
  assert.deepEqual(await found("dunkel"), []);
  await act(request, { kind: "note", text: "Nachtrag" });
  await gather();
  assert.deepEqual(await found("dunkel nachtrag"), ["Die Häuser sind dunkel"]);
  assert.deepEqual(await found("rechnung "), [], "not English");
  await platform.asSuperuser("update companies set locale = 'de-DE' where id = $1", [id]);
  await gather();
  assert.deepEqual(await found("rechnung "), ["Die Häuser sind dunkel"]);
  assert.deepEqual(await found("dunkel haus "), ["Die Häuser sind dunkel"]);
  const before = await platform.asSuperuser("select * from search_terms where company_id = $1", [id]);
  await gather();
  assert.deepEqual(await platform.asSuperuser("select * from search_terms where company_id = $1", [id]), before);
});

test("what was taken back is not found, and what was corrected by the right word alone", async () => {
  const { open, act, found, within } = await company();
  const id = await open({ subject: "Printer on floor 3" });
  await act(id, { kind: "message", text: "The fuser was ordered" });
  assert.deepEqual(await found("fuser"), ["Printer on floor 3"]);
  await within((ctx) => correctEntry(ctx, { requestId: id, seq: 2, text: "The drum was ordered" }));
  assert.deepEqual([await found("fuser"), await found("drum ordered")], [[], ["Printer on floor 3"]]);
  await act(id, { kind: "message", text: "Costs a thousand" });
  assert.deepEqual(await found("thousand drum"), ["Printer on floor 3"]);
  await within((ctx) => undoEntry(ctx, { requestId: id, seq: 4 }));
  assert.deepEqual([await found("thousand"), await found("drum")], [[], ["Printer on floor 3"]]);
});

test("what was changed is found by what the timeline still shows; erased, by what is left", async () => {
  const { within, open, act, found, gather, id } = await company();
  const [ada, ben] = await within(async (ctx) => [
    await addPerson(ctx, { name: "Ada Quist" }),
    await addPerson(ctx, { name: "Bến Thị" }),
  ]);
  const request = await open({ subject: "Printer broken", category: "Hardware", reporter: { id: ada!.id } });
  await act(request, {
    kind: "changed",
    to: { subject: "Scanner broken", category: "Peripherals", reporter: { id: ben!.id } },
  });
  for (const round of ["followed", "gathered"]) {
    for (const q of ["scanner", "printer", "hardware", "peripherals", "quist", "ben thi"]) {
      assert.deepEqual(await found(q), ["Scanner broken"], `${q}, ${round}`);
    }
    await platform.asSuperuser("delete from search_terms where company_id = $1", [id]);
    await gather();
  }
});

test("who is called otherwise is found by the new name, and no more by the old one", async () => {
  const { within, open, found } = await company();
  const renamed: string[] = [];
  const end = subscribe(namingEvents, async (_, events) => void renamed.push(...events.map((e) => e.subjectId!)));
  const { person, supplier } = await within(async (ctx) => ({
    person: await addPerson(ctx, { name: "Ada Quist" }),
    supplier: (await addSuppliers(ctx, [{ name: "Nordlicht" }]))[0]!,
  }));
  await open({ subject: "one", reporter: { id: person.id }, supplierId: null });
  await open({ subject: "two", supplierId: supplier });
  await within((ctx) => changePerson(ctx, { id: person.id, email: "ada@example.org" }));
  assert.deepEqual(renamed, []);
  await within((ctx) => changePerson(ctx, { id: person.id, name: "Ada Almeida" }));
  await within((ctx) => changeSupplier(ctx, { id: supplier, name: "Südwind" }));
  end();
  assert.deepEqual(renamed, [person.id, supplier]);
  assert.equal(await within((ctx) => gatherNamed(ctx, renamed, undefined)), undefined);
  assert.deepEqual([await found("quist"), await found("almeida")], [[], ["one"]]);
  assert.deepEqual([await found("nordlicht"), await found("sudwind")], [[], ["two"]]);
});

test("a long timeline takes several parts and every one is found, beside the subject", async () => {
  const { id, open, act, found, gather } = await company();
  const request = await open({ subject: "Server" });
  const noise = (n: number) => Array.from({ length: 6000 }, (_, at) => `w${n}x${at}`).join(" ");
  for (let n = 0; n < 5; n++) await act(request, { kind: "note", text: `marker${n} ${noise(n)}` });
  const parts = () => platform.asSuperuser("select part from search_terms where company_id = $1", [id]);
  for (const round of ["followed", "gathered"]) {
    assert.ok((await parts()).length > 1, round);
    for (let n = 0; n < 5; n++) assert.deepEqual(await found(`server marker${n} `), ["Server"], round);
    await platform.asSuperuser("delete from search_terms where company_id = $1", [id]);
    await gather();
  }
});

test("what was typed is taken apart into words, phrases, exclusions and a beginning", () => {
  assert.deepEqual(termsOf('paper "Jam in" -ink pri'), [
    { tokens: ["paper"], prefix: false, excluded: false },
    { tokens: ["Jam", "in"], prefix: false, excluded: false },
    { tokens: ["ink"], prefix: false, excluded: true },
    { tokens: ["pri"], prefix: true, excluded: false },
  ]);
  assert.equal(languageOf("de-AT"), "german");
  assert.equal(languageOf("ja-JP"), "simple");
  assert.equal(languageOf("constructor"), "simple");
});
