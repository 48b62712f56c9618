import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { AppError } from "../errors.ts";
import { writeWholeFile } from "../platform/whole-file.ts";
import { dataFrame, noteFrame, openArchive, pack } from "./archive.ts";
import { noSmallDisk, smallDisk } from "./fixture.ts";
import { headerBytes, newKey, type KeyCost } from "./sealed-header.ts";

const folder = await mkdtemp(join(tmpdir(), "openbook-archive-"));
after(() => rm(folder, { recursive: true, force: true }));

const passphrase = "quiet harbour rope seven";
/** The least that is accepted: what is tried here a hundred times is not the key. */
const cheap: KeyCost = { memory: 19 * 1024, passes: 1, lanes: 1 };
const small = 4096;
let files = 0;
const fresh = () => join(folder, `a${files++}.backup`);
const anyNote = (json: unknown) => json as Record<string, unknown>;

/** Some 30 KB that cannot be compressed: seven chunks. */
const content = randomBytes(27_000);
async function* frames() {
  yield noteFrame({ note: "first", text: "Grüße, 你好" });
  for (let at = 0; at < content.length; at += 5000) yield dataFrame(content.subarray(at, at + 5000));
  yield noteFrame({ note: "last" });
}

async function write(path = fresh(), secret = passphrase): Promise<string> {
  await writeWholeFile(path, pack(frames(), await newKey(secret, cheap, small)));
  return path;
}

