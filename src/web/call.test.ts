import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import type { AddressInfo } from "node:net";
import { addEntry } from "../requests/contract-acts.ts";
import { createRequest, listRequests } from "../requests/contract.ts";
import { address, call, CallError, randomKey } from "./call.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let answers: Answer[] = [];
let seen: IncomingMessage[] = [];
const company = "019a9668-2900-73f2-a8de-ad7d04667185";
const real = globalThis.fetch;

const server = createServer((request, response) => {
  seen.push(request);
  request.resume();
  request.on("end", () => (answers.shift() ?? json(200, { items: [] }))(request, response));
});
const json =
  (status: number, body: unknown): Answer =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/problem+json" });
    response.end(JSON.stringify(body));
  };

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // The browser resolves addresses against its page; here the server's own stands for it.
  globalThis.fetch = (input, init) => real(`http://127.0.0.1:${port}${String(input)}`, init);
});
after(() => {
  globalThis.fetch = real;
  server.close();
});
beforeEach(() => {
  answers = [];
  seen = [];
});

test("parameters are escaped, empty parts of a query are left out", () => {
  const at = address(listRequests, { params: { company: "a/b" }, query: { q: "#12 & more", category: "" } });
  assert.equal(at, "/api/v1/companies/a%2Fb/requests?q=%2312+%26+more");
});

test("a POST that may be repeated keeps its key when the server is away for a moment", async () => {
  answers = [json(503, {}), (_, response) => response.destroy(), json(201, { id: "x" })];
  const reply = await call(createRequest, { params: { company }, body: { subject: "Printer" } });
  assert.equal((reply as { id: string }).id, "x");
  const keys = new Set(seen.map((request) => request.headers["idempotency-key"]));
  assert.equal(seen.length, 3);
  assert.equal(keys.size, 1);
  assert.match([...keys][0] as string, /^[0-9a-f-]{36}$/);
});

test("what the server refuses is said once, with its code, its words and the fields", async () => {
  const problem = { code: "precondition_failed", detail: "It moved on.", fields: { text: "Say more." }, status: 412 };
  answers = [json(412, problem)];
  const attempt = call(
    addEntry,
    { params: { company, request: company }, body: { kind: "message", text: "Hello" } },
    { ifMatch: 7, idempotencyKey: "kept" },
  );
  await assert.rejects(attempt, (error: CallError) => {
    assert.equal(error.status, 412);
    assert.equal(error.detail, "It moved on.");
    assert.deepEqual(error.fields, { text: "Say more." });
    return error instanceof CallError && error.code === "precondition_failed";
  });
  assert.equal(seen.length, 1);
  assert.equal(seen[0]!.headers["if-match"], '"7"');
  assert.equal(seen[0]!.headers["idempotency-key"], "kept");
});

test("an answer that is no Problem is still an error with its status", async () => {
  answers = [
    (_, response) => {
      response.writeHead(418).end("<html>");
    },
  ];
  await assert.rejects(call(listRequests, { params: { company } }), { status: 418, code: "http_418" });
});

test("a stopped call throws what stopped it and is not tried again", async () => {
  const stop = new AbortController();
  answers = [() => stop.abort(new Error("left the page"))];
  await assert.rejects(call(listRequests, { params: { company } }, { signal: stop.signal }), /left the page/);
  assert.equal(seen.length, 1);
});

test("keys are UUIDs also where crypto.randomUUID is missing", () => {
  const { randomUUID } = crypto;
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  try {
    assert.match(randomKey(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  } finally {
    Object.defineProperty(crypto, "randomUUID", { value: randomUUID, configurable: true });
  }
});
