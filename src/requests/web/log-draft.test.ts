import assert from "node:assert/strict";
import { test } from "node:test";
import { AddEntry } from "../contract-acts.ts";
import { CreateRequest } from "../contract.ts";
import { entryOf, freshCompose, problemOf } from "./compose-draft.ts";
import { bodyOf, freshLog, problemsOf } from "./log-draft.ts";

const zone = "Europe/Berlin";

test("the least that can be logged is what happened", () => {
  assert.deepEqual(Object.keys(problemsOf(freshLog, zone)), ["subject"]);
  const body = bodyOf({ ...freshLog, subject: "  Printer  " }, zone);
  assert.deepEqual(CreateRequest.parse(body).subject, "Printer");
  assert.equal(body.reportedAt, undefined);
  assert.equal(body.promise, undefined);
});

test("a past call keeps its time in the company's zone, a promise its own", () => {
  const draft = {
    ...freshLog,
    subject: "Printer",
    reporter: { name: "Jürgen Weiß" },
    when: "earlier" as const,
    reportedAt: "2026-03-02T10:15",
    promised: "yes" as const,
    promiseDue: "2026-03-03T09:00",
  };
  assert.deepEqual(problemsOf(draft, zone), {});
  const body = CreateRequest.parse(bodyOf(draft, zone));
  assert.equal(body.reportedAt, "2026-03-02T09:15:00.000Z");
  assert.deepEqual(body.reporter, { name: "Jürgen Weiß" });
  assert.deepEqual(body.promise, { party: "supplier", text: "", dueAt: "2026-03-03T08:00:00.000Z" });
});

test("what was chosen and is not asked for any more is not sent", () => {
  const draft = { ...freshLog, subject: "x", reportedAt: "2026-03-02T10:15", promiseDue: "2026-03-03T09:00" };
  const body = bodyOf(draft, zone);
  assert.equal(body.reportedAt, undefined);
  assert.equal(body.promise, undefined);
});

test("tags go along as they were typed; none is nothing", () => {
  const draft = { ...freshLog, subject: "x", tags: ["printer", "second floor"] };
  assert.deepEqual(CreateRequest.parse(bodyOf(draft, zone)).tags, ["printer", "second floor"]);
  assert.equal(bodyOf({ ...draft, tags: [] }, zone).tags, undefined);
});

test("a time to come is refused before it is sent", () => {
  const draft = { ...freshLog, subject: "x", when: "earlier" as const, reportedAt: "2999-01-01T00:00" };
  assert.ok(problemsOf(draft, zone).reportedAt);
});

test("each kind of entry is one the API takes", () => {
  for (const kind of ["message", "note", "promised", "waiting", "resumed"] as const) {
    const draft = { ...freshCompose, kind, text: "They come tomorrow", due: "2026-03-03T09:00" };
    assert.equal(problemOf(draft, zone), undefined);
    assert.equal(AddEntry.parse(entryOf(draft, zone)).kind, kind);
  }
  assert.equal(problemOf({ ...freshCompose, kind: "waiting" }, zone)?.field, "text");
  assert.equal(problemOf({ ...freshCompose, kind: "promised", text: "x" }, zone)?.field, "due");
});

test("on whose behalf goes along by id when the person is known, else by name", () => {
  const draft = { ...freshCompose, text: "Done", whose: "supplier" as const, person: { name: "Nils", id: "7" } };
  assert.deepEqual((entryOf(draft, zone) as { by: unknown }).by, { party: "supplier", personId: "7" });
  const named = { ...draft, person: { name: " Nils " } };
  assert.deepEqual((entryOf(named, zone) as { by: unknown }).by, { party: "supplier", name: "Nils" });
  assert.equal((entryOf({ ...draft, whose: "me" }, zone) as { by: unknown }).by, undefined);
});
