import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { openFiles, removeUnfinished } from "./files.ts";

const folder = await mkdtemp(join(tmpdir(), "openbook-files-"));
after(() => rm(folder, { recursive: true, force: true }));
const files = openFiles(folder);
const stored = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile());

test("a file comes back as it went in, under a key that tells nothing", async () => {
  const content = Buffer.from("a call for support".repeat(10_000));
  const { key, size, sha256 } = await files.storeFile(Readable.from([content.subarray(0, 7), content.subarray(7)]), {
    maxBytes: content.length,
  });
  assert.match(key, /^[\w-]{32}$/);
  assert.deepEqual([size, sha256], [content.length, createHash("sha256").update(content).digest()]);
  const opened = await files.openFile(key);
  assert.equal(opened.size, size);
  assert.deepEqual(Buffer.concat(await opened.stream.toArray()), content);
  await files.deleteFile(key);
  await files.deleteFile(key);
  await assert.rejects(files.openFile(key), { code: "not_found" });
});

test("too much, or a stream that breaks off, leaves nothing behind", async () => {
  const before = (await stored()).length;
  const much = Readable.from([Buffer.alloc(10), Buffer.alloc(10)]);
  await assert.rejects(files.storeFile(much, { maxBytes: 19 }), { code: "payload_too_large" });
  async function* breaking() {
    yield Buffer.alloc(10);
    throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
  }
  await assert.rejects(files.storeFile(breaking(), { maxBytes: 100 }), { code: "request_aborted" });
  assert.equal((await stored()).length, before);
});

test("a key of another shape is no way out of the folder", async () => {
  for (const key of ["", "..", "../../etc/passwd", "a".repeat(31), `${"a".repeat(31)}/`, `${"a".repeat(32)}\0`]) {
    assert.throws(() => files.pathOf(key), { code: "not_found" });
    await assert.rejects(files.openFile(key), { code: "not_found" });
  }
});

test("what a crash left half-written goes at the next start, finished files stay", async () => {
  const { key } = await files.storeFile(Readable.from([Buffer.from("kept")]), { maxBytes: 10 });
  await writeFile(`${files.pathOf(key)}.part`, "half");
  assert.equal(await removeUnfinished(folder), 1);
  assert.equal((await files.openFile(key)).size, 4);
  assert.equal(await removeUnfinished(join(folder, "missing")), 0);
});
