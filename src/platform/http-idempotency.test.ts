import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { notes, own, platform, post, works, type Sent } from "./http-fixture.ts";

describe("Idempotency-Key", () => {
  const keyed = (key: string, sent: Sent) => post(notes(), { ...sent, headers: { "idempotency-key": key } });

  test("fifty calls at once with one key do the work once and get one reply", async () => {
    const before = works.done;
    const replies = await Promise.all(Array.from({ length: 50 }, () => keyed("twins", { body: { text: "once" } })));
    assert.equal(works.done - before, 1);
    assert.equal(new Set(replies.map((reply) => `${reply.status} ${reply.text}`)).size, 1);
    assert.equal(replies[0]!.status, 201);
    assert.equal(replies.filter((reply) => reply.headers.get("idempotency-replayed")).length, 49);
  });

  test("another body with the same key is refused; a failed work leaves its key unused", async () => {
    assert.equal((await keyed("one", { body: { text: "a" } })).status, 201);
    const other = await keyed("one", { body: { text: "b" } });
    assert.deepEqual([other.status, other.json.code], [422, "idempotency_key_reused"]);
    assert.equal((await keyed("two", { body: { text: "refused" } })).status, 409);
    assert.equal((await keyed("two", { body: { text: "a" } })).status, 201);
    assert.equal((await keyed("ä".repeat(3), { body: { text: "a" } })).status, 422);
  });

  test("a reply with a secret is not stored: the repeat hears that it was done", async () => {
    const send = () =>
      post(`/companies/${own}/secrets`, { body: { text: "a" }, headers: { "idempotency-key": "secret" } });
    assert.equal((await send()).status, 201);
    const repeat = await send();
    assert.deepEqual([repeat.status, repeat.json.code], [409, "idempotency_key_used"]);
    const rows = await platform.asSuperuser<{ kept: string }>(
      `select idempotency_keys::text as kept from idempotency_keys`,
    );
    assert.ok(rows.length > 0 && !rows.some((row) => row.kept.includes("shown-once")));
  });

  test("after 24 hours a key is new again", async () => {
    const before = works.done;
    await keyed("daily", { body: { text: "a" } });
    platform.clock.advance({ hours: 23 });
    await keyed("daily", { body: { text: "a" } });
    assert.equal(works.done - before, 1);
    platform.clock.advance({ hours: 2 });
    assert.equal((await keyed("daily", { body: { text: "b" } })).status, 201);
    assert.equal(works.done - before, 2);
  });
});
