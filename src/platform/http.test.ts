import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { account, asSession, call, foreign, notes, post, server } from "./http-fixture.ts";

describe("who asks", () => {
  test("nobody gets 401, whatever else is wrong", async () => {
    for (const path of [`/companies/${foreign}/notes`, "/companies/none/notes", notes()]) {
      const { status, json, headers } = await post(path, { as: "", raw: "{" });
      assert.equal(status, 401);
      assert.equal(json.code, "unauthenticated");
      assert.match(headers.get("content-type")!, /^application\/problem\+json/);
    }
    assert.equal((await post(notes(), { as: "unknown", body: {} })).status, 401);
    assert.equal((await call(notes() + "/1", { as: "", headers: { cookie: "openbook_session=" } })).status, 401);
    const basic = { authorization: "Basic YTpi", cookie: asSession.headers.cookie };
    assert.equal((await call("/self", { as: "", headers: basic })).status, 401);
  });

  test("a foreign, a missing and an impossible company or child have one body", async () => {
    const bodies = new Set<string>();
    for (const id of [foreign, randomUUID(), "none", "00000000-0000-0000-0000-000000000000"]) {
      const wrong = await post(`/companies/${id}/notes`, { body: { text: 1 } });
      assert.equal(wrong.status, 404);
      bodies.add(wrong.text);
    }
    for (const id of [randomUUID(), "none"]) bodies.add((await call(`${notes()}/${id}`)).text);
    bodies.add((await call("/nothing")).text);
    assert.equal(bodies.size, 1);
  });

  test("403 only for a role or a scope that does not suffice, before the input is looked at", async () => {
    assert.equal((await post(notes(), { as: "auditor", body: { text: 1 } })).json.code, "forbidden");
    assert.equal((await post(notes(), { as: "reader", body: { text: 1 } })).status, 403);
    assert.equal((await call(`${notes()}/${account}`, { as: "reader" })).status, 200);
    assert.equal((await post(`/companies/${foreign}/notes`, { as: "auditor", body: {} })).status, 404);
  });

  test("a change with a cookie must come from our own page; a key may come from anywhere", async () => {
    const origin = (headers: Record<string, string>) =>
      post(notes(), { as: "", body: { text: "a" }, headers: { ...asSession.headers, ...headers } });
    assert.equal((await origin({ "sec-fetch-site": "same-origin" })).status, 201);
    assert.equal((await origin({ origin: server.url })).status, 201);
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: server.url },
      { origin: "https://evil.example" },
      { origin: "null" },
    ] as Record<string, string>[]) {
      const { status, json } = await origin(headers);
      assert.deepEqual([status, json.code], [403, "cross_site_request"]);
    }
    assert.equal(
      (await post(notes(), { body: { text: "a" }, headers: { origin: "https://evil.example" } })).status,
      201,
    );
    const entered = await post("/enter", { as: "", body: { token: "t".repeat(43) }, headers: { origin: "null" } });
    assert.equal(entered.status, 403);
  });

  test("a session's cookie is set and cleared out of scripts' reach", async () => {
    const { headers, json } = await post("/enter", { as: "", body: { token: "t".repeat(43) } });
    assert.equal(
      headers.get("set-cookie"),
      `openbook_session=${"t".repeat(43)}; Path=/; Expires=Fri, 01 Jan 2027 00:00:00 GMT; HttpOnly; SameSite=Lax`,
    );
    assert.equal(json.network, "127.0.0.1");
    const left = await call("/self", { method: "DELETE", ...asSession });
    assert.equal(left.status, 204);
    assert.match(left.headers.get("set-cookie")!, /^openbook_session=; .*1970/);
  });

  test("an account sees itself by its session, never by a company's key", async () => {
    const { json } = await call("/self", asSession);
    assert.deepEqual(json, { id: account, setting: account });
    assert.equal((await call("/self")).status, 401);
  });
});
