import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { files, filesFolder, key, own, post, released, server } from "./http-fixture.ts";

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

  test("who is refused while still sending reads why, and the connection goes on", async () => {
    const bytes = 20_000_000;
    for (const head of [`Content-Length: ${bytes}`, "Transfer-Encoding: chunked"]) {
      const socket = slowUpload(head);
      const chunk = head.startsWith("T")
        ? `${(1 << 20).toString(16)}\r\n${"a".repeat(1 << 20)}\r\n`
        : "a".repeat(1 << 20);
      let said = "";
      socket.on("data", (data) => (said += String(data)));
      for (let sent = 1; sent < bytes; sent += 1 << 20) {
        const part = head.startsWith("T") ? chunk : chunk.slice(0, bytes - sent);
        if (!socket.write(part)) await once(socket, "drain");
      }
      await eventually(async () => said.startsWith("HTTP/1.1 413"));
      socket.write(`${head.startsWith("T") ? "0\r\n\r\n" : ""}GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      await eventually(async () => said.includes("HTTP/1.1 404"));
      socket.destroy();
    }
  });

  test("one member's uploads wait for each other, and nobody else's: a slow sender cannot fill the disk", async () => {
    const before = (await arriving()).length;
    const slow = Array.from({ length: 9 }, () => slowUpload());
    try {
      await eventually(async () => (await arriving()).length - before === 4);
      assert.equal((await upload(10, "", "other")).status, 201, "another member's goes through");
      assert.equal((await arriving()).length - before, 4);
      slow.slice(0, 4).forEach((one) => one.destroy());
      await eventually(
        async () => slow.slice(4).some((one) => one.bytesWritten > 0) && (await arriving()).length - before === 4,
      );
    } finally {
      slow.forEach((one) => one.destroy());
    }
    await eventually(async () => (await arriving()).length === before);
    assert.equal((await upload(10)).status, 201);
  });

  test("what was looked at before is given up once, and told whether it was used", async () => {
    released.length = 0;
    for (const query of ["", "?fail=yes", "?fail=commit"]) await upload(10, query);
    assert.deepEqual(released, [
      [20, true],
      [20, false],
      [20, true],
    ]);
    await upload(100_001);
    assert.equal(released.length, 3, "what never arrived was never looked at");
  });

  test("whose row may have been written, the connection having gone during its commit, stays", async () => {
    const { status, json } = await upload(10, "?fail=commit");
    assert.equal(status, 503);
    const { stream } = await files.openFile(json.detail);
    stream.destroy();
  });
});

/** Files that are on their way. */
async function arriving(): Promise<string[]> {
  const names = await readdir(filesFolder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(".part"));
}

/** Says that a file follows, and sends the first byte of it. */
function slowUpload(length = "Content-Length: 1000"): Socket {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    `POST /api/v1/companies/${own}/files HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key("owner")}\r\n` +
      `${length}\r\n\r\n${length.startsWith("T") ? "1\r\na\r\n" : "a"}`,
  );
  return socket;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; !(await holds()); i++) {
    if (i === 500) assert.fail("it did not come to it");
    await setTimeout(10);
  }
}
