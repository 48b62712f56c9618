import assert from "node:assert/strict";
import { test } from "node:test";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { canonical, contentDigest, digestOfCanonical, hashOfOwn, headerHash, newSalt, type Header } from "./chain.ts";

const id = fc.uuid();
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const time = fc.integer({ min: 0, max: 253_402_300_799_999 });
const header: fc.Arbitrary<Header> = fc.record({
  company: id,
  request: id,
  seq: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  kind: fc.constantFrom("reported", "closed", "closing_announced"),
  happenedAt: time,
  recordedAt: time,
  actor: fc.string({ unit: "grapheme" }),
  audience: fc.constantFrom("everyone", "company", "supplier"),
  supplier: fc.option(id),
  contentDigest: digest,
  previousHash: fc.option(digest),
});

test("an own header's hash, made the short way, is the hash of its canonical form", () => {
  fc.assert(fc.property(header, (own) => assert.equal(hashOfOwn(own), headerHash(own).toString("hex"))));
});

test("an actor that has no canonical form is refused", () => {
  const [own] = fc.sample(header, 1);
  assert.throws(() => hashOfOwn({ ...own!, actor: "import:\ud800" }));
  assert.throws(() => headerHash({ ...own!, actor: "import:\ud800" }));
});

test("the digest of a text made canonical before is the digest of its content, however long", () => {
  const content = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ stringUnit: "grapheme" }));
  fc.assert(
    fc.property(content, fc.integer({ min: 0, max: 2 }), (given, size) => {
      const whole = { ...given, filler: "€".repeat(size * 20_000) };
      const salt = newSalt();
      assert.equal(digestOfCanonical(salt, canonical(whole)), contentDigest(salt, whole).toString("hex"));
      assert.equal(canonical(whole), canonicalize(whole));
    }),
  );
});
