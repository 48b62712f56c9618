import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { hashPassword, isOutdated, verifyPassword } from "./passwords.ts";

const password = "correct horse battery";

test("a password is known again by its hash, another one is not", async () => {
  const hash = await hashPassword(password);
  assert.match(hash, /^\$argon2id\$v=19\$m=32768,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await verifyPassword(hash, password), true);
  assert.equal(await verifyPassword(hash, `${password} `), false);
  assert.notEqual(await hashPassword(password), hash, "every hash has a salt of its own");
});

test("a password typed with other code points for the same letters is the same", async () => {
  const hash = await hashPassword("Ångström-passwort");
  assert.equal(await verifyPassword(hash, "A\u030angstro\u0308m-passwort"), true);
});

test("without a hash the answer is no, whatever the password, after the same work", async () => {
  assert.equal(await verifyPassword(undefined, ""), false);
  const hash = await hashPassword(password);
  const work = async (of: string | null) => {
    const before = process.cpuUsage();
    assert.equal(await verifyPassword(of, "another password"), false);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const [known, unknown] = [await work(hash), await work(null)];
  // Processor time, not time passed: without the work it is a hundredth.
  assert.ok(unknown > known / 3, `${unknown} µs of work against ${known}`);
});

test("a hash of another cost still works and is known to be outdated", async () => {
  const weak = await hashPassword(password, { memory: 19 * 1024, passes: 2, parallelism: 1 });
  assert.equal(await verifyPassword(weak, password), true);
  assert.equal(isOutdated(weak), true);
  assert.equal(isOutdated(await hashPassword(password)), false);
});

test("the reference implementation's hashes are read (its test vector for Argon2id)", async () => {
  // github.com/P-H-C/phc-winner-argon2, src/test.c: hashtest(version, 2, 16, 1, "password", "somesalt", …)
  const encoded = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  assert.equal(await verifyPassword(encoded, "password"), true);
  assert.equal(await verifyPassword(encoded, "passwore"), false);
});

test("many at once are all answered, and leave the process's other threads (files, names) free meanwhile", async () => {
  let answered = 0;
  const all = Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      await hashPassword(`${password} ${i}`);
      answered++;
    }),
  );
  await stat(import.meta.filename);
  assert.ok(answered <= 2, `a file's turn came after ${answered} passwords`);
  await all;
  assert.equal(answered, 10);
});
