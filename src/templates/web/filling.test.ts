import assert from "node:assert/strict";
import { test } from "node:test";
import { freshLog } from "../../requests/web/log-draft.ts";
import type { Template } from "../contract.ts";
import { fill, templatesLike, unfill } from "./filling.ts";

const toner: Template = {
  id: "1",
  name: "Toner",
  subject: "Toner is empty",
  description: "Which colour?",
  kind: "service_request",
  category: "Printing",
  priority: "low",
  supplier: { id: "s", name: "Northwind IT", ended: false },
  asset: { id: "a", name: "Printer 2", ended: true },
  tags: ["toner"],
  endedAt: null,
  version: 1,
};
const suppliers = ["s", "t"];

test("a template fills what is empty, and nothing that was typed or chosen", () => {
  const typed = { ...freshLog, subject: "No ink", priority: "high" as const, tags: ["second floor"] };
  const { wrote } = fill(typed, toner, { suppliers });
  assert.deepEqual(wrote, {
    description: "Which colour?",
    kind: "service_request",
    category: "Printing",
    supplierId: "s",
    tags: ["second floor", "toner"],
  });
});

test("the words by which it was picked are replaced, and come back; what was written since stays", () => {
  const typed = { ...freshLog, subject: "ton" };
  const filled = fill(typed, toner, { suppliers, replaceSubject: true });
  const after = { ...typed, ...filled.wrote };
  assert.equal(after.subject, "Toner is empty");
  assert.deepEqual({ ...after, ...unfill(after, filled) }, typed);
  const since = { ...after, description: "Black" };
  assert.deepEqual({ ...since, ...unfill(since, filled) }, { ...typed, description: "Black" });
});

test("what has ended is not filled in; the only supplier is meant anyway", () => {
  assert.equal(fill(freshLog, toner, { suppliers: ["t", "u"] }).wrote.supplierId, undefined);
  assert.equal(fill(freshLog, toner, { suppliers: ["s"] }).wrote.supplierId, undefined);
  assert.equal(fill(freshLog, toner, { suppliers }).wrote.assetId, undefined);
});

test("is offered by the beginnings of its words", () => {
  const named = (typed: string) => templatesLike([toner], typed).map(({ name }) => name);
  assert.deepEqual([named("ton emp"), named("to"), named("toner gone"), named("???")], [["Toner"], [], [], []]);
});
