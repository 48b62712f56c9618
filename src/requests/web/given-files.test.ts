import assert from "node:assert/strict";
import { test } from "node:test";
import { CallError } from "../../web/call.ts";
import type { Attachment } from "../contract-attachments.ts";
import { attachmentLimits, maxAttachmentBytes } from "../contract-attachments.ts";
import { GivenFiles, mayTryAgain, stillKept } from "./given-files.ts";

const attachment = (name: string, id = name): Attachment => ({
  id,
  name,
  type: "text/plain",
  size: 1,
  sha256: "",
});
const file = (name: string, size = 1) => {
  const made = new File(["x"], name);
  Object.defineProperty(made, "size", { value: size });
  return made;
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Every upload waits until the test lets it end. */
function setUp(kept: Attachment[] = []) {
  const running = new Map<string, PromiseWithResolvers<Attachment>>();
  const keys: string[] = [];
  const drafts: string[][] = [];
  const given = new GivenFiles(
    (one, { signal, idempotencyKey }) => {
      const end = Promise.withResolvers<Attachment>();
      running.set(one.name, end);
      keys.push(idempotencyKey);
      signal.addEventListener("abort", () => end.reject(new CallError({ status: 0, code: "aborted" })));
      return end.promise;
    },
    kept,
    (arrived) => void drafts.push(arrived.map(({ name }) => name)),
  );
  return { given, running, keys, drafts, names: () => given.snapshot().map(({ name }) => name) };
}

test("two go up at a time, in the order given; what arrives is kept in the draft", async () => {
  const { given, running, drafts, names } = setUp([attachment("before")]);
  given.add([file("a"), file("b"), file("c")]);
  assert.deepEqual([...running.keys()], ["a", "b"]);
  running.get("b")!.resolve(attachment("b"));
  await settle();
  assert.deepEqual([...running.keys()], ["a", "b", "c"]);
  running.get("a")!.resolve(attachment("a"));
  await settle();
  assert.deepEqual(drafts, [
    ["before", "b"],
    ["before", "a", "b"],
  ]);
  assert.deepEqual(names(), ["before", "a", "b", "c"]);
});

test("what is taken off is not sent on, and says nothing any more", async () => {
  const { given, running, names } = setUp();
  given.add([file("a"), file("b"), file("c")]);
  given.remove(given.snapshot()[0]!.key);
  await settle();
  assert.deepEqual(names(), ["b", "c"]);
  assert.ok(running.has("c"), "its place is free");
  given.clear();
  await settle();
  assert.deepEqual(names(), []);
});

test("another attempt after a broken line is the same upload; a file too large gets none", async () => {
  const { given, running, keys } = setUp();
  given.add([file("a"), file("huge", maxAttachmentBytes + 1), file("empty", 0)]);
  running.get("a")!.reject(new CallError({ status: 0, code: "network" }));
  await settle();
  const [a, huge, empty] = given.snapshot();
  assert.deepEqual(
    [a, huge, empty].map((one) => mayTryAgain(one!)),
    [true, false, false],
  );
  given.again(a!.key);
  await settle();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test("more than go with one entry are named, the others go", () => {
  const { given } = setUp();
  given.add(Array.from({ length: attachmentLimits.perEntry + 1 }, (_, index) => file(`${index}`)));
  assert.equal(given.snapshot().filter(({ error }) => error).length, 1);
});

test("files of a draft from the day before yesterday are gone", () => {
  const ids = ["01a20cc7-4072-7666-80ea-33d26f30fd8a", "019a9668-2900-7084-8b8f-6ffadb1443ab"];
  const now = Number.parseInt("01a20cc74072", 16) + 3_600_000;
  assert.deepEqual(
    stillKept(
      ids.map((id) => attachment("x", id)),
      now,
    ).map(({ id }) => id),
    [ids[0]],
  );
  assert.deepEqual(stillKept(undefined, now), []);
});
