import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, call, lines, notes, own, post, sessionToken } from "./http-fixture.ts";

describe("replies", () => {
  test("a version is an ETag, to be read once and to be changed knowingly", async () => {
    const read = await call(`${notes()}/${account}`);
    assert.equal(read.headers.get("etag"), '"7"');
    assert.equal(read.json.id, "on", "GET runs in a read-only transaction");
    const again = await call(`${notes()}/${account}`, { headers: { "if-none-match": 'W/"7"' } });
    assert.deepEqual([again.status, again.text], [304, ""]);
    const change = (ifMatch: string) =>
      call(`${notes()}/${account}`, { method: "PATCH", body: { text: "b" }, headers: { "if-match": ifMatch } });
    assert.equal((await change('"7"')).headers.get("etag"), '"8"');
    assert.equal((await change("*")).status, 200);
    assert.equal((await change('"6"')).status, 412);
    assert.equal((await change("7; drop")).status, 412);
  });

  test("HEAD is GET without a body; no content is no content", async () => {
    const head = await call(`${notes()}/${account}`, { method: "HEAD" });
    assert.deepEqual([head.status, head.text], [200, ""]);
    assert.equal((await call(`${notes()}/${account}`, { method: "DELETE" })).status, 204);
  });

  test("a reply that says more than its route declares is an error in tests", async () => {
    const { status, text } = await call(`/companies/${own}/liar`);
    assert.equal(status, 500);
    assert.ok(!text.includes("canary"));
  });

  test("what nobody foresaw is a log id to the reader and a place in the log, without content", async () => {
    const { status, json } = await post(`/companies/${own}/broken`, { body: { what: "division" } });
    assert.deepEqual([status, json.code, Object.keys(json).includes("logId")], [500, "internal_error", true]);
    const line = lines.find((line) => line.includes(json.logId) && line.includes("stack"));
    assert.match(line!, /"code":"22012"/);
    assert.match(line!, /http-fixture\.ts/);
  });

  test("what PostgreSQL refuses is the input's fault where it is", async () => {
    const reference = await post(`/companies/${own}/broken`, { body: { what: "reference" } });
    assert.deepEqual([reference.status, reference.json.code], [422, "unknown_reference"]);
    const number = await post(`/companies/${own}/broken`, { body: { what: "number" } });
    assert.deepEqual([number.status, number.json.code], [422, "invalid_input"]);
    assert.equal((await post(notes(), { body: { text: "refused" } })).status, 409);
    assert.ok(!lines.some((line) => line.includes("canary")));
  });

  test("a file is a download, whatever it is", async () => {
    const { headers, text } = await call(`/companies/${own}/download`);
    assert.equal(text, "<script>");
    assert.equal(
      headers.get("content-disposition"),
      "attachment; filename=\"____.html\"; filename*=UTF-8''%C3%A4%22%0D%0A.html",
    );
    assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  });

  test("one line is logged for each request: ids, never a target", async () => {
    await call(`${notes()}/${account}?q=needle`);
    const line = JSON.parse(lines.findLast((line) => line.includes('"request"'))!);
    assert.deepEqual(
      { method: line.method, route: line.route, status: line.status, company: line.company, actor: line.actor },
      { method: "GET", route: "getNote", status: 200, company: own, actor: account },
    );
    assert.ok(!lines.some((line) => line.includes("needle") || line.includes(sessionToken) || line.includes("ob_")));
  });
});
