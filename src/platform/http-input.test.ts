import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { account, call, foreign, key, notes, own, post, server } from "./http-fixture.ts";

describe("input", () => {
  test("fields are named by their path", async () => {
    const { status, json } = await post(notes(), { body: { text: "" } });
    assert.equal(status, 422);
    assert.deepEqual([json.code, Object.keys(json.fields)], ["invalid_input", ["text"]]);
  });

  test("parameters that are wrong, unknown or given twice are refused", async () => {
    for (const query of ["limit=11", "limit=x", "lmit=1", "q=a&q=b", "q=%00", "__proto__=1"]) {
      const { status, json } = await call(`${notes()}/${account}?${query}`);
      assert.deepEqual([status, json.code], [422, "invalid_input"], query);
    }
    assert.equal((await call(`${notes()}/${account}?limit=3`)).json.text, "3");
  });

  test("JSON that is none, too deep, too wide, doubled or reaching into prototypes", async () => {
    const deep = (n: number) => `{"text":"a","nested":${'{"a":'.repeat(n - 1)}1${"}".repeat(n - 1)}}`;
    const wide = (n: number) =>
      JSON.stringify({ text: "a", nested: Object.fromEntries(Array.from({ length: n }, (_, i) => [i, 1])) });
    const cases: [string, number, string?][] = [
      ["{", 400],
      ["", 400],
      ['{"text":"a"', 400],
      ['{"text":"\ud800"}', 201],
      ['{"text":"\\ud800"}', 422],
      ['{"text":"a\\u0000"}', 422],
      ['{"text":"a\u0000"}', 400],
      ['{"text":"a","text":"b"}', 422],
      ['{"text":"a","te\\u0078t":"b"}', 422],
      ['{"text":"a","nested":{"__proto__":{"x":1}}}', 422],
      ['{"text":"a","nested":{"\\u005f_proto__":{"x":1}}}', 422],
      ['{"text":"a","nested":{"constructor":1}}', 422],
      ['{"text":"a","nested":{"a":{"b":1},"b":[{"b":1},{"b":"\\"b\\":"}]}}', 201],
      [deep(20), 201],
      [deep(21), 422],
      [wide(1000), 201],
      [wide(1001), 422],
      ["[".repeat(100_000), 422],
    ];
    for (const [raw, status] of cases) assert.equal((await post(notes(), { raw })).status, status, raw.slice(0, 80));
    assert.equal(({} as { x?: number }).x, undefined);
  });

  test("a form of another site cannot send JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]) {
      const { status } = await post(notes(), { raw: '{"text":"a"}', headers: { "content-type": type } });
      assert.equal(status, 415, type);
    }
    // A body that would have to be unpacked first is none that was counted: refused, and never read as if it were plain.
    for (const encoding of ["gzip", "br", "identity, gzip", "x"]) {
      const packed = await post(notes(), { raw: '{"text":"a"}', headers: { "content-encoding": encoding } });
      assert.deepEqual([packed.status, packed.json.code], [415, "unsupported_media_type"], encoding);
      assert.equal(packed.headers.get("accept-encoding"), "identity");
    }
    assert.equal(
      (await post(notes(), { raw: '{"text":"a"}', headers: { "content-encoding": "identity" } })).status,
      201,
    );
    const charset = { "content-type": "application/json; charset=utf-8" };
    assert.equal((await post(notes(), { raw: '{"text":"a"}', headers: charset })).status, 201);
  });

  test("a body counts by the bytes that arrive, declared or chunked", async () => {
    const large = `{"text":"${"a".repeat(1024 * 1024)}"}`;
    assert.equal((await post(notes(), { raw: large })).status, 413);
    const parts = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 40; i++) controller.enqueue(new TextEncoder().encode(" ".repeat(64 * 1024)));
        controller.close();
      },
    });
    const headers = { authorization: `Bearer ${key("owner")}`, "content-type": "application/json" };
    const sent = { method: "POST", headers, body: parts, duplex: "half" } as RequestInit;
    const response = await fetch(`${server.url}/api/v1${notes()}`, sent);
    assert.equal(response.status, 413);
    assert.equal((await post(`/companies/${foreign}/notes`, { raw: large })).status, 404);
  });

  test("one thing has one address", async () => {
    for (const path of [`/${notes()}`, `${notes()}/`, `/companies/${own}%2fnotes`, `/companies/${own}/x/../notes`]) {
      assert.equal(await rawStatus(`POST /api/v1${path}`), 404, path);
    }
    assert.equal(await rawStatus("POST //api/v1/self"), 404);
    assert.equal(await rawStatus("GET /api/v1/self", "Host: a b"), 400);
  });

  test("another method is named, and no other origin is ever let in", async () => {
    const { status, headers } = await call(notes(), { method: "PUT" });
    assert.deepEqual([status, headers.get("allow")], [405, "POST"]);
    const preflight = await call(notes(), { method: "OPTIONS", headers: { origin: "https://evil.example" } });
    assert.equal(preflight.status, 405);
    assert.ok(![...preflight.headers.keys()].some((name) => name.startsWith("access-control-")));
  });
});

/** The status line's number for a request written by hand: fetch would tidy the target up. */
function rawStatus(line: string, host = "Host: localhost"): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1");
    const authorization = `Authorization: Bearer ${key("owner")}`;
    socket.write(`${line} HTTP/1.1\r\n${host}\r\n${authorization}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    socket.once("data", (data) => resolve(Number(String(data).slice(9, 12)))).once("error", reject);
    socket.once("close", () => reject(new Error(`${line}: closed without a reply`)));
  });
}
