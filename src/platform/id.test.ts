import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "./id.ts";

const moment = new Date("2026-11-24T09:00:00.123Z");

test("an id is a UUIDv7 that carries the moment it was made for", () => {
  const id = newId(moment);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16), moment.getTime());
});

test("ids of one moment ascend and differ, also when another moment's ids are made in between", () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => {
    if (i % 3 === 0) newId(new Date(moment.getTime() + (i % 7)));
    return newId(moment);
  });
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(ids, ids.toSorted());
});

test("an id made for a later moment comes after, whatever was made before it", () => {
  const later = newId(new Date(moment.getTime() + 1));
  assert.ok(newId(moment) < later);
});
