import assert from "node:assert/strict";
import { test } from "node:test";
import { openTurns } from "./http-turns.ts";

const open = () => Promise.withResolvers<string>();
const codeOf = (work: Promise<unknown>) => work.then(String, (error: { code: string }) => error.code);

test("of one key so many run at once, the others in their order; another key does not wait", async () => {
  const turns = openTurns({ atOnce: 2, waitMs: 60_000 });
  const doors = [open(), open(), open(), open()];
  const begun: number[] = [];
  const all = doors.map(({ promise }, at) =>
    turns.take("a", () => {
      begun.push(at);
      return promise;
    }),
  );
  assert.equal(await turns.take("b", async () => "other"), "other");
  assert.deepEqual(begun, [0, 1]);
  doors[1]!.reject(new Error("fails"));
  await assert.rejects(all[1]!, /fails/);
  assert.deepEqual(begun, [0, 1, 2], "what failed hands its place on");
  for (const [at, door] of doors.entries()) door.resolve(String(at));
  assert.deepEqual(await Promise.all([all[0], all[2], all[3]]), ["0", "2", "3"]);
  assert.deepEqual(begun, [0, 1, 2, 3]);
});

test("who waits too long, or behind too many, is told; the places are not lost by it", async () => {
  const turns = openTurns({ atOnce: 1, waitMs: 20, mostWaiting: 1 });
  const door = open();
  const first = turns.take("a", () => door.promise);
  const second = turns.take("a", async () => "second");
  assert.equal(await codeOf(turns.take("a", async () => "third")), "busy", "behind too many");
  assert.equal(await codeOf(second), "busy", "too long");
  door.resolve("first");
  assert.equal(await first, "first");
  assert.equal(await turns.take("a", async () => "fourth"), "fourth");
});
