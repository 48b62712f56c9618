import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import type { Entry } from "./contract.ts";
import { actOnRequests, getRequest, listEntries, openRequests } from "./requests.ts";

const platform = await testPlatform();

/** A request with `count` entries: what was reported, and a message every minute after it, "1", "2" … */
async function longRequest(count: number) {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const id = await within(async (ctx) => {
    await addSupplier(ctx, { name: "Northwind IT" });
    return (await openRequests(ctx, [{ subject: "The line drops every hour" }]))[0]!;
  });
  platform.clock.set("2026-11-24T21:00:00.000Z");
  const minute = (n: number) => new Date(Date.parse("2026-11-24T09:00:00.000Z") + n * 60_000).toISOString();
  await within((ctx) =>
    actOnRequests(
      ctx,
      Array.from({ length: count - 1 }, (_, n) => ({
        requestId: id,
        entry: { kind: "message" as const, text: String(n + 1), happenedAt: minute(n + 1) },
      })),
    ),
  );
  return { id, within, minute, read: () => within((ctx) => getRequest(ctx, id)) };
}

const words = (entries: readonly Entry[]) => entries.map(({ kind, content }) => content?.["text"] ?? kind);

describe("a long timeline", () => {
  test("opens with what was reported and the latest fifty, in the order they happened; how many there are is said", async () => {
    const { read } = await longRequest(151);
    const { entries, entryCount } = await read();
    assert.equal(entryCount, 151);
    assert.deepEqual(words(entries), ["reported", ...Array.from({ length: 50 }, (_, n) => String(101 + n))]);
  });

  test("is whole where there are not more than that", async () => {
    for (const count of [50, 51]) {
      const { entries, entryCount } = await (await longRequest(count)).read();
      assert.deepEqual([entries.length, entryCount], [count, count]);
      assert.deepEqual(words(entries).slice(0, 3), ["reported", "1", "2"]);
    }
  });

  test("is read from either end, page by page, and what somebody records late stands where it happened", async () => {
    const { id, within, minute } = await longRequest(30);
    await within((ctx) =>
      actOnRequests(ctx, [{ requestId: id, entry: { kind: "message", text: "and a half", happenedAt: minute(20.5) } }]),
    );
    const pages = async (from: "first" | "latest") => {
      const read: Entry[] = [];
      let cursor: string | undefined;
      do {
        const page = await within((ctx) => listEntries(ctx, id, { limit: 12, cursor, from }));
        read.push(...page.items);
        cursor = page.next;
      } while (cursor);
      return words(read);
    };
    const onwards = await pages("first");
    assert.equal(onwards.length, 31);
    assert.deepEqual(onwards.slice(19, 24), ["19", "20", "and a half", "21", "22"]);
    assert.deepEqual((await pages("latest")).toReversed(), onwards);
  });

  test("a cursor from one end is none of the other's", async () => {
    const { id, within } = await longRequest(5);
    const { next } = await within((ctx) => listEntries(ctx, id, { limit: 2, from: "latest" }));
    const wrong = within((ctx) => listEntries(ctx, id, { limit: 2, cursor: next, from: "first" }));
    await assert.rejects(wrong, (error: unknown) => error instanceof AppError && error.code === "invalid_input");
  });
});