async function read(path: string, secret = passphrase): Promise<{ notes: object[]; data: Buffer }> {
  const archive = await openArchive(path, secret, anyNote);
  try {
    const notes: object[] = [];
    const data: Buffer[] = [];
    for await (const frame of archive.frames()) {
      if ("note" in frame) notes.push(frame.note);
      else data.push(Buffer.from(frame.data));
    }
    return { notes, data: Buffer.concat(data) };
  } finally {
    await archive.close();
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return "accepted";
}

async function changed(bytes: Buffer): Promise<string> {
  const path = fresh();
  await writeFile(path, bytes);
  return path;
}

describe("a sealed archive", () => {
  test("gives back what went in, and shows nothing of it", async () => {
    const path = await write();
    const { notes, data } = await read(path);
    assert.deepEqual(notes, [{ note: "first", text: "Grüße, 你好" }, { note: "last" }]);
    assert.deepEqual(data, content);
    const bytes = await readFile(path);
    assert.equal(bytes.indexOf(content.subarray(100, 116)), -1);
    assert.equal(bytes.indexOf("first"), -1);
  });

  test("the same content under the same passphrase is another file each time", async () => {
    const [one, other] = await Promise.all([write(), write()]);
    const [a, b] = await Promise.all([readFile(one), readFile(other)]);
    assert.notDeepEqual(a.subarray(headerBytes, headerBytes + 64), b.subarray(headerBytes, headerBytes + 64));
  });

  test("a bit flipped at any of a hundred places is always detected", async () => {
    const bytes = await readFile(await write());
    const places = Array.from({ length: 100 }, () => randomInt(bytes.length * 8));
    for (const place of places) {
      const flipped = Buffer.from(bytes);
      flipped[place >> 3]! ^= 1 << (place & 7);
      const code = await codeOf(read(await changed(flipped)));
      assert.match(code, /^(backup_damaged|not_a_backup)$/, `bit ${place}`);
    }
  });

  test("each bit of the header is bound", async () => {
    const bytes = await readFile(await write());
    for (let place = 0; place < headerBytes * 8; place += 5) {
      const flipped = Buffer.from(bytes);
      flipped[place >> 3]! ^= 1 << (place & 7);
      const code = await codeOf(read(await changed(flipped)));
      assert.equal(code, place < 128 ? "not_a_backup" : "backup_damaged", `bit ${place}`);
    }
  });

  test("cut anywhere it is refused; at the end of a chunk it is told as cut", async () => {
    const bytes = await readFile(await write());
    const chunk = small + 16;
    const ends = [0, 1, 127, 128, 129, 128 + 15, 128 + 16, 128 + chunk, 128 + 2 * chunk, bytes.length - 1];
    for (const end of [...ends, ...Array.from({ length: 20 }, () => randomInt(bytes.length))]) {
      const code = await codeOf(read(await changed(bytes.subarray(0, end))));
      assert.equal(code, end < headerBytes ? "not_a_backup" : "backup_damaged", `cut at ${end}`);
    }
    const cut = read(await changed(bytes.subarray(0, 128 + 2 * chunk)));
    await assert.rejects(cut, /was cut short: it ends after \d+ bytes/);
  });

  test("chunks that are swapped, repeated, left out, added or taken from another file are refused", async () => {
    const [bytes, other] = [await readFile(await write()), await readFile(await write())];
    const size = small + 16;
    const head = bytes.subarray(0, headerBytes);
    const part = (n: number, from = bytes) => from.subarray(headerBytes + n * size, headerBytes + (n + 1) * size);
    const rest = (n: number) => bytes.subarray(headerBytes + n * size);
    const forged: Record<string, Buffer[]> = {
      swapped: [head, part(1), part(0), rest(2)],
      repeated: [head, part(0), part(0), rest(1)],
      "left out": [head, part(0), rest(2)],
      "the last repeated": [bytes, rest(6)],
      "bytes added": [bytes, Buffer.from("x")],
      "a chunk added": [bytes, part(0)],
      "of another file": [head, part(0, other), rest(1)],
      "under another header": [other.subarray(0, headerBytes), rest(0)],
    };
    assert.equal(part(6).length < size, true, "seven chunks, the last a short one");
    for (const [how, parts] of Object.entries(forged)) {
      assert.equal(await codeOf(read(await changed(Buffer.concat(parts)))), "backup_damaged", how);
    }
  });

  test("a wrong passphrase is told as such, and one typed on another keyboard is right", async () => {
    const path = await write(fresh(), "Schlüssel am Haken");
    assert.equal(await codeOf(read(path, "Schlüssel an Haken")), "wrong_passphrase");
    assert.equal((await read(path, "Schlu\u0308ssel am Haken")).notes.length, 2);
  });

  test("another version, and costs out of bounds, are refused before anything is computed", async () => {
    const { createHash } = await import("node:crypto");
    const bytes = await readFile(await write());
    const values: [at: number, bytes: number, value: number][] = [
      [16, 2, 2],
      [20, 1, 2],
      [21, 1, 2],
      [24, 4, 0xffff_ffff],
      [24, 4, 1024],
      [28, 4, 1000],
      [32, 4, 200],
      [36, 4, 0],
      [36, 4, 0x7fff_ffff],
    ];
    for (const [at, length, value] of values) {
      const forged = Buffer.from(bytes);
      forged.writeUIntBE(value, at, length);
      createHash("sha256").update(forged.subarray(0, 96)).digest().copy(forged, 96);
      assert.equal(await codeOf(read(await changed(forged))), "backup_format_unknown", `${value} at ${at}`);
    }
    const weaker = Buffer.from(bytes);
    weaker.writeUInt32BE(3, 28);
    createHash("sha256").update(weaker.subarray(0, 96)).digest().copy(weaker, 96);
    assert.equal(await codeOf(read(await changed(weaker))), "wrong_passphrase", "the cost is part of the key");
  });

  test("something else, a folder and nothing at all", async () => {
    assert.equal(await codeOf(read(await changed(Buffer.alloc(5000, "PK")))), "not_a_backup");
    assert.equal(await codeOf(read(folder)), "file_not_readable");
    assert.equal(await codeOf(read(join(folder, "none"))), "file_not_readable");
  });

  test("an empty stream", async () => {
    const path = fresh();
    await writeWholeFile(path, pack((async function* () {})(), await newKey(passphrase, cheap, small)));
    assert.deepEqual((await read(path)).notes, []);
  });
});

describe("a file that is whole or not there", () => {
  const parts = () => readdir(folder).then((names) => names.filter((name) => name.endsWith(".part")));

  test("an error while it is made leaves nothing", async () => {
    const path = fresh();
    async function* failing() {
      yield Buffer.from("begun");
      throw new AppError("database_unavailable", "gone");
    }
    assert.equal(await codeOf(writeWholeFile(path, failing())), "database_unavailable");
    assert.equal(await codeOf(writeWholeFile(path, pack(failing(), await newKey("x", cheap)))), "database_unavailable");
    assert.deepEqual(await parts(), []);
    assert.equal(await codeOf(read(path)), "file_not_readable");
  });

  test(
    "a disk that is full keeps nothing of it, and takes a smaller one after that",
    { skip: noSmallDisk },
    async () => {
      const disk = smallDisk(folder, "16k");
      try {
        const full = writeWholeFile(
          join(disk.folder, "a.backup"),
          pack(frames(), await newKey(passphrase, cheap, small)),
        );
        assert.equal(await codeOf(full), "storage_full");
        assert.deepEqual(await readdir(disk.folder), []);
        const few = (async function* () {
          yield Buffer.from("a few bytes");
        })();
        assert.equal(await writeWholeFile(join(disk.folder, "b"), few), 11);
      } finally {
        disk.remove();
      }
    },
  );

  test("somebody's signal ends it", async () => {
    const controller = new AbortController();
    async function* endless() {
      for (;;) {
        yield Buffer.from("more");
        controller.abort(new AppError("interrupted", "stopped"));
      }
    }
    assert.equal(await codeOf(writeWholeFile(fresh(), endless(), controller.signal)), "interrupted");
    assert.deepEqual(await parts(), []);
  });

  test("what is there is never replaced, not even by one that came meanwhile", async () => {
    const path = await changed(Buffer.from("old"));
    assert.equal(await codeOf(write(path)), "file_exists");
    const raced = fresh();
    async function* slow() {
      await writeFile(raced, "faster");
      yield Buffer.from("slower");
    }
    assert.equal(await codeOf(writeWholeFile(raced, slow())), "file_exists");
    assert.equal(await readFile(raced, "utf8"), "faster");
    assert.equal(await readFile(path, "utf8"), "old");
  });
});
