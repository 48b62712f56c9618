import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { files, own, post } from "./http-fixture.ts";

describe("uploads", () => {
  const upload = (bytes: number, query = "", as = "owner") =>
    post(`/companies/${own}/files${query}`, { as, raw: "a".repeat(bytes), headers: { "content-type": "text/html" } });

  test("a file arrives under a random key with its digest", async () => {
    const { status, json } = await upload(100_000);
    assert.deepEqual([status, json.size], [201, 100_000]);
    const { stream } = await files.openFile(json.key);
    assert.equal(Buffer.concat(await stream.toArray()).length, 100_000);
  });

  test("packed bytes are not taken for the file itself", async () => {
    const headers = { "content-type": "text/csv", "content-encoding": "gzip" };
    const { status } = await post(`/companies/${own}/files`, { raw: "x", headers });
    assert.equal(status, 415);
  });

  test("too large, not allowed, or refused by the work: nothing stays", async () => {
    assert.equal((await upload(100_001)).status, 413);
    assert.equal((await upload(10, "", "auditor")).status, 403);
    for (const refused of [await upload(10, "?fail=yes"), await upload(13)]) {
      assert.equal(refused.status, 409);
      await assert.rejects(files.openFile(refused.json.detail), { code: "not_found" });
    }
  });
});
